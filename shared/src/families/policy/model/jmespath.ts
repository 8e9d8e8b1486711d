import type { Range } from '../../../base/text/range';

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

/** Reads a JMESPath expression (jmespath.org, with arithmetic and `let`). Never throws: it has calls, or a problem; one that nests too deep has neither. */
export function parseJmesPath(text: string): { readonly calls: readonly JmesPathCall[]; readonly problem: JmesPathProblem | null } {
  const calls: JmesPathCall[] = [];
  try {
    new Parser(tokensOf(text), calls).whole();
    return { calls, problem: null };
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop;
    return { calls: [], problem: stop.problem };
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

  whole(): void {
    this.expression(0);
    if (this.now.is !== 'end') this.fail();
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

  private expression(least: number): void {
    if (++this.depth > deepest) throw new Stop(null);
    this.prefix();
    while (this.now.is === 'sign' && (power[this.now.text] ?? 0) > least) this.infix();
    this.depth--;
  }

  private prefix(): void {
    const token = this.now;
    this.isMany = false;
    this.at++;
    if (token.is === 'name') {
      if (token.text === 'let' && this.now.text.startsWith('$')) return this.bindings();
      if (this.now.text === '(' && this.now.is === 'sign' && !token.text.startsWith('"')) this.arguments(token);
      return;
    }
    if (token.is === 'text' || token.is === 'number') return;
    switch (token.is === 'sign' ? token.text : '') {
      case '@':
      case '$':
        return;
      case '*':
      case '[]':
        return this.many();
      case '-':
      case '−':
      case '+':
        return this.expression(8);
      case '!':
        return this.expression(45);
      case '&':
        return this.expression(0);
      case '(':
        this.expression(0);
        return this.expect(')');
      case '{':
        return this.hash();
      case '[?':
        return this.filter();
      case '[':
        return this.bracket(true);
      default:
        this.at--;
        this.fail();
    }
  }

  private infix(): void {
    const { text } = this.now;
    const wasMany = this.isMany;
    this.isMany = false;
    this.at++;
    switch (text) {
      case '.':
        if (this.take('*')) return this.many();
        if (this.take('[')) return this.bracket(true);
        if (this.take('{')) return this.hash();
        return this.now.is === 'name' ? this.prefix() : this.fail();
      case '[':
        return this.bracket(wasMany);
      case '[]':
        return this.many();
      case '[?':
        return this.filter();
      case '?':
        this.expression(1.5);
        this.expect(':');
        return this.expression(1);
      case '(':
        this.at--;
        return this.fail();
      default:
        return this.expression(power[text]!);
    }
  }

  private many(): void {
    this.isMany = true;
  }

  private filter(): void {
    this.expression(0);
    this.expect(']');
    this.many();
  }

  private arguments(name: Token): void {
    this.calls.push({ name: name.text, range: name });
    this.expect('(');
    if (this.take(')')) return;
    do this.expression(0);
    while (this.take(','));
    this.expect(')');
  }

  /** `$a = b, $c = d in e`, behind `let`. */
  private bindings(): void {
    do {
      this.at++;
      this.expect('=');
      this.expression(0);
    } while (this.take(','));
    if (this.now.text !== 'in') this.fail();
    this.at++;
    this.expression(0);
  }

  /** What stands in brackets: an index, a slice, `*`, or a list of expressions where one may be. */
  private bracket(mayList: boolean): void {
    const signs = this.now;
    const next = this.tokens[this.at + 1];
    if (signs.text === '*' && next?.text === ']') {
      this.at += 2;
      return this.many();
    }
    if (signs.is === 'number' || signs.text === ':' || ((signs.text === '-' || signs.text === '−') && next?.is === 'number')) {
      while (this.now.is === 'number' || this.now.text === ':' || this.now.text === '-' || this.now.text === '−') this.at++;
      this.expect(']');
      return this.many();
    }
    if (!mayList) this.fail();
    do this.expression(0);
    while (this.take(','));
    this.expect(']');
    this.isMany = false;
  }

  private hash(): void {
    do {
      if (this.now.is !== 'name' && this.now.is !== 'text') this.fail();
      this.at++;
      this.expect(':');
      this.expression(0);
    } while (this.take(','));
    this.expect('}');
    this.isMany = false;
  }
}

/** A `{{ }}` of Kyverno within a text: what stands in it, with those that it holds masked at equal length. */
export interface Variable {
  readonly text: string;
  /** Of what stands in the braces. */
  readonly range: Range;
}

/** The variables of a text, inner ones first, and where one begins that does not end. `\{{` is text. Linear. */
export function variablesIn(text: string): { readonly variables: readonly Variable[]; readonly open: number | null } {
  const variables: Variable[] = [];
  const opened: { at: number; single: boolean }[] = [];
  const chars = text.split('');
  for (let at = 0; at < chars.length; at++) {
    const isDouble = chars[at] === chars[at + 1];
    if (chars[at] === '{') {
      if (isDouble && text[at - 1] !== '\\') opened.push({ at: at++, single: false });
      else if (opened.length > 0) opened.push({ at, single: true });
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
  return { variables, open: opened.find(({ single }) => !single)?.at ?? null };
}
