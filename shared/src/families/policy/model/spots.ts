import type { Range } from '../../../base/text/range';
import type { MaybeNode } from '../../../syntax/yaml/lookup';
import type { Path, YamlMap, YamlNode, YamlScalar } from '../../../syntax/yaml/types';
import { booleanOf, itemsOf, mapOf, scalarOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import { mayChange } from '../../../syntax/yaml/certainty';

/** A map, and where it stands from the document's root. */
export interface MapSpot {
  readonly map: YamlMap;
  readonly path: Path;
}

/** A text, and where it stands. */
export interface TextSpot {
  readonly text: string;
  readonly node: YamlScalar;
  readonly path: Path;
  /** Of the scalar as written, quotes included. */
  readonly range: Range;
}

/** The map under a key; `null` where none is. */
export function mapAt(spot: MapSpot | null, key: string): MapSpot | null {
  const map = mapOf(spot?.map.get(key));
  return spot && map ? { map, path: [...spot.path, key] } : null;
}

/** The map at the end of a way of keys. */
export function mapIn(spot: MapSpot | null, ...keys: readonly string[]): MapSpot | null {
  return keys.reduce(mapAt, spot);
}

/** The maps of the sequence under a key. */
export function mapsAt(spot: MapSpot | null, key: string): readonly MapSpot[] {
  return spot ? itemsOf(spot.map.get(key)).map(({ index, map }) => ({ map, path: [...spot.path, key, index] })) : [];
}

/** The text under a key. What is filled in later is a text too: ask `mayChange`. */
export function textAt(spot: MapSpot | null, key: string): TextSpot | null {
  return spot ? textOf(spot.map.get(key), [...spot.path, key]) : null;
}

/** The texts of the sequence under a key. */
export function textsAt(spot: MapSpot | null, key: string): readonly TextSpot[] {
  return (sequenceOf(spot?.map.get(key))?.items ?? []).flatMap((item, index) => textOf(item, [...spot!.path, key, index]) ?? []);
}

/** A node as a text; `null` where it is none. */
export function textOf(node: MaybeNode, path: Path): TextSpot | null {
  const scalar = scalarOf(node);
  const text = stringOf(scalar);
  return scalar && text !== null ? { text, node: scalar, path, range: scalar.range } : null;
}

/** The node under a key where it is a boolean of this value. */
export function flagAt(spot: MapSpot | null, key: string, value: boolean): YamlNode | null {
  const node = spot?.map.get(key);
  return node && booleanOf(node) === value ? node : null;
}

/** Where a key stands; `null` where it is absent. */
export function keyRange(spot: MapSpot | null, key: string): Range | null {
  return spot?.map.entry(key)?.key?.range ?? null;
}

/** Whether a key is there, with a value or without. */
export function has(spot: MapSpot | null, key: string): boolean {
  return spot?.map.entry(key) !== undefined;
}

/** Whether a text is what it says: no template or substitution stands in it. */
export function isLiteral(spot: TextSpot): boolean {
  return !mayChange(spot.node);
}
