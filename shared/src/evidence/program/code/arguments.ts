import type { Evaluator } from './evaluate';
import type { Argument, Call } from './tree';
import type { Frame, Value } from './values';

/** An argument of a call, and what it may stand for. */
interface GivenArgument {
  readonly argument: Argument;
  readonly values: readonly Value[];
}

/** What a call is given at a place, by a keyword, or in an object by one of its names: `multer({ dest: path })`; `null`: nothing. */
export function givenTo(
  call: Call,
  place: number | null,
  keywords: readonly string[],
  evaluator: Evaluator,
  frame: Frame | null,
): GivenArgument | null {
  const keyed = call.args.find(({ name }) => name !== null && keywords.includes(name));
  if (keyed) return { argument: keyed, values: evaluator.of(keyed.value, frame) };
  const before = call.args.slice(0, (place ?? 0) + 1);
  const argument = before.some(({ name, isSpread }) => name !== null || isSpread) ? undefined : before[place ?? 0];
  if (!argument) return null;
  const values = evaluator.of(argument.value, frame);
  const named =
    keywords.length === 0 ? [] : values.flatMap(value => (value.k === 'entries' ? entriesNamed(value, keywords, evaluator) : []));
  if (named.length > 0) return { argument, values: named };
  return place === null ? null : { argument, values };
}

function entriesNamed({ entries, frame }: Value & { k: 'entries' }, names: readonly string[], evaluator: Evaluator): readonly Value[] {
  return entries.flatMap(({ key, value }) =>
    key?.k === 'text' && names.includes(key.text) ? evaluator.of(value, frame).flatMap(each => handedBack(each, evaluator)) : [],
  );
}

/** What a function hands its last parameter, as `destination(request, file, callback)` does: `callback(null, path)`. */
function handedBack(value: Value, evaluator: Evaluator): readonly Value[] {
  if (value.k !== 'unit') return [value];
  const callback = value.unit.parameters.at(-1)?.name;
  const frame: Frame = { unit: value.unit, call: null, caller: null, self: null, outer: value.frame };
  return value.unit.calls.flatMap(({ callee, args }) =>
    callee.k === 'name' && callee.name === callback && args[1] ? evaluator.of(args[1].value, frame) : [],
  );
}

/** Whether a call opens for writing, by the mode at a place; `null`: that is not known. */
export function opens(call: Call, place: number, evaluator: Evaluator, frame: Frame | null): boolean | null {
  const modes = givenTo(call, place, ['mode', 'flags'], evaluator, frame)?.values ?? [];
  const known = modes.map(value => {
    if (value.k === 'text' && !value.isOpen) return value.text.length < 6 && /[wax+]/.test(value.text);
    return value.k === 'const' || value.k === 'nothing' ? false : null;
  });
  return known.includes(true) ? true : known.includes(null) ? null : false;
}

/** Whether a call makes what is around its folder as well: `{ recursive: true }`, `parents=True`. */
export function isRecursive(call: Call, evaluator: Evaluator, frame: Frame | null): boolean {
  return call.args.some(
    ({ name, value }) =>
      name === 'parents' ||
      (value.k === 'object' &&
        value.entries.some(({ key, value: is }) => key?.k === 'text' && key.text === 'recursive' && evaluator.truth(is, frame) === true)),
  );
}
