import type { Path, YamlMap } from '../../../syntax/yaml/types';
import { mapOf, resolve, scalarOf, stringOf } from '../../../syntax/yaml/values';
import type { NamedValue, NamedValues } from './types';

/** Reads a map of names to texts: the `env` or `with` of `holder`. */
export function readValues(holder: YamlMap, key: 'env' | 'with', holderPath: Path): NamedValues {
  const node = resolve(holder.get(key));
  const map = mapOf(node);
  const path = [...holderPath, key];
  const values = (map?.entries ?? []).map((entry): NamedValue => {
    const scalar = scalarOf(entry.value);
    return { name: entry.name, entry, node: scalar, text: stringOf(scalar), path: [...path, entry.name] };
  });
  return { path, values, open: (node !== null && map === null) || map?.merged === true };
}

/** The value of a name, without regard to case, as GitHub looks inputs up; of equal names the last. */
export function valueOf({ values }: NamedValues, name: string): NamedValue | undefined {
  const wanted = name.toLowerCase();
  return values.findLast(value => value.name.toLowerCase() === wanted);
}

/** The text of an input or variable; `null` where it is not given. */
export function textOf(values: NamedValues, name: string): string | null {
  return valueOf(values, name)?.text ?? null;
}
