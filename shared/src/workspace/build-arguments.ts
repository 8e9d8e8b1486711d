import { maskValue } from '../knowledge/secrets/mask';
import { isVariable } from '../syntax/yaml/certainty';
import type { MaybeNode } from '../syntax/yaml/lookup';
import { mapOf, scalarOf, sequenceOf, stringOf } from '../syntax/yaml/values';

/** The arguments that a build is given, by name; `null`: a variable decides. */
export type BuildArguments = Readonly<Record<string, string | null>>;

/** A value as it is unless somebody sets its variable, `${NAME:-value}`; `null`: a variable decides. */
function valueOf(name: string, text: string | null): string | null {
  const plain = text && (/^\$\{\w{1,80}:?-([^${}]*)\}$/.exec(text)?.[1] ?? text);
  return plain === null || isVariable(plain) ? null : maskValue(name, plain);
}

/** The arguments of a build in YAML: `NAME: value`, or `NAME=value` in a list. */
export function argumentsOf(node: MaybeNode): BuildArguments {
  const map = mapOf(node);
  if (map)
    return Object.fromEntries(map.entries.map(({ name, value }) => [name, valueOf(name, scalarOf(value)?.value?.toString() ?? null)]));
  return writtenArguments((sequenceOf(node)?.items ?? []).flatMap(item => stringOf(item) ?? []));
}

/** Arguments of a build as `NAME=value`; `NAME` alone is one of the environment. */
export function writtenArguments(words: readonly string[]): BuildArguments {
  return Object.fromEntries(
    words.flatMap(word => {
      const [, name, value = null] = /^ {0,40}(\w{1,80})(?:=(.*))?$/.exec(word) ?? [];
      return name === undefined ? [] : [[name, valueOf(name, value)]];
    }),
  );
}
