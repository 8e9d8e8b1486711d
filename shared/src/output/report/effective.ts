import type { Effective, EffectiveFact, EffectivePhrase } from '../../evidence/effective';
import type { Gate } from './gate';
import { joined, masked, type MaskedText, plain } from './masked-text';
import type { Words } from './words';

/** A fact in words: what it is about, what holds, and where that comes from. */
interface EffectiveLine {
  readonly label: MaskedText;
  readonly values: readonly MaskedText[];
  readonly from: MaskedText;
}

/** The facts about what really runs, in words. */
export function effectiveLines({ facts }: Effective, words: Words, gate: Gate): readonly EffectiveLine[] {
  const say = (part: string | EffectivePhrase): MaskedText =>
    typeof part === 'string' ? gate.mask(part) : gate.words(words.effective(part));
  return facts.map(({ id, values, from }: EffectiveFact) => ({
    label: gate.words(words.effective({ phrase: id })),
    values: values.map(say),
    from: say(from),
  }));
}

/** What really runs as a text, to be read or compared: an entry for each container, a line for each fact, and after `#` where it comes from. */
export function effectiveText(all: readonly Effective[], words: Words, gate: Gate): MaskedText {
  const blocks = all.map(one => {
    const lines = effectiveLines(one, words, gate).flatMap(({ label, values, from }) =>
      values.length === 1
        ? [masked`  ${label}: ${values[0]!}  # ${from}`]
        : [masked`  ${label}:  # ${from}`, ...values.map(value => masked`    - ${value}`)],
    );
    return joined([masked`${gate.mask(one.name)}:`, ...lines], '\n');
  });
  return blocks.length === 0 ? plain('') : masked`${joined(blocks, '\n\n')}\n`;
}
