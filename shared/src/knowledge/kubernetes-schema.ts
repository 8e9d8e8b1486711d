import data from './data/kubernetes-schema.json';
import { editDistance } from '../base/text/closest';

/** The shape of a value. `any` takes everything; `intOrString` and `quantity` take numbers and text. */
export type FieldType =
  | { readonly kind: 'string' | 'integer' | 'number' | 'boolean' | 'any' | 'intOrString' | 'quantity' }
  /** An object of a named type: see `fieldsOf`. */
  | { readonly kind: 'object'; readonly name: string }
  | { readonly kind: 'list'; readonly item: FieldType }
  /** A map with keys of the user's choice. */
  | { readonly kind: 'map'; readonly item: FieldType };

/** A field of a type. */
export interface Field {
  readonly type: FieldType;
  readonly required: boolean;
}

interface RawFile {
  readonly minor: number;
  readonly kinds: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const file = data as unknown as RawFile;
const scalars: readonly string[] = ['string', 'integer', 'number', 'boolean', 'any', 'intOrString', 'quantity'];

/** The minor release that the tables describe: a newer cluster may know more fields. */
export function schemaMinor(): number {
  return file.minor;
}

/** The name of the type that rules ask for directly. */
export const podSpecType = 'V1PodSpec';

function parseType(text: string): FieldType {
  const inner = text.slice(1, -1);
  if (text.startsWith('[')) return { kind: 'list', item: parseType(inner) };
  if (text.startsWith('{')) return { kind: 'map', item: parseType(inner) };
  return scalars.includes(text) ? ({ kind: text } as FieldType) : { kind: 'object', name: text };
}

const parsed = new Map<string, ReadonlyMap<string, Field>>();

/** The fields of a type by name; `null` for a type that is not known. */
export function fieldsOf(type: string): ReadonlyMap<string, Field> | null {
  const known = parsed.get(type);
  if (known) return known;
  if (!Object.hasOwn(file.types, type)) return null;
  const fields = new Map<string, Field>();
  for (const [name, text] of Object.entries(file.types[type]!)) {
    const required = text.endsWith('!');
    fields.set(name, { type: parseType(required ? text.slice(0, -1) : text), required });
  }
  parsed.set(type, fields);
  return fields;
}

const required = new Map<string, readonly string[]>();

/** The names of the fields that the API server asks for in a type. */
export function requiredFields(type: string): readonly string[] {
  let names = required.get(type);
  if (!names) required.set(type, (names = [...(fieldsOf(type) ?? [])].filter(([, field]) => field.required).map(([name]) => name)));
  return names;
}

/** The type of an API object (`apps/v1`, `Deployment`); `null` for kinds and versions without a table, custom resources among them. */
export function typeOfKind(apiVersion: string, kind: string): string | null {
  const key = `${apiVersion} ${kind}`;
  return Object.hasOwn(file.kinds, key) ? file.kinds[key]! : null;
}

/** The object type inside a shape: of an object itself, or of the items of a list. */
function objectIn(type: FieldType): { readonly name: string; readonly list: boolean } | null {
  if (type.kind === 'object') return { name: type.name, list: false };
  return type.kind === 'list' && type.item.kind === 'object' ? { name: type.item.name, list: true } : null;
}

/** A place below a type that has a field: keys, and `*` for the items of a list. */
export type FieldPlace = readonly string[];

/**
 * Where below a type a field of this name exists, nearest first, at most `depth` keys down: `imagePullPolicy` in a PodSpec is found at
 * `containers.*`. The type itself is not searched.
 */
export function findFieldBelow(type: string, field: string, depth = 2): FieldPlace[] {
  const found: FieldPlace[] = [];
  let level: { readonly name: string; readonly path: FieldPlace }[] = [{ name: type, path: [] }];
  const seen = new Set([type]);
  for (let step = 0; step < depth; step++) {
    const next: typeof level = [];
    for (const { name, path } of level) {
      for (const [key, { type: shape }] of fieldsOf(name) ?? []) {
        const object = objectIn(shape);
        if (!object) continue;
        const place = [...path, key, ...(object.list ? ['*'] : [])];
        if (fieldsOf(object.name)?.has(field)) found.push(place);
        if (!seen.has(object.name)) next.push({ name: object.name, path: place });
        seen.add(object.name);
      }
    }
    level = next;
  }
  return found;
}

/** The field of a type that a wrong name most likely means: the same but for case, else at most two edits away; `null`: none. */
export function suggestField(type: string, name: string): string | null {
  const names = [...(fieldsOf(type)?.keys() ?? [])];
  const folded = names.find(other => other.toLowerCase() === name.toLowerCase());
  if (folded !== undefined) return folded;
  if (name.length < 4 || name.length > 60) return null;
  let best: string | null = null;
  let least = name.length < 8 ? 2 : 3;
  for (const other of names) {
    const distance = Math.abs(other.length - name.length) < least ? editDistance(name, other) : least;
    if (distance < least) {
      least = distance;
      best = other;
    }
  }
  return best;
}
