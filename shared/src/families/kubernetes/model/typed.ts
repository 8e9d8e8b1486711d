import type { Path, YamlMap, YamlNode } from '../../../syntax/yaml/types';
import { resolve } from '../../../syntax/yaml/values';

/** As much of a schema as a walk needs: the shape of values, by type and field. */
export interface SchemaShape {
  readonly kind: string;
  readonly name?: string;
  readonly item?: SchemaShape;
}

/** Gives the fields of a type; `null` for a type that is not known. */
export type FieldsOf = (type: string) => ReadonlyMap<string, { readonly type: SchemaShape }> | null;

/** A map of a document and its type. */
export interface TypedMap {
  readonly node: YamlMap;
  readonly path: Path;
  readonly type: string;
  /** The type of the map above, and the key that leads from there; `null` at the top. */
  readonly parent: TypedMap | null;
}

const deepest = 60;

/**
 * Visits every map below `node` whose type the schema knows, from the top down. `path` is the place of `node` in its document. Maps that
 * stand elsewhere (aliases, merge keys) are passed over: they are visited where they are written, if a type leads there.
 */
export function visitTyped(node: YamlMap, path: Path, type: string, fieldsOf: FieldsOf, visit: (map: TypedMap) => void): void {
  walk(node, path, { kind: 'object', name: type }, null, fieldsOf, visit, 0);
}

function walk(
  value: YamlNode | null,
  path: Path,
  shape: SchemaShape,
  parent: TypedMap | null,
  fieldsOf: FieldsOf,
  visit: (map: TypedMap) => void,
  depth: number,
): void {
  if (value === null || value.kind === 'alias' || depth > deepest) return;
  const node = resolve(value);
  if (node?.kind === 'sequence' && shape.kind === 'list' && shape.item) {
    const { item } = shape;
    node.items.forEach((each, index) => walk(each, [...path, index], item, parent, fieldsOf, visit, depth + 1));
    return;
  }
  if (node?.kind !== 'map') return;
  if (shape.kind === 'map' && shape.item) {
    for (const entry of node.entries) walk(entry.value, [...path, entry.name], shape.item, parent, fieldsOf, visit, depth + 1);
    return;
  }
  const fields = shape.kind === 'object' && shape.name !== undefined ? fieldsOf(shape.name) : null;
  if (!fields) return;
  const typed: TypedMap = { node, path, type: shape.name!, parent };
  visit(typed);
  for (const entry of node.entries) {
    const field = fields.get(entry.name);
    if (field) walk(entry.value, [...path, entry.name], field.type, typed, fieldsOf, visit, depth + 1);
  }
}
