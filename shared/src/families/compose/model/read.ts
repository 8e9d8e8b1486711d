import { isMergeEntry, resolveAlias } from '../../../syntax/yaml/collections';
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from '../../../syntax/yaml/types';
import { casts, castText, type Cast } from './casts';
import { below, type PathTable } from './paths';
import { substitute, type Lookup } from './template';
import type { ComposeFile, Complain, ListValue, MapEntry, MapValue, ScalarValue, Steps, Value } from './value';

/** What a document says, before includes, bases and other files come into it. */
export interface ReadFile {
  readonly root: Value | null;
  /** What `!reset` and `!override` take away from the files before, and from bases. */
  readonly resets: readonly Steps[];
}

interface Reading {
  readonly file: ComposeFile;
  readonly lookup: Lookup;
  /** Whether a variable that is not set leaves its value open, instead of being empty. */
  readonly open: boolean;
  readonly complain: Complain;
  readonly resets: Steps[];
}

/** Reads a document: aliases and merge keys are followed, variables filled in, text cast. */
export function readFile(file: ComposeFile, lookup: Lookup, open: boolean, complain: Complain): ReadFile {
  const { document } = file;
  const whole = { node: document.root, file };
  for (const { range, message } of document.problems) complain('yaml', message, [], whole, { range });
  for (const { range, id } of document.shortfalls ?? []) complain('yaml', `not read: ${id}`, [], whole, { range });
  const reading: Reading = { file, lookup, open, complain, resets: [] };
  const root = document.root && read(document.root, casts, [], reading);
  return { root, resets: reading.resets };
}

/** The same with what no variable decides alone, and without a word of what is wrong: what one file has to say to others. */
export function readAlone(file: ComposeFile): ReadFile {
  const nothing = (): undefined => undefined;
  return readFile(file, nothing, true, nothing);
}

function read(written: YamlNode | null, table: PathTable<Cast> | null, steps: Steps, reading: Reading): Value {
  const { file, resets } = reading;
  const node = written && resolveAlias(written);
  if (node?.tag === '!override') resets.push(steps);
  if (!node) return { kind: 'scalar', value: null, node: null, file };
  if (node.kind === 'map') return readMap(node, table, steps, reading);
  if (node.kind === 'sequence') {
    const items: Value[] = [];
    node.items.forEach((item, index) => {
      if (!isReset(item)) items.push(read(item, below(table, index), [...steps, index], reading));
    });
    return { kind: 'list', items, node, file } satisfies ListValue;
  }
  if (node.kind === 'alias') return { kind: 'scalar', value: null, unknown: true, node, file };
  return readScalar(node, table?.found, steps, reading);
}

function isReset(written: YamlNode | null): boolean {
  return written !== null && resolveAlias(written).tag === '!reset';
}

function readMap(map: YamlMap, table: PathTable<Cast> | null, steps: Steps, reading: Reading): MapValue {
  const { file, complain, resets } = reading;
  const entries = new Map<string, MapEntry>();
  let merges = 0;
  for (const entry of map.entries) {
    const { key, name, value } = entry;
    const at = { node: key ?? map, file };
    if (isMergeEntry(entry)) {
      if (++merges > 1) complain('yaml', 'the merge key occurs twice', steps, at);
      checkMerge(entry, steps, reading);
    } else if (isReset(value)) resets.push([...steps, name]);
    else {
      if (key && typeof key.value !== 'string' && key.tag === undefined)
        complain('yaml', `non-string key ${name}`, steps, at, { kind: 'key' });
      entries.set(name, { key, value: read(value, below(table, name), [...steps, name], reading) });
    }
  }
  if (merges > 0) {
    for (const [name, { key, value }] of mergedEntries(map)) {
      if (entries.has(name)) continue;
      if (isReset(value)) resets.push([...steps, name]);
      else entries.set(name, { key, value: read(value, below(table, name), [...steps, name], reading) });
    }
  }
  return { kind: 'map', entries, node: map, file };
}

function checkMerge(entry: YamlEntry, steps: Steps, { complain, file }: Reading): void {
  const value = entry.value && resolveAlias(entry.value);
  const items = value?.kind === 'sequence' ? value.items.map(item => item && resolveAlias(item)) : [value];
  if (items.every(item => item?.kind === 'map' || item?.kind === 'alias')) return;
  complain('yaml', 'map merge requires map or sequence of maps', steps, { node: entry.value ?? entry.key, file });
}

/** What merge keys bring into a map: names that the map has itself are among them. */
function mergedEntries(map: YamlMap): ReadonlyMap<string, YamlEntry> {
  const found = new Map<string, YamlEntry>();
  collect(map, found, new Set([map]));
  return found;
}

function collect(map: YamlMap, found: Map<string, YamlEntry>, seen: Set<YamlMap>): void {
  for (const merge of map.entries) {
    if (!isMergeEntry(merge)) continue;
    const value = merge.value && resolveAlias(merge.value);
    const items = value?.kind === 'sequence' ? value.items : [value];
    for (const item of items) {
      const other = item && resolveAlias(item);
      if (other?.kind !== 'map' || seen.has(other)) continue;
      seen.add(other);
      for (const entry of other.entries) if (!isMergeEntry(entry) && !found.has(entry.name)) found.set(entry.name, entry);
      if (other.merged) collect(other, found, seen);
    }
  }
}

function readScalar(node: YamlScalar, cast: Cast | undefined, steps: Steps, { file, lookup, open, complain }: Reading): ScalarValue {
  const at = { node, file };
  const plain = typeof node.value === 'string' && node.style === 'plain' && node.tag === undefined ? oldNumber(node.source) : null;
  if (plain !== null) return { kind: 'scalar', value: plain, ...at };
  if (typeof node.value === 'number') return { kind: 'scalar', value: integerOf(node), ...(isFloat(node) && { float: true }), ...at };
  if (typeof node.value !== 'string') return { kind: 'scalar', value: node.value, ...at };
  const { text, unknown, error } = node.value.includes('$')
    ? substitute(node.value, lookup)
    : { text: node.value, unknown: false, error: null };
  const isOpen = open && unknown;
  if (error && !(error.code === 'required' && open)) complain(error.code, error.message, steps, at);
  if (isOpen || error) return { kind: 'scalar', value: text, unknown: true, ...at };
  if (cast === undefined) return { kind: 'scalar', value: text, ...at };
  const found = castText(text, cast);
  if (!found) {
    complain('cast', `${text} is no ${cast}`, steps, at, { wanted: [cast] });
    return { kind: 'scalar', value: text, unknown: true, ...at };
  }
  return { kind: 'scalar', value: found.value, ...(found.float && { float: true }), ...at };
}

function isFloat({ source, value }: YamlScalar): boolean {
  return !Number.isInteger(value) || /[.eE]/.test(source.replace(/^[-+]?0[xX].*$/, '0'));
}

/** Go reads a plain `0644` as octal; the library reads it as a decimal number. */
function integerOf({ source, value }: YamlScalar): number {
  return /^[-+]?0[0-7]+$/.test(source) ? parseInt(source, 8) : (value as number);
}

/** Numbers that Go's decoder reads where YAML 1.2 has text: `1_000`, `0b11`. */
function oldNumber(source: string): number | null {
  if (/^[-+]?[0-9][0-9_]*$/.test(source) && source.includes('_')) return Number(source.replaceAll('_', ''));
  return /^0b[01]+$/.test(source) ? parseInt(source.slice(2), 2) : null;
}
