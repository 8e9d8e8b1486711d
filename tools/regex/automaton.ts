import { RegExpParser, visitRegExpAST, type AST } from '@eslint-community/regexpp';

/**
 * A regular expression as the automaton whose paths are the steps that a backtracking matcher may take: one state for each character that the
 * pattern holds, and one for the search that moves the start along. Whatever is not modelled makes more paths, never fewer.
 */
export interface Automaton {
  readonly size: number;
  /** What each state reads, as it is written. */
  readonly names: readonly string[];
  /** From each state, the states that may follow, each as often as there are ways to it. */
  readonly next: readonly (readonly number[])[];
  /** Which classes of characters each state reads. */
  readonly reads: readonly (readonly boolean[])[];
  readonly classes: number;
  /** What a place costs at most that looks behind itself. */
  readonly behind: number;
  /** How often a loop within the states runs at most, by the edge `from * size + to` that closes it; an edge that closes none is missing. */
  readonly loops: ReadonlyMap<number, number>;
}

/** What the model does not cover: the pattern has to be judged by other means. */
export class NotModelled extends Error {}

/** The state of the search, which reads everything and stays. */
const search = 0;
/** The state behind a line break, where `^` holds in patterns of several lines. */
const lineStart = 1;

/** A part of a pattern: in how many ways it matches nothing, and the states that come first and last, each as often as there are ways. */
interface Part {
  readonly empty: number;
  readonly first: readonly number[];
  readonly last: readonly number[];
}

const nothing: Part = { empty: 1, first: [], last: [] };
const impossible: Part = { empty: 0, first: [], last: [] };

/** The same state three times is no worse than twice. */
function twice(states: readonly number[]): readonly number[] {
  const seen = new Map<number, number>();
  return states.filter(state => {
    const count = (seen.get(state) ?? 0) + 1;
    seen.set(state, count);
    return count <= 2;
  });
}

const times = (states: readonly number[], count: number): readonly number[] =>
  count === 0 ? [] : count === 1 ? states : twice([...states, ...states]);

interface Builder {
  readonly next: number[][];
  readonly characters: (AST.Node | null)[];
  readonly loops: Map<readonly [number, number], number>;
  behind: number;
}

function connect({ next }: Builder, from: readonly number[], to: readonly number[]): void {
  for (const state of from) for (const follower of to) next[state]!.push(follower);
}

/** Adds a part of the pattern; `hat`: whether `^` may hold here. */
function build(builder: Builder, node: AST.Node, hat: boolean): Part {
  switch (node.type) {
    case 'Pattern':
    case 'Group':
    case 'CapturingGroup':
      if (node.type === 'Group' && node.modifiers) throw new NotModelled('modifiers');
      return choice(node.alternatives.map(each => build(builder, each, hat)));
    case 'Alternative':
      return node.elements.reduce<Part>((before, element) => sequence(builder, before, build(builder, element, hat)), nothing);
    case 'Character':
    case 'CharacterClass':
    case 'CharacterSet': {
      const state = builder.next.push([]) - 1;
      builder.characters.push(node);
      return { empty: 0, first: [state], last: [state] };
    }
    case 'Quantifier':
      return repeat(builder, node, hat);
    case 'Assertion':
      if (node.kind === 'start') return hat ? nothing : impossible;
      return node.kind === 'lookahead' || node.kind === 'lookbehind' ? lookaround(builder, node) : nothing;
    default:
      throw new NotModelled(node.type);
  }
}

function choice(parts: readonly Part[]): Part {
  return {
    empty: Math.min(
      2,
      parts.reduce((sum, { empty }) => sum + empty, 0),
    ),
    first: twice(parts.flatMap(({ first }) => first)),
    last: twice(parts.flatMap(({ last }) => last)),
  };
}

function sequence(builder: Builder, a: Part, b: Part): Part {
  connect(builder, a.last, b.first);
  return {
    empty: Math.min(2, a.empty * b.empty),
    first: twice([...a.first, ...times(b.first, a.empty)]),
    last: twice([...b.last, ...times(a.last, b.empty)]),
  };
}

/** A quantifier. One with a count is a loop too: that makes more paths, and how often it runs is kept. */
function repeat(builder: Builder, { element, min, max }: AST.Quantifier, hat: boolean): Part {
  if (max === 0) return nothing;
  const part = build(builder, element, hat);
  if (max > 1) {
    // What must match twice, and may match nothing, can divide a text among its copies.
    if (min > 1 && part.empty > 0) throw new NotModelled('a repeated part that may be empty');
    connect(builder, part.last, part.first);
    for (const from of part.last) for (const to of part.first) builder.loops.set([from, to], max);
  }
  // A turn that is optional has to read something.
  return min === 0 ? { ...part, empty: 1 } : part;
}

/** Looking ahead is a side path that leads nowhere. Looking behind costs as much as its counts say, each time. */
function lookaround(builder: Builder, node: AST.LookaroundAssertion): Part {
  if (node.kind === 'lookahead') {
    const { first } = choice(node.alternatives.map(each => build(builder, each, true)));
    return { empty: 1, first, last: [] };
  }
  let cost = 1;
  visitRegExpAST(node, { onQuantifierEnter: ({ max }) => (cost *= Math.max(1, max)) });
  if (cost === Infinity) throw new NotModelled('looking behind without bound');
  builder.behind += cost;
  return nothing;
}

const parser = new RegExpParser({ ecmaVersion: 2025 });

const isCharacter = ({ type }: AST.Node): boolean => type === 'Character' || type === 'CharacterClass' || type === 'CharacterSet';

/**
 * Finds what a pattern may end in and does not depend on: turns of one character over and above those that must be. They cannot fail, so that
 * the search is over, and goes on behind them. Gives whether nothing else is there.
 */
function findTail(
  elements: readonly AST.Element[],
  found: { readonly start: number; readonly end: number; readonly instead: string }[],
): boolean {
  for (let i = elements.length - 1; i >= 0; i--) {
    const node = elements[i]!;
    if (node.type === 'Quantifier' && isCharacter(node.element)) {
      const { min, element, end } = node;
      found.push({ start: element.end, end, instead: min === 1 ? '' : `{${min}}` });
      if (min > 0) return false;
    } else {
      const group = node.type === 'Quantifier' && node.max === 1 ? node.element : node;
      if (group.type !== 'Group' && group.type !== 'CapturingGroup') return false;
      const empty = group.alternatives.map(each => findTail(each.elements, found));
      if (!empty.every(Boolean)) return false;
    }
  }
  return true;
}

/** A pattern without what it may end in. */
function withoutTail(source: string, pattern: AST.Pattern): string {
  const found: { readonly start: number; readonly end: number; readonly instead: string }[] = [];
  for (const { elements } of pattern.alternatives) findTail(elements, found);
  return found
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end, instead }) => text.slice(0, start) + instead + text.slice(end), source);
}

/** The automaton of a pattern; throws `NotModelled` for what has none. */
export function automatonOf(whole: string, flags: string): Automaton {
  const unicode = flags.includes('v') ? { unicodeSets: true } : { unicode: flags.includes('u') };
  const source = withoutTail(whole, parser.parsePattern(whole, 0, whole.length, unicode));
  const pattern = parser.parsePattern(source, 0, source.length, unicode);
  const builder: Builder = { next: [[], []], characters: [null, null], loops: new Map(), behind: 0 };
  const start = build(builder, pattern, true);
  if (!flags.includes('y')) {
    builder.next[search]!.push(search, lineStart);
    if (flags.includes('m')) builder.next[lineStart]!.push(...start.first);
    const anchored = source.includes('^') ? build(builder, pattern, false) : start;
    builder.next[search]!.push(...anchored.first);
  }
  const { reads, classes } = readsOf(builder.characters, source, flags);
  const size = builder.next.length;
  const loops = new Map<number, number>();
  for (const [[from, to], max] of builder.loops) loops.set(from * size + to, Math.max(max, loops.get(from * size + to) ?? 0));
  const names = builder.characters.map((node, state) => node?.raw ?? (state === search ? 'the search' : 'a line break'));
  return { size, names, next: builder.next, reads, classes, loops, behind: builder.behind };
}

/** Enough characters to tell any two classes of our patterns apart, as strings. */
function samplesOf(source: string): readonly string[] {
  const samples = new Set(Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)));
  for (const extra of 'ſK\u2028\u2029\uFEFF\uE000一\uD800\uDC00') samples.add(extra);
  for (const match of source.matchAll(/\\u\{?([0-9a-fA-F]{4,6})|[^\0-\xff]/gu)) {
    const code = match[1] === undefined ? match[0].codePointAt(0)! : parseInt(match[1], 16);
    for (const near of [code - 1, code, code + 1]) samples.add(String.fromCodePoint(Math.max(0, Math.min(near, 0x10ffff))));
  }
  return [...samples];
}

function readsOf(nodes: readonly (AST.Node | null)[], source: string, flags: string): { reads: readonly boolean[][]; classes: number } {
  const samples = samplesOf(source);
  const known = new Map<string, readonly boolean[]>();
  const kept = flags.replace(/[^iusv]/g, '');
  const test = (raw: string): readonly boolean[] => {
    let found = known.get(raw);
    if (!found) {
      const one = new RegExp(`^(?:${raw})$`, kept);
      known.set(raw, (found = samples.map(sample => one.test(sample))));
    }
    return found;
  };
  const rows = nodes.map((node, state) => (node ? test(node.raw) : test(state === search ? '[^]' : '[\\n\\r\\u2028\\u2029]')));
  const columns = new Map<string, number>();
  samples.forEach((_, i) => {
    const key = rows.map(row => (row[i] ? 1 : 0)).join('');
    if (!columns.has(key)) columns.set(key, i);
  });
  const chosen = [...columns.values()];
  return { reads: rows.map(row => chosen.map(i => row[i]!)), classes: chosen.length };
}
