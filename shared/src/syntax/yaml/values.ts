import { resolveAlias } from './collections';
import type { MaybeNode } from './lookup';
import type { Range } from '../../base/text/range';
import type { YamlEntry, YamlMap, YamlNode, YamlScalar, YamlSequence } from './types';

/** Text values of a map such as `labels`. Values that are not scalars are left out. */
export type StringMap = ReadonlyMap<string, { readonly value: string; readonly node: YamlScalar }>;

/** The node that an alias stands for; any other node itself. `null` where the alias leads nowhere. */
export function resolve(node: MaybeNode): Exclude<YamlNode, { kind: 'alias' }> | null {
  const at = node ? resolveAlias(node) : null;
  return !at || at.kind === 'alias' ? null : at;
}

/** Where the value of an entry is written, an alias by its name; the key if there is none. */
export function valueRange({ value, key, range }: YamlEntry): Range {
  return value && value.range.end > value.range.start ? value.range : (key?.range ?? range);
}

/** The node as a map, aliases resolved; `null` for anything else. */
export function mapOf(node: MaybeNode): YamlMap | null {
  const at = node ? resolveAlias(node) : null;
  return at?.kind === 'map' ? at : null;
}

/** The node as a sequence, aliases resolved; `null` for anything else. */
export function sequenceOf(node: MaybeNode): YamlSequence | null {
  const at = node ? resolveAlias(node) : null;
  return at?.kind === 'sequence' ? at : null;
}

/** The node as a scalar, aliases resolved; `null` for anything else. */
export function scalarOf(node: MaybeNode): YamlScalar | null {
  const at = node ? resolveAlias(node) : null;
  return at?.kind === 'scalar' ? at : null;
}

/** The text of a scalar, as the API server would read it in a string field; `null` for null and for other nodes. */
export function stringOf(node: MaybeNode): string | null {
  const at = scalarOf(node);
  if (!at || at.value === null) return null;
  return typeof at.value === 'string' ? at.value : at.source;
}

/** The words that Kubernetes' decoder (YAML 1.1) takes for booleans beside `true` and `false`. */
const oldBooleans = /^(?:(y|Y|yes|Yes|YES|on|On|ON)|n|N|no|No|NO|off|Off|OFF)$/;

/** The truth of a plain scalar. The API server still reads YAML 1.1, where `yes` and `off` are booleans; a quoted word never is one. */
export function booleanOf(node: MaybeNode): boolean | null {
  const scalar = scalarOf(node);
  if (typeof scalar?.value === 'boolean') return scalar.value;
  if (!scalar || (scalar.tag === undefined ? scalar.style !== 'plain' : scalar.tag !== 'tag:yaml.org,2002:bool')) return null;
  const word = oldBooleans.exec(scalar.source);
  return word && word[1] !== undefined;
}

/** How Kubernetes' decoder (Go's `ParseInt`) reads numbers: a leading zero makes one octal, `0b` binary, and underscores are nothing. */
const goNumber = /^([-+]?)(?:0b([01_]+)|0o?([0-7_]+)|([0-9][0-9_]*))$/;

/** The number of a plain scalar; `null` for anything else. */
export function numberOf(node: MaybeNode): number | null {
  const scalar = scalarOf(node);
  const isNumber = typeof scalar?.value === 'number';
  if (!isNumber && (scalar?.style !== 'plain' || scalar.tag !== undefined)) return null;
  const [, sign, binary, octal, decimal] = (scalar.style === 'plain' && goNumber.exec(scalar.source)) || [];
  if (sign === undefined) return isNumber ? scalar.value : null;
  const digits = (binary ?? octal ?? decimal)!.replaceAll('_', '');
  const value = parseInt(digits, binary === undefined ? (octal === undefined ? 10 : 8) : 2);
  return Number.isNaN(value) ? 0 : sign === '-' ? -value : value;
}

/** The text entries of a map such as `labels`; empty for other nodes. */
export function stringsOf(node: MaybeNode): StringMap {
  const map = mapOf(node);
  const found = new Map<string, { value: string; node: YamlScalar }>();
  for (const entry of map?.members() ?? []) {
    const scalar = scalarOf(entry.value);
    const value = stringOf(scalar);
    if (scalar && value !== null) found.set(entry.name, { value, node: scalar });
  }
  return found;
}

/** The maps of a sequence with their index; other items are passed over. */
export function itemsOf(node: MaybeNode): { readonly index: number; readonly map: YamlMap }[] {
  const found: { index: number; map: YamlMap }[] = [];
  sequenceOf(node)?.items.forEach((item, index) => {
    const map = mapOf(item);
    if (map) found.push({ index, map });
  });
  return found;
}

/** Where to report what a map lacks: the value of its `name`, else its first key, else its first character. */
export function reportRangeOf(map: YamlMap): Range {
  const name = scalarOf(map.get('name'));
  if (name && name.value !== null) return name.range;
  const key = map.entries[0]?.key;
  return key ? key.range : { start: map.range.start, end: Math.min(map.range.end, map.range.start + 1) };
}

/** Where to report what a map as a whole says: the scalar of its only entry, however deep, else its first key; all of one that is empty. */
export function gistRange(map: YamlMap): Range {
  const [first, second] = map.entries;
  if (!first) return map.range;
  if (!second && first.value?.kind === 'map') return gistRange(first.value);
  return !second && first.value?.kind === 'scalar' ? valueRange(first) : (first.key?.range ?? first.range);
}
