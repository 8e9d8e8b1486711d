import type { Range } from '../../base/text/range';

/** What keeps a JMESPath expression from being read; `found` is empty at its end. */
export interface JmesPathProblem {
  readonly range: Range;
  readonly found: string;
}

/** A call of a function in an expression. */
export interface JmesPathCall {
  readonly name: string;
  readonly range: Range;
}

interface Token extends Range {
  readonly is: 'name' | 'text' | 'number' | 'sign' | 'end';
  readonly text: string;
}

const patterns: readonly (readonly [Token['is'], RegExp])[] = [
  ['name', /[A-Za-z_][A-Za-z0-9_]*|"(?:[^"\\]|\\.)*"|\$[A-Za-z_][A-Za-z0-9_]*/y],
  ['text', /'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/y],
  ['number', /\d+(?:\.\d+)?/y],
  ['sign', /\[\]|\[\?|&&|\|\||==|!=|<=|>=|\/\/|[.*@&|()[\]{},:?!<>=+\-/%$×÷−]/y],
];

/** How tightly an operator binds what stands in front of it; as in the grammar of jmespath-community, which Kyverno is built with. */
const power: Readonly<Record<string, number>> = {
  '|': 1,
  '?': 1.5,
  '||': 2,
  '&&': 3,
  '==': 5,
  '!=': 5,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  '+': 6,
  '-': 6,
  '−': 6,
  '/': 7,
  '//': 7,
  '%': 7,
  '×': 7,
  '÷': 7,
  '*': 7,
  '[]': 9,
  '[?': 21,
  '.': 40,
  '[': 55,
  '(': 60,
};

/** Nobody nests deeper, and each level costs frames of the stack. */
const deepest = 60;

class Stop extends Error {
  constructor(readonly problem: JmesPathProblem | null) {
    super('stopped');
  }
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    if (' \t\r\n'.includes(text[at]!)) {
      at++;
      continue;
    }
    const start = at;
    for (const [is, pattern] of patterns) {
      pattern.lastIndex = at;
      const found = pattern.exec(text)?.[0];
      if (found === undefined) continue;
      tokens.push({ is, text: found, start, end: (at += found.length) });
      break;
    }
    if (at === start) throw new Stop({ range: { start, end: start + 1 }, found: text[start]! });
  }
  return [...tokens, { is: 'end', text: '', start: text.length, end: text.length }];
}

/** A node of a JMESPath expression. `of` is what it is asked of. */
export type JmesPath =
  | { readonly is: 'current' | 'root' }
  | { readonly is: 'literal'; readonly text: string }
  | { readonly is: 'field'; readonly of: JmesPath; readonly name: string }
  | { readonly is: 'index'; readonly of: JmesPath; readonly at: number }
  | { readonly is: 'slice'; readonly of: JmesPath; readonly parts: readonly (number | null)[]; readonly then: JmesPath }
  /** For each item of a list, or each value of a map; `test`: of those that pass. */
  | {
      readonly is: 'each';
      readonly over: 'items' | 'values';
      readonly of: JmesPath;
      readonly test: JmesPath | null;
      readonly then: JmesPath;
    }
  | { readonly is: 'flatten'; readonly of: JmesPath; readonly then: JmesPath }
  | { readonly is: 'list'; readonly of: JmesPath; readonly items: readonly JmesPath[] }
  | { readonly is: 'map'; readonly of: JmesPath; readonly entries: readonly (readonly [string, JmesPath])[] }
  | { readonly is: 'operator'; readonly operator: string; readonly left: JmesPath; readonly right: JmesPath }
  | { readonly is: 'not' | 'minus' | 'expression'; readonly of: JmesPath }
  | { readonly is: 'choice'; readonly condition: JmesPath; readonly then: JmesPath; readonly otherwise: JmesPath }
  | { readonly is: 'call'; readonly of: JmesPath; readonly name: string; readonly args: readonly JmesPath[] }
  /** What nothing evaluates: `let`, a name with a dollar. */
  | { readonly is: 'other'; readonly what: string };

/** An expression as it is read: `tree` is `null` where there is a problem, or where it nests too deep for anybody to say. */
export interface ParsedJmesPath {
  readonly tree: JmesPath | null;
  readonly calls: readonly JmesPathCall[];
  readonly problem: JmesPathProblem | null;
}

/** Reads a JMESPath expression (jmespath.org, with arithmetic and `let`). Never throws. */
export function parseJmesPath(text: string): ParsedJmesPath {
  const calls: JmesPathCall[] = [];
  try {
    const tree = new Parser(tokensOf(text), calls).whole();
    return { tree, calls, problem: null };
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop;
    return { tree: null, calls: [], problem: stop.problem };
  }
}

const current: JmesPath = { is: 'current' };

/** The text of a name, without quotes. */
function nameOf(token: string): string {
  if (!token.startsWith('"')) return token;
  try {
    return String(JSON.parse(token));
  } catch {
    return token.slice(1, -1);
  }
}

class Parser {
  private at = 0;
  private depth = 0;
  /** Whether what was read last may be many: then a list of expressions may follow in brackets, for each. */
  private isMany = false;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly calls: JmesPathCall[],
  ) {}

  whole(): JmesPath {
    const tree = this.expression(0);
    if (this.now.is !== 'end') this.fail();
    return tree;
  }

  private get now(): Token {
    return this.tokens[this.at]!;
  }

  private fail(): never {
    const { start, end, text } = this.now;
    throw new Stop({ range: { start, end }, found: text });
  }

  private take(sign: string): boolean {
    if (this.now.is !== 'sign' || this.now.text !== sign) return false;
    this.at++;
    return true;
  }

  private expect(sign: string): void {
    if (!this.take(sign)) this.fail();
  }

  private expression(least: number): JmesPath {
    return this.within(() => this.goOn(this.prefix(), least));
  }

  private within<T>(read: () => T): T {
    if (++this.depth > deepest) throw new Stop(null);
    const value = read();
    this.depth--;
    return value;
  }

  /** What follows an expression, as far as it binds more tightly than `least`. */
  private goOn(start: JmesPath, least: number): JmesPath {
    let left = start;
    while (this.now.is === 'sign' && (power[this.now.text] ?? 0) > least) left = this.infix(left);
    return left;
  }

  /** What is asked of each of many: up to what looks at all of them again. */
  private forEach(): JmesPath {
    this.isMany = true;
    return this.within(() => this.goOn(current, 9));
  }

  private each(of: JmesPath, over: 'items' | 'values', test: JmesPath | null = null): JmesPath {
    const then = this.forEach();
    return { is: 'each', over, of, test, then };
  }

  private prefix(): JmesPath {
    const token = this.now;
    this.isMany = false;
    this.at++;
    if (token.is === 'name') {
      if (token.text === 'let' && this.now.text.startsWith('$')) return this.bindings();
      if (token.text.startsWith('$')) return { is: 'other', what: token.text };
      if (this.now.text === '(' && this.now.is === 'sign' && !token.text.startsWith('"')) return this.arguments(current, token);
      return { is: 'field', of: current, name: nameOf(token.text) };
    }
    if (token.is === 'text' || token.is === 'number') return { is: 'literal', text: token.text };
    switch (token.is === 'sign' ? token.text : '') {
      case '@':
        return current;
      case '$':
        return { is: 'root' };
      case '*':
        return this.each(current, 'values');
      case '[]':
        return { is: 'flatten', of: current, then: this.forEach() };
      case '-':
      case '−':
        return { is: 'minus', of: this.expression(8) };
      case '+':
        return this.expression(8);
      case '!':
        return { is: 'not', of: this.expression(45) };
      case '&':
        return { is: 'expression', of: this.expression(0) };
      case '(': {
        const inner = this.expression(0);
        this.expect(')');
        return inner;
      }
      case '{':
        return this.hash(current);
      case '[?':
        return this.filter(current);
      case '[':
        return this.bracket(current, true);
      default:
        this.at--;
        return this.fail();
    }
  }

  private infix(left: JmesPath): JmesPath {
    const { text } = this.now;
    const wasMany = this.isMany;
    this.isMany = false;
    this.at++;
    switch (text) {
      case '.':
        return this.member(left);
      case '[':
        return this.bracket(left, wasMany);
      case '[]':
        return { is: 'flatten', of: left, then: this.forEach() };
      case '[?':
        return this.filter(left);
      case '?': {
        const then = this.expression(1.5);
        this.expect(':');
        return { is: 'choice', condition: left, then, otherwise: this.expression(1) };
      }
      case '(':
        this.at--;
        return this.fail();
      default:
        return { is: 'operator', operator: text, left, right: this.expression(power[text]!) };
    }
  }

  /** What is after a dot. */
  private member(of: JmesPath): JmesPath {
    if (this.take('*')) return this.each(of, 'values');
    if (this.take('[')) return this.bracket(of, true);
    if (this.take('{')) return this.hash(of);
    const token = this.now;
    if (token.is !== 'name') return this.fail();
    this.at++;
    if (this.now.text === '(' && this.now.is === 'sign' && !token.text.startsWith('"')) return this.arguments(of, token);
    return token.text.startsWith('$') ? { is: 'other', what: token.text } : { is: 'field', of, name: nameOf(token.text) };
  }

  private filter(of: JmesPath): JmesPath {
    const test = this.expression(0);
    this.expect(']');
    return this.each(of, 'items', test);
  }

  private arguments(of: JmesPath, name: Token): JmesPath {
    this.calls.push({ name: name.text, range: name });
    this.expect('(');
    const args: JmesPath[] = [];
    if (!this.take(')')) {
      do args.push(this.expression(0));
      while (this.take(','));
      this.expect(')');
    }
    return { is: 'call', of, name: name.text, args };
  }

  /** `$a = b, $c = d in e`, behind `let`. */
  private bindings(): JmesPath {
    do {
      this.at++;
      this.expect('=');
      this.expression(0);
    } while (this.take(','));
    if (this.now.text !== 'in') this.fail();
    this.at++;
    this.expression(0);
    return { is: 'other', what: 'let' };
  }

  /** What stands in brackets: an index, a slice, `*`, or a list of expressions where one may be. */
  private bracket(of: JmesPath, mayList: boolean): JmesPath {
    const signs = this.now;
    const next = this.tokens[this.at + 1];
    if (signs.text === '*' && next?.text === ']') {
      this.at += 2;
      return this.each(of, 'items');
    }
    if (signs.is === 'number' || signs.text === ':' || ((signs.text === '-' || signs.text === '−') && next?.is === 'number')) {
      let text = '';
      for (; this.now.is === 'number' || [':', '-', '−'].includes(this.now.text); this.at++) text += this.now.text.replace('−', '-');
      this.expect(']');
      this.isMany = true;
      if (!text.includes(':')) return { is: 'index', of, at: Number(text) };
      return { is: 'slice', of, parts: text.split(':').map(part => (part === '' ? null : Number(part))), then: this.forEach() };
    }
    if (!mayList) this.fail();
    const items: JmesPath[] = [];
    do items.push(this.expression(0));
    while (this.take(','));
    this.expect(']');
    this.isMany = false;
    return { is: 'list', of, items };
  }

  private hash(of: JmesPath): JmesPath {
    const entries: (readonly [string, JmesPath])[] = [];
    do {
      if (this.now.is !== 'name' && this.now.is !== 'text') this.fail();
      const { text } = this.now;
      this.at++;
      this.expect(':');
      entries.push([nameOf(text), this.expression(0)]);
    } while (this.take(','));
    this.expect('}');
    this.isMany = false;
    return { is: 'map', of, entries };
  }
}

/** A `{{ }}` of Kyverno within a text: what stands in it, with those that it holds masked at equal length. */
export interface Variable {
  readonly text: string;
  /** Of what stands in the braces. */
  readonly range: Range;
}

/** The variables of a text, inner ones first, and where one begins that does not end; none where they nest deeper than anybody writes. `\{{` is text. Linear. */
export function variablesIn(text: string): {
  readonly variables: readonly Variable[];
  readonly open: number | null;
  readonly isDeep: boolean;
} {
  const variables: Variable[] = [];
  const opened: { at: number; single: boolean }[] = [];
  const chars = text.split('');
  for (let at = 0; at < chars.length; at++) {
    const isDouble = chars[at] === chars[at + 1];
    if (chars[at] === '{') {
      if (isDouble && text[at - 1] !== '\\') opened.push({ at: at++, single: false });
      else if (opened.length > 0) opened.push({ at, single: true });
      // what is inside is read again for each
      if (opened.length > deepest) return { variables: [], open: null, isDeep: true };
    } else if (chars[at] === '}' && opened.length > 0) {
      const last = opened.at(-1)!;
      if (last.single) opened.pop();
      else if (isDouble) {
        opened.pop();
        const start = last.at + 2;
        variables.push({ text: chars.slice(start, at).join(''), range: { start, end: at } });
        // an index where one may stand, else a name
        const mask = chars[last.at - 1] === '[' ? '1' : 'x';
        for (let i = last.at; i < at + 2; i++) chars[i] = mask;
        at++;
      }
    }
  }
  return { variables, open: opened.find(({ single }) => !single)?.at ?? null, isDeep: false };
}
