import { memoize } from '../../../text/memoize';
import type { PlacedScript, RunModel } from './types';

/** What variables of a script are set to, by their names; `null`: several times, or to what is not known. */
type Values = ReadonlyMap<string, string | null>;

/** Names that loops and `read` set. */
const setOtherwise = /\b(?:for|select|read|getopts)[ \t]([^\n;&|]{0,100})/g;

const valuesOf = memoize((model: RunModel): ReadonlyMap<PlacedScript, Values> => {
  const found = new Map<PlacedScript, Values>();
  for (const placed of model.scripts) {
    const values = new Map<string, string | null>();
    for (const { assignments } of placed.script.commands)
      for (const { name, value } of assignments) values.set(name, values.has(name) ? null : (value?.text ?? null));
    for (const [, names = ''] of model.text.slice(placed.range.start, placed.range.end).matchAll(setOtherwise))
      for (const name of names.trim().split(/[ \t]+/)) if (values.has(name)) values.set(name, null);
    found.set(placed, values);
  }
  return found;
});

/** The value of `$NAME` or `${NAME}` where its script sets the variable once, to a literal; `null` where it is not known. */
export function variableValue(model: RunModel, placed: PlacedScript, shown: string): string | null {
  const name = /^\$(?:\{([A-Za-z_]\w{0,100})\}|([A-Za-z_]\w{0,100}))$/.exec(shown);
  return name
    ? (valuesOf(model)
        .get(placed)
        ?.get(name[1] ?? name[2] ?? '') ?? null)
    : null;
}
