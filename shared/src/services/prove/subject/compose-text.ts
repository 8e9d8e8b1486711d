import { rawText } from '../../../families/compose/model/items';
import { substitute } from '../../../families/compose/model/template';
import { entriesOfValue, isNull, itemsOfValue, textOf, type Value } from '../../../families/compose/model/value';
import { commandWords } from '../../../families/compose/model/words';
import type { Range } from '../../../base/text/range';
import { refuse, setVariable, takeWords, type Draft } from './draft';
import { isSecretVariable, type TrialText } from './substitutes';

/** Where a value is in the file that is asked about; `null`: elsewhere. */
export type PlaceOf = (value: Value) => Range | null;

/**
 * The text of a scalar by the defaults of the file alone: no environment and no `.env` is looked at. A variable without one has a random text where its name,
 * or that of what it fills, says that it is a secret. `null`: it is none, or not known.
 */
export function settledText(draft: Draft, value: Value, name = ''): TrialText | null {
  if (value.kind !== 'scalar') return null;
  if (!value.unknown) return value.value === null ? null : { text: String(value.value), isStandIn: false };
  const raw = rawText(value);
  let isStandIn = false;
  const { text, unknown, error } = substitute(raw, variable => {
    const isSecret =
      isSecretVariable(variable) ||
      (isSecretVariable(name) && /^(?:[\w.-]{1,256}=)?\$(?:\w{1,256}|\{\w{1,256}(?::?[-?][^}]{0,500})?\})$/.test(raw));
    if (!isSecret) return undefined;
    isStandIn = true;
    return draft.substitutes.of(variable);
  });
  return unknown || error ? null : { text, isStandIn };
}

/** The text of a scalar whose secrets are no matter; what is not known is refused. */
export function knownText(draft: Draft, what: string, value: Value, place: PlaceOf): string | null {
  const text = textOf(value);
  if (text === null && !isNull(value)) refuse(draft, 'unclear', what, place(value));
  return text;
}

/** Whether a switch is on; what is not known is refused. */
export function isOn(draft: Draft, what: string, value: Value, place: PlaceOf): boolean {
  const text = knownText(draft, what, value, place);
  return text === 'true';
}

/** The words of a command as text or as a list; `null`: nothing is written, or it is refused. */
export function commandOf(draft: Draft, what: string, value: Value, place: PlaceOf): readonly string[] | null {
  if (isNull(value)) return null;
  const items = value.kind === 'list' ? value.items : [value];
  const texts = items.map(item => settledText(draft, item)?.text ?? null);
  const words = texts.every(text => text !== null) ? (value.kind === 'list' ? texts : commandWords(texts[0]!)) : null;
  if (words) return takeWords(draft, what, words, place(value));
  refuse(draft, 'unclear', what, place(value));
  return null;
}

/** The items of a list, or of a scalar in its place, each known. */
export function knownItems(draft: Draft, what: string, value: Value, place: PlaceOf): readonly { text: string; range: Range | null }[] {
  const items = value.kind === 'list' ? value.items : isNull(value) ? [] : [value];
  return items.flatMap(item => {
    const text = item.kind === 'scalar' ? knownText(draft, what, item, place) : null;
    if (item.kind !== 'scalar') refuse(draft, 'unclear', what, place(item));
    return text === null ? [] : [{ text, range: place(item) }];
  });
}

/** Pairs of a map, or of a list of `NAME=value`; `null`: a name alone. */
export function pairsOf(draft: Draft, value: Value): readonly (readonly [name: string, value: TrialText | null, at: Value])[] {
  if (value.kind === 'map')
    return entriesOfValue(value).map(([name, { value: item }]) => [name, isNull(item) ? null : settledOr(draft, name, item), item]);
  return itemsOfValue(value).map(item => {
    const raw = item.kind === 'scalar' && item.unknown ? rawText(item) : (textOf(item) ?? '');
    const equals = raw.indexOf('=');
    const name = equals < 0 ? raw : raw.slice(0, equals);
    if (equals < 0) return [name, null, item];
    const whole = settledText(draft, item, name);
    if (!whole) return [name, unsettled, item];
    return [name, { ...whole, text: whole.text.slice(whole.text.indexOf('=') + 1) }, item];
  });
}

/** In place of a value that is not known. */
const unsettled: TrialText = { text: '\0', isStandIn: false };

const settledOr = (draft: Draft, name: string, item: Value): TrialText => settledText(draft, item, name) ?? unsettled;

/** Takes over `environment`: a name alone would take its value from the environment of the user. */
export function takeEnvironment(draft: Draft, value: Value, place: PlaceOf): void {
  for (const [name, text, at] of pairsOf(draft, value)) {
    if (text) setVariable(draft, name, text, place(at));
    else if (isSecretVariable(name)) setVariable(draft, name, { text: draft.substitutes.of(name), isStandIn: true }, place(at));
    else draft.leftOut.add(`environment ${name}`);
  }
}
