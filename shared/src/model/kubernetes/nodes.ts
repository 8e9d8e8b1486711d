import type { Range } from '../../text/range';
import type { YamlDocument, YamlMap, YamlNode, YamlScalar, YamlSequence } from '../yaml/types';
import type { StringMap } from './types';

/** The node that an alias stands for; any other node itself. `null` where the alias leads nowhere. */
export function resolve(node: YamlNode | null | undefined): Exclude<YamlNode, { kind: 'alias' }> | null {
  let at = node ?? null;
  for (let steps = 0; at?.kind === 'alias' && steps < 100; steps++) at = at.target;
  return at === null || at.kind === 'alias' ? null : at;
}

/** The node as a map, aliases resolved; `null` for anything else. */
export function mapOf(node: YamlNode | null | undefined): YamlMap | null {
  const at = resolve(node);
  return at?.kind === 'map' ? at : null;
}

/** The node as a sequence, aliases resolved; `null` for anything else. */
export function sequenceOf(node: YamlNode | null | undefined): YamlSequence | null {
  const at = resolve(node);
  return at?.kind === 'sequence' ? at : null;
}

/** The node as a scalar, aliases resolved; `null` for anything else. */
export function scalarOf(node: YamlNode | null | undefined): YamlScalar | null {
  const at = resolve(node);
  return at?.kind === 'scalar' ? at : null;
}

/** The text of a scalar, as the API server would read it in a string field; `null` for null and for other nodes. */
export function stringOf(node: YamlNode | null | undefined): string | null {
  const at = scalarOf(node);
  if (!at || at.value === null) return null;
  return typeof at.value === 'string' ? at.value : at.source;
}

const yes = new Set(['true', 'yes', 'on', 'y']);
const no = new Set(['false', 'no', 'off', 'n']);

/** The truth of a plain scalar. The API server still reads YAML 1.1, where `yes` and `off` are booleans; a quoted word never is one. */
export function booleanOf(node: YamlNode | null | undefined): boolean | null {
  const at = scalarOf(node);
  if (at?.style !== 'plain') return null;
  const word = at.source.toLowerCase();
  return yes.has(word) ? true : no.has(word) ? false : null;
}

/** The number of a plain scalar; `null` for anything else. */
export function numberOf(node: YamlNode | null | undefined): number | null {
  const at = scalarOf(node);
  return typeof at?.value === 'number' ? at.value : null;
}

/** The text entries of a map such as `labels`; empty for other nodes. */
export function stringsOf(node: YamlNode | null | undefined): StringMap {
  const map = mapOf(node);
  const found = new Map<string, { value: string; node: YamlScalar }>();
  for (const entry of map?.entries ?? []) {
    const scalar = scalarOf(entry.value);
    const value = stringOf(scalar);
    if (scalar && value !== null) found.set(entry.name, { value, node: scalar });
  }
  return found;
}

/** The maps of a sequence with their index; other items are passed over. */
export function itemsOf(node: YamlNode | null | undefined): { readonly index: number; readonly map: YamlMap }[] {
  const found: { index: number; map: YamlMap }[] = [];
  sequenceOf(node)?.items.forEach((item, index) => {
    const map = mapOf(item);
    if (map) found.push({ index, map });
  });
  return found;
}

/** Where to report what a map lacks: the value of its `name`, else its first key, else its first character. */
export function anchorOf(map: YamlMap): Range {
  const name = scalarOf(map.get('name'));
  if (name && name.value !== null) return name.range;
  const key = map.entries[0]?.key;
  return key ? key.range : { start: map.range.start, end: Math.min(map.range.end, map.range.start + 1) };
}

/** Makes a function that computes its result once, when first asked. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** What the parser writes over template actions. */
const mask = '\uE000';

/** Whether part of a text is filled in later, by a template, a substitution or a person. */
export function isVariable(text: string): boolean {
  return (
    text.includes(mask) ||
    text.includes('{{') ||
    text.includes('${') ||
    text.includes('$(') ||
    /<[^<>]*>|%[A-Za-z_]+%|@[A-Z][A-Z0-9_]+@|^\$[A-Za-z_]/.test(text)
  );
}

/** Whether a node's value is filled in later, as far as its text shows. */
export function isUnknown(node: YamlNode | null | undefined): boolean {
  const at = scalarOf(node);
  return at !== null && typeof at.value === 'string' && (at.value.includes(mask) || at.value.includes('${') || at.value.includes('{{'));
}

/** Whether nothing is added to a node when templates are filled in. What is absent is closed, what is unknown as a whole is open. */
export function isClosed(document: YamlDocument, node: YamlNode | null | undefined): boolean {
  const at = resolve(node);
  return at === null || !(document.open?.has(at) || isUnknown(at));
}
