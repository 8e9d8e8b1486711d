import type { Range } from '../../base/text/range';
import type { YamlEntry, YamlMap, YamlNode, YamlScalar, YamlSequence } from '../../syntax/yaml/types';
import { suggest } from '../../base/text/suggest';
import type { ConfigProblem } from './types';

/** Reads values out of a YAML tree and notes what is wrong with each. A reader that cannot give a value gives `null`. */
export interface Reader {
  /** Notes a problem. */
  problem(range: Range, message: string): void;
  /** The value as text: a string, or a number as it was written. `what` names it in the problem. */
  text(node: YamlNode | null, at: Range, what: string): string | null;
  /** A text that is one of `words`. */
  word<W extends string>(node: YamlNode | null, at: Range, what: string, words: readonly W[]): W | null;
  /** A list of texts, those that are not texts left out. */
  texts(node: YamlNode | null, at: Range, what: string): readonly string[] | null;
  /** A list; each item is handed to `item` with its range. */
  list(node: YamlNode | null, at: Range, what: string, item: (node: YamlNode | null, at: Range) => void): void;
  /** A map; each known key is handed to its handler, others are problems. Gives whether the node is a map without others. */
  map(node: YamlNode | null, at: Range, what: string, keys: Readonly<Record<string, Handler>>): boolean;
  /** A map whose keys are not fixed. */
  entries(node: YamlNode | null, at: Range, what: string, handle: (name: string, value: YamlNode | null, entry: YamlEntry) => void): void;
}

/** Takes the value of a key; `at` is the value's range, or the key's where there is no value. */
export type Handler = (value: YamlNode | null, at: Range, key: Range) => void;

/** Creates a reader that adds to `problems`. */
export function createReader(problems: ConfigProblem[]): Reader {
  const problem = (range: Range, message: string): void => void problems.push({ range, message });

  const text: Reader['text'] = (node, at, what) => {
    const scalar = scalarOf(node);
    if (scalar && (typeof scalar.value === 'string' || typeof scalar.value === 'number')) {
      const value = typeof scalar.value === 'string' ? scalar.value : scalar.source;
      if (value.trim() !== '') return value;
    }
    problem(at, `${what} must be a string${found(node)}`);
    return null;
  };

  const entries: Reader['entries'] = (node, at, what, handle) => {
    const map = mapOf(node);
    if (!map) {
      problem(at, `${what} must be a map${found(node)}`);
      return;
    }
    // that a key stands twice is a problem of the document already
    for (const entry of map.entries) if (entry.name !== '<<') handle(entry.name, entry.value, entry);
  };

  const list: Reader['list'] = (node, at, what, item) => {
    const sequence = sequenceOf(node);
    if (!sequence) {
      problem(at, `${what} must be a list${found(node)}`);
      return;
    }
    for (const child of sequence.items) item(child, child?.range ?? at);
  };

  return {
    problem,
    text,
    entries,
    list,
    word: (node, at, what, words) => {
      const scalar = scalarOf(node);
      const word = words.find(w => w === scalar?.value);
      if (word !== undefined) return word;
      const written = scalar === null ? null : scalar.source;
      problem(at, `${what} must be one of ${words.join(', ')}${found(node)}${didYouMean(written, words)}`);
      return null;
    },
    texts: (node, at, what) => {
      const texts: string[] = [];
      list(node, at, what, (child, range) => {
        const value = text(child, range, `Each item of ${what}`);
        if (value !== null) texts.push(value);
      });
      return sequenceOf(node) === null ? null : texts;
    },
    map: (node, at, what, keys) => {
      const names = Object.keys(keys);
      let clean = mapOf(node) !== null;
      entries(node, at, what, (name, _value, entry) => {
        // an anchor may be kept under a key that starts with `x-`
        if (!Object.hasOwn(keys, name) && !name.startsWith('x-')) {
          problem(keyRange(entry), `Unknown key "${name}" in ${what}${didYouMean(name, names)}`);
          clean = false;
        }
      });
      const map = mapOf(node);
      // asked by name, so that merge keys count
      for (const name of names) {
        const entry = map?.entry(name);
        if (!entry || entry.value === null || isNull(entry.value)) continue;
        keys[name]!(entry.value, entry.value.range, keyRange(entry));
      }
      return clean;
    },
  };
}

/** The range of an entry's key, or of the entry where it has none. */
export function keyRange(entry: YamlEntry): Range {
  return entry.key?.range ?? entry.range;
}

/** `; did you mean "x"?`, or nothing. */
export function didYouMean(word: string | null, candidates: Iterable<string>): string {
  const near = word === null ? null : suggest(word, candidates);
  return near === null ? '' : `; did you mean "${near}"?`;
}

function resolve(node: YamlNode | null): YamlNode | null {
  // aliases of aliases do not exist in YAML, but a broken document may hold anything
  for (let steps = 0; node?.kind === 'alias' && steps < 10; steps++) node = node.target;
  return node;
}

/** The scalar that a node is, through aliases. */
export function scalarOf(node: YamlNode | null): YamlScalar | null {
  const target = resolve(node);
  return target?.kind === 'scalar' ? target : null;
}

/** The map that a node is, through aliases. */
export function mapOf(node: YamlNode | null): YamlMap | null {
  const target = resolve(node);
  return target?.kind === 'map' ? target : null;
}

/** The sequence that a node is, through aliases. */
export function sequenceOf(node: YamlNode | null): YamlSequence | null {
  const target = resolve(node);
  return target?.kind === 'sequence' ? target : null;
}

function isNull(node: YamlNode): boolean {
  return scalarOf(node)?.value === null;
}

/** `, not X`, with what stands in the place. */
function found(node: YamlNode | null): string {
  const target = resolve(node);
  if (target === null) return '';
  if (target.kind === 'map') return suffix(', not a map');
  if (target.kind === 'sequence') return suffix(', not a list');
  if (target.kind === 'alias') return '';
  const source = target.source.replace(/\s+/g, ' ').trim();
  return source === '' ? '' : suffix(`, not "${source.length > 40 ? `${source.slice(0, 40)}…` : source}"`);
}

/** A part of a message that has a translation of its own. */
const suffix = (text: string): string => text;
