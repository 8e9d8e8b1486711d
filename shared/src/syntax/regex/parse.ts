import { keeping } from '../../base/text/automaton';

/** Whether a character may be here; `at` and `text` are asked by what takes none, such as `^` and `\b`. */
type Takes = (code: number) => boolean;

/** A step of a program: reads a character, forks (the first way is preferred), notes a place, or asks about the place. */
export type Step =
  | { readonly is: 'take'; readonly takes: Takes }
  | { readonly is: 'fork'; to: number; or: number }
  | { readonly is: 'note'; readonly slot: number }
  | { readonly is: 'ask'; readonly what: 'start' | 'end' | 'line-start' | 'line-end' | 'word' | 'not-word' }
  | { readonly is: 'done' };

/** A regular expression of RE2 as a program. `groups`: how many there are, and the names of those that have one. */
export interface Program {
  readonly steps: readonly Step[];
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
}

type Node =
  | { readonly is: 'take'; readonly takes: Takes }
  | { readonly is: 'ask'; readonly what: Extract<Step, { is: 'ask' }>['what'] }
  | { readonly is: 'all'; readonly of: readonly Node[] }
  | { readonly is: 'any'; readonly of: readonly Node[] }
  | { readonly is: 'group'; readonly of: Node; readonly index: number }
  | { readonly is: 'repeat'; readonly of: Node; readonly least: number; readonly most: number; readonly lazy: boolean };

/** RE2 repeats no more often. */
const mostRepeats = 1000;
/** A repetition is written out: more steps than these are refused, as RE2 refuses programs that are too large. */
const mostSteps = 20_000;
const deepest = 60;

class Unreadable extends Error {}

const range =
  (low: number, high: number): Takes =>
  code =>
    low <= code && code <= high;
const either =
  (...all: readonly Takes[]): Takes =>
  code =>
    all.some(takes => takes(code));
const not =
  (takes: Takes): Takes =>
  code =>
    !takes(code);

const digit = range(48, 57);
const lower = range(97, 122);
const upper = range(65, 90);
const one =
  (text: string): Takes =>
  code =>
    text.includes(String.fromCodePoint(code));
const space = one('\t\n\f\r ');
const word = either(digit, lower, upper, one('_'));

const named: Readonly<Record<string, Takes>> = {
  alnum: either(digit, lower, upper),
  alpha: either(lower, upper),
  ascii: range(0, 127),
  blank: one('\t '),
  cntrl: either(range(0, 31), range(127, 127)),
  digit,
  graph: range(33, 126),
  lower,
  print: range(32, 126),
  punct: either(range(33, 47), range(58, 64), range(91, 96), range(123, 126)),
  space: either(space, range(11, 11)),
  upper,
  word,
  xdigit: either(digit, range(97, 102), range(65, 70)),
};
const escapes: Readonly<Record<string, Takes>> = { d: digit, D: not(digit), s: space, S: not(space), w: word, W: not(word) };
const controls: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

interface Flags {
  fold: boolean;
  dotAll: boolean;
  lines: boolean;
  swap: boolean;
}

class Reader {
  private at = 0;
  private depth = 0;
  groups = 0;
  readonly names = new Map<string, number>();
  private flags: Flags = { fold: false, dotAll: false, lines: false, swap: false };

  constructor(private readonly text: string) {}

  whole(): Node {
    const node = this.alternatives();
    if (this.at < this.text.length) this.fail();
    return node;
  }

  private fail(): never {
    throw new Unreadable();
  }

  private take(sign: string): boolean {
    if (!this.text.startsWith(sign, this.at)) return false;
    this.at += sign.length;
    return true;
  }

  private alternatives(): Node {
    if (++this.depth > deepest) this.fail();
    const ways: Node[] = [];
    do {
      const parts: Node[] = [];
      while (this.at < this.text.length && this.text[this.at] !== '|' && this.text[this.at] !== ')') parts.push(this.repeated());
      ways.push({ is: 'all', of: parts });
    } while (this.take('|'));
    this.depth--;
    return ways.length === 1 ? ways[0]! : { is: 'any', of: ways };
  }

  private repeated(): Node {
    let node = this.atom();
    for (let times = 0; ; times++) {
      const bounds = this.bounds();
      if (!bounds) return node;
      // `a**` is an error of RE2
      if (times > 0) this.fail();
      const lazy = this.take('?') !== this.flags.swap;
      node = { is: 'repeat', of: node, least: bounds[0], most: bounds[1], lazy };
    }
  }

  private bounds(): readonly [number, number] | null {
    if (this.take('*')) return [0, Infinity];
    if (this.take('+')) return [1, Infinity];
    if (this.take('?')) return [0, 1];
    const match = /^\{(\d{1,5})(,(\d{0,5}))?\}/.exec(this.text.slice(this.at, this.at + 14));
    if (!match) return null;
    this.at += match[0].length;
    const least = Number(match[1]);
    const most = match[2] === undefined ? least : match[3] === '' ? Infinity : Number(match[3]);
    if (least > mostRepeats || (most !== Infinity && (most > mostRepeats || most < least))) this.fail();
    return [least, most];
  }

  private literal(code: number): Node {
    if (!this.flags.fold) return { is: 'take', takes: other => other === code };
    const char = String.fromCodePoint(code).toLowerCase();
    return { is: 'take', takes: other => String.fromCodePoint(other).toLowerCase() === char };
  }

  private atom(): Node {
    const code = this.text.codePointAt(this.at)!;
    const char = String.fromCodePoint(code);
    this.at += char.length;
    switch (char) {
      case '(':
        return this.group();
      case '[':
        return this.set();
      case '.': {
        const all = this.flags.dotAll;
        return { is: 'take', takes: other => all || other !== 10 };
      }
      case '^':
        return { is: 'ask', what: this.flags.lines ? 'line-start' : 'start' };
      case '$':
        return { is: 'ask', what: this.flags.lines ? 'line-end' : 'end' };
      case '\\':
        return this.escaped();
      case '*':
      case '+':
      case '?':
        return this.fail();
      default:
        return this.literal(code);
    }
  }

  private escaped(): Node {
    const char = this.text[this.at++];
    if (char === undefined) return this.fail();
    if (char === 'A') return { is: 'ask', what: 'start' };
    if (char === 'z') return { is: 'ask', what: 'end' };
    if (char === 'b' || char === 'B') return { is: 'ask', what: char === 'b' ? 'word' : 'not-word' };
    if (char === 'Q') {
      const end = this.text.indexOf('\\E', this.at);
      const quoted = this.text.slice(this.at, end < 0 ? undefined : end);
      this.at = end < 0 ? this.text.length : end + 2;
      return { is: 'all', of: [...quoted].map(each => this.literal(each.codePointAt(0)!)) };
    }
    if (Object.hasOwn(escapes, char)) return { is: 'take', takes: escapes[char]! };
    if (char === 'p' || char === 'P') return { is: 'take', takes: this.property(char === 'P') };
    return this.literal(this.escapedCode(char));
  }

  private property(isOpposite: boolean): Takes {
    const match = /^(?:\{(\^?)(\w{1,40})\}|(\w))/.exec(this.text.slice(this.at, this.at + 44));
    if (!match) return this.fail();
    this.at += match[0].length;
    let known: RegExp;
    try {
      const name = match[2] ?? match[3]!;
      // one character is tested with it, and the name is letters
      known = name.length > 2 ? new RegExp(`^\\p{Script=${name}}$`, 'u') : new RegExp(`^\\p{${name}}$`, 'u'); // regex: like /^\p{L}$/u: of letters
    } catch {
      return this.fail();
    }
    const takes: Takes = code => known.test(String.fromCodePoint(code));
    return isOpposite !== (match[1] === '^') ? not(takes) : takes;
  }

  private escapedCode(char: string): number {
    if (Object.hasOwn(controls, char)) return controls[char]!;
    const hex = char === 'x' ? /^(?:\{([0-9A-Fa-f]{1,8})\}|([0-9A-Fa-f]{2}))/.exec(this.text.slice(this.at, this.at + 10)) : null;
    if (hex) {
      this.at += hex[0].length;
      const code = parseInt((hex[1] ?? hex[2])!, 16);
      return code <= 0x10ffff ? code : this.fail();
    }
    // letters and digits have meanings, or none
    return /[A-Za-z0-9]/.test(char) ? this.fail() : char.codePointAt(0)!;
  }

  private group(): Node {
    const before = { ...this.flags };
    let index: number | null = null;
    if (this.take('?')) {
      const name = /^P?<(\w{1,100})>/.exec(this.text.slice(this.at, this.at + 104));
      if (name) {
        this.at += name[0].length;
        index = ++this.groups;
        this.names.set(name[1]!, index);
      } else if (this.readFlags()) return { is: 'all', of: [] };
    } else index = ++this.groups;
    const of = this.alternatives();
    if (!this.take(')')) this.fail();
    this.flags = before;
    return index === null ? of : { is: 'group', of, index };
  }

  /** Reads `i`, `m-s:` ...; whether they hold for the rest of the group that they are in. */
  private readFlags(): boolean {
    const match = /^([imsU]{0,4})(?:-([imsU]{1,4}))?([:)])/.exec(this.text.slice(this.at, this.at + 12));
    if (!match) this.fail();
    this.at += match[0].length;
    this.flags = { ...this.flags };
    const set = (letters: string | undefined, on: boolean): void => {
      for (const letter of letters ?? '')
        this.flags[({ i: 'fold', m: 'lines', s: 'dotAll', U: 'swap' } as const)[letter as 'i' | 'm' | 's' | 'U']] = on;
    };
    set(match[1], true);
    set(match[2], false);
    return match[3] === ')';
  }

  private set(): Node {
    const isOpposite = this.take('^');
    const all: Takes[] = [];
    for (let first = true; first || this.text[this.at] !== ']'; first = false) {
      if (this.at >= this.text.length) this.fail();
      const name = /^\[:(\^?)(\w{1,10}):\]/.exec(this.text.slice(this.at, this.at + 16));
      if (name) {
        if (!Object.hasOwn(named, name[2]!)) this.fail();
        this.at += name[0].length;
        all.push(name[1] === '^' ? not(named[name[2]!]!) : named[name[2]!]!);
        continue;
      }
      const low = this.member();
      if (typeof low !== 'number') {
        all.push(low);
        continue;
      }
      let high: number | Takes = low;
      if (this.text[this.at] === '-' && this.text[this.at + 1] !== ']' && this.at + 1 < this.text.length) {
        this.at++;
        high = this.member();
      }
      if (typeof high !== 'number' || high < low) return this.fail();
      all.push(this.flags.fold ? folded(range(low, high)) : range(low, high));
    }
    this.at++;
    const takes = either(...all);
    return { is: 'take', takes: isOpposite ? not(takes) : takes };
  }

  private member(): number | Takes {
    const code = this.text.codePointAt(this.at);
    if (code === undefined) return this.fail();
    this.at += code > 0xffff ? 2 : 1;
    if (code !== 92) return code;
    const char = this.text[this.at++];
    if (char === undefined) return this.fail();
    if (Object.hasOwn(escapes, char)) return escapes[char]!;
    if (char === 'p' || char === 'P') return this.property(char === 'P');
    return this.escapedCode(char);
  }
}

function folded(takes: Takes): Takes {
  return code => {
    const char = String.fromCodePoint(code);
    return takes(code) || takes(char.toLowerCase().codePointAt(0)!) || takes(char.toUpperCase().codePointAt(0)!);
  };
}

/** Writes a tree as steps; every repetition is written out. */
function write(node: Node, steps: Step[]): void {
  if (steps.length > mostSteps) throw new Unreadable();
  switch (node.is) {
    case 'take':
    case 'ask':
      return void steps.push(node);
    case 'all':
      return node.of.forEach(each => write(each, steps));
    case 'group':
      steps.push({ is: 'note', slot: 2 * node.index });
      write(node.of, steps);
      return void steps.push({ is: 'note', slot: 2 * node.index + 1 });
    case 'any': {
      const ends: Extract<Step, { is: 'fork' }>[] = [];
      node.of.forEach((way, i) => {
        const fork = { is: 'fork' as const, to: steps.length + 1, or: -1 };
        const isLast = i === node.of.length - 1;
        if (!isLast) steps.push(fork);
        write(way, steps);
        if (isLast) return;
        const end = { is: 'fork' as const, to: -1, or: -1 };
        steps.push(end);
        ends.push(end);
        fork.or = steps.length;
      });
      for (const end of ends) end.to = steps.length;
      return;
    }
    case 'repeat':
      return writeRepeat(node, steps);
  }
}

function writeRepeat({ of, least, most, lazy }: Extract<Node, { is: 'repeat' }>, steps: Step[]): void {
  for (let i = 0; i < least; i++) write(of, steps);
  const forks: Extract<Step, { is: 'fork' }>[] = [];
  const fork = (): void => {
    const made = { is: 'fork' as const, to: steps.length + 1, or: -1 };
    steps.push(made);
    forks.push(made);
  };
  if (most === Infinity) {
    const start = steps.length;
    fork();
    write(of, steps);
    steps.push({ is: 'fork', to: start, or: -1 });
  } else
    for (let i = least; i < most; i++) {
      fork();
      write(of, steps);
    }
  for (const each of forks) {
    each.or = steps.length;
    if (lazy) [each.to, each.or] = [each.or, each.to];
  }
}

/** Reads a regular expression as RE2 does; `null`: it refuses it, or it is larger than anybody would match with. */
export const parseRegex = keeping((text: string): Program | null => {
  try {
    const reader = new Reader(text);
    const steps: Step[] = [];
    write(reader.whole(), steps);
    steps.push({ is: 'done' });
    return { steps, groups: reader.groups, names: reader.names };
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
});
