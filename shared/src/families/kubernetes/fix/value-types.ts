import type { YamlValue } from '../../../syntax/yaml/operations';
import type { FieldType } from '../../../knowledge/kubernetes-schema';
import { booleanOf, numberOf, resolve, stringOf } from '../../../syntax/yaml/values';
import { isMasked } from '../../../syntax/yaml/lookup';
import type { YamlMap, YamlNode, YamlSequence } from '../../../syntax/yaml/types';

/** A value of a type that its field does not take. */
export interface WrongType {
  readonly expected: 'a string' | 'an integer' | 'a number' | 'a boolean' | 'a list' | 'a map';
  readonly actual: 'a string' | 'a number' | 'a boolean' | 'a list' | 'a map';
  /** The same as the field takes it; `undefined` where that is not plain. */
  readonly meant?: YamlValue;
}

const kinds = { sequence: 'a list', map: 'a map' } as const;

/** Whether a value is a word in braces or brackets that stands for what somebody fills in: `{IMAGE}`, `{volume-id}`. */
function isPlaceholder(node: YamlMap | YamlSequence): boolean {
  const text = node.kind === 'map' ? node.entries[0]?.name : stringOf(node.items[0]);
  const count = node.kind === 'map' ? node.entries.length : node.items.length;
  if (node.kind === 'map' && node.flow && count === 1 && node.entries[0]!.value === null) return true;
  return node.flow && count === 1 && text !== undefined && text !== null && /^[A-Z][A-Z0-9_-]*$/.test(text);
}

/** What is wrong about the type of a value; `null` where nothing is, or where the value is filled in later. */
export function wrongType(type: FieldType, value: YamlNode | null): WrongType | null {
  const node = resolve(value);
  if (!node || isMasked(node) || node.tag !== undefined) return null;
  const collection = type.kind === 'list' ? 'a list' : type.kind === 'object' || type.kind === 'map' ? 'a map' : null;
  if (node.kind !== 'scalar') {
    if (type.kind === 'any' || isPlaceholder(node)) return null;
    const actual = kinds[node.kind];
    return actual === collection ? null : { expected: collection ?? scalarName(type), actual };
  }
  if (node.value === null) return null;
  const actual = typeof node.value === 'string' ? 'a string' : typeof node.value === 'number' ? 'a number' : 'a boolean';
  // Flux and clusterctl put what a variable holds in place of it, a whole map as well
  if (/^\$\{[^{}]+\}$/.test(node.source)) return null;
  if (collection) return { expected: collection, actual };
  const text = node.source;
  if (type.kind === 'string' && actual !== 'a string') return { expected: 'a string', actual, meant: text };
  if (/\$[({]|^<.*>$/.test(text)) return null;
  if (type.kind === 'boolean' && booleanOf(node) === null) {
    return { expected: 'a boolean', actual, ...(/^(?:true|false)$/.test(text) && { meant: text === 'true' }) };
  }
  if ((type.kind === 'integer' || type.kind === 'number') && numberOf(node) === null) {
    return { expected: scalarName(type), actual, ...(/^-?(?:0|[1-9]\d{0,14})$/.test(text) && { meant: Number(text) }) };
  }
  return type.kind === 'intOrString' && actual === 'a boolean' ? { expected: 'a string', actual } : null;
}

function scalarName(type: FieldType): WrongType['expected'] {
  if (type.kind === 'boolean') return 'a boolean';
  return type.kind === 'integer' ? 'an integer' : type.kind === 'number' ? 'a number' : 'a string';
}
