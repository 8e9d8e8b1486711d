import type { Refusal } from '../../../base/terms/reasons';
import { budgets } from '../../../base/limits/budgets';
import { memoize } from '../../../base/text/memoize';
import { sourceRange } from '../../../syntax/shell/mapped-text';
import type { Range } from '../../../base/text/range';
import { firstIndex } from '../../../base/text/search';
import { splitAtBlanks } from '../model/characters';
import type { DockerfileModel, Instruction } from '../model/types';
import { readWithSecondParser, type SecondReading } from './second-parser';

/** What both parsers say of an instruction, to be compared as a text. */
function describe(
  { keyword, keywordRange, range }: Pick<SecondReading, 'keyword' | 'keywordRange' | 'range'>,
  flags: SecondReading['flags'],
  words: readonly Range[],
  trigger: string | null,
): string {
  const pair = ({ start, end }: Range): string => `${start}-${end}`;
  const flag = ({ name, range: place }: SecondReading['flags'][number]): string => `${name} ${pair(place)}`;
  return JSON.stringify([keyword, pair(keywordRange), pair(range), flags.map(flag), words.map(pair).join(' '), trigger]);
}

/** One range from the first to the last: these instructions have one argument, blanks and all. */
function joined(words: readonly Range[]): readonly Range[] {
  return words.length === 0 ? [] : [{ start: words[0]!.start, end: words.at(-1)!.end }];
}

/** An instruction as our model has it, in what dockerfile-ast has words for. */
function ourReading(instruction: Instruction): string {
  const { keyword, logical, argumentsStart, argumentsEnd, flags, trigger } = instruction;
  // The strings behind CMD in a HEALTHCHECK are plain words to the other.
  const words =
    keyword === 'HEALTHCHECK'
      ? splitAtBlanks(logical.text, argumentsStart, argumentsEnd).map(({ start, end }) => sourceRange(logical, start, end))
      : instruction.words.map(word => word.range);
  return describe(instruction, flags, words, trigger && ourReading(trigger));
}

/** The same instruction as dockerfile-ast has it, by the conventions of our model. */
function theirReading(instruction: Instruction, reading: SecondReading): string {
  const { keyword, execForm, heredocs, trigger } = instruction;
  const body = heredocs[0]?.bodyRange.start ?? Infinity;
  // it counts the lines of heredocs among the words
  const words = reading.words.filter(word => word.start < body);
  const own =
    keyword === 'ENV' || keyword === 'LABEL' || keyword === 'ARG'
      ? reading.pairs
      : keyword === 'USER' || keyword === 'WORKDIR' || keyword === 'STOPSIGNAL' || keyword === 'MAINTAINER'
        ? joined(words)
        : execForm !== null && keyword !== 'HEALTHCHECK'
          ? reading.strings
          : words;
  return describe(reading, reading.flags, own, trigger && reading.trigger && theirReading(trigger, reading.trigger));
}

/** Of each instruction of a model whether dockerfile-ast reads it as we do, and sees no other one within or behind it; `null`: it was not asked. */
const agreements = memoize((model: DockerfileModel): readonly boolean[] | null => {
  const { text, instructions } = model;
  if (text.length > budgets.secondOpinionLength) return null;
  const readings = new Map((readWithSecondParser(text) ?? []).map(reading => [reading.keywordRange.start, reading]));
  const agrees = instructions.map(instruction => {
    const { start } = instruction.keywordRange;
    const reading = readings.get(start);
    readings.delete(start);
    return reading !== undefined && ourReading(instruction) === theirReading(instruction, reading);
  });
  // What is an instruction to the other alone is doubt about the one that we have there.
  for (const start of readings.keys()) {
    const after = firstIndex(instructions.length, i => instructions[i]!.range.start > start);
    agrees[Math.max(after - 1, 0)] = false;
  }
  return agrees;
});

/** How many instructions of a Dockerfile dockerfile-ast reads otherwise than our model; `null` where the text is too long to ask it. */
export function countDisagreements(model: DockerfileModel): number | null {
  return agreements(model)?.filter(agrees => !agrees).length ?? null;
}

/**
 * Asks dockerfile-ast about a changed file: wherever it agreed with our model on the text before, and about every new instruction, it has to
 * agree on the text after. `origins` names for each instruction of `after` the one of `before` that it was; `null` for a new one.
 */
export function askSecondOpinion(before: DockerfileModel, after: DockerfileModel, origins: readonly (number | null)[]): Refusal | null {
  // the text before is looked at only where there is a doubt, which there hardly ever is
  const agreed = (origin: number | null): boolean => origin === null || (agreements(before)?.[origin] ?? false);
  const doubted = agreements(after)?.findIndex((agrees, i) => !agrees && agreed(origins[i] ?? null)) ?? -1;
  if (doubted < 0) return null;
  return {
    reason: 'parsers-disagree',
    detail: `dockerfile-ast reads instruction ${doubted} (${after.instructions[doubted]!.keyword}) otherwise`,
  };
}
