import { insertWords, moveTrailingComment, removeWords, replaceText } from '../../../rule/fix/operations';
import { markOf } from '../../../rule/fix/places';
import type { Proposal } from '../../../rule/fix/remedy';
import type { MessageData } from '../../../base/terms/types';
import { range } from '../../../base/text/range';
import type { DockerfileProblem, Instruction } from '../model/types';
import { closePairs } from './pairs';

/** The ids of the fixes that `mendOf` proposes. */
export type Mend = 'move-comment' | 'close' | 'remove-flag' | 'complete' | 'command';

/** Instructions of more words and flags are left alone. */
const most = 100;

/** What is likely to be wanted where an instruction has no arguments. */
const samples: Readonly<Record<string, string>> = {
  EXPOSE: '8080',
  USER: '10001',
  WORKDIR: '/app',
  ENV: 'NAME=value',
  LABEL: 'name=value',
  ARG: 'NAME',
  STOPSIGNAL: 'SIGTERM',
  VOLUME: '/data',
  HEALTHCHECK: 'CMD true',
};

/** What makes something valid of an instruction that BuildKit refuses, beside a near name; `null` where nobody can say. */
export function mendOf(problem: DockerfileProblem): { readonly id: Mend; readonly proposal: Proposal; readonly data?: MessageData } | null {
  const { code, instruction, data } = problem;
  if (!instruction || instruction.onbuildParent) return null;
  // each of thousands of words or flags would be looked for among all of them
  if (instruction.words.length + instruction.flags.length > most) return null;
  const { index, keyword, words } = instruction;
  if (code === 'from-arguments' || code === 'pair-without-equals') {
    const comment = commentBehind(instruction);
    // with a FROM that is read the file has other findings, too
    const type = code === 'from-arguments' ? ('attended' as const) : undefined;
    if (comment) return { id: 'move-comment', proposal: { operations: () => [moveTrailingComment(index, comment)], class: type } };
    const closed = code === 'pair-without-equals' && keyword !== 'ARG' ? closePairs(instruction) : null;
    return closed && { id: 'close', proposal: { operations: () => closed } };
  }
  if (code === 'unknown-flag' || code === 'flag-not-allowed' || code === 'repeated-flag') {
    const flag = instruction.flags.find(({ range: own }) => own.start <= problem.range.start && problem.range.end <= own.end);
    // of two that differ nobody knows which is meant, and a flag in front of a shell's words may be its command's
    const isMeant =
      code === 'repeated-flag'
        ? instruction.flags.some(other => other !== flag && other.name === flag?.name && other.value !== flag.value)
        : Boolean(data['suggestion']) ||
          (code === 'flag-not-allowed' && instruction.script !== null && !/^(?:-- )?\[/.test(argumentsOf(instruction)));
    return flag && !isMeant
      ? { id: 'remove-flag', proposal: { operations: () => [removeWords(flag.range)] }, data: { flag: flag.name } }
      : null;
  }
  if (code === 'missing-arguments' && Object.hasOwn(samples, keyword)) {
    // behind `HEALTHCHECK CMD` the command alone is missing
    const sample = words.length > 0 ? 'true' : samples[keyword]!;
    const places = [{ text: '', sample }];
    return { id: 'complete', proposal: { operations: () => [insertWords(problem.range.end, markOf(1))], places }, data: { keyword } };
  }
  // a word in capitals is the name of something that Docker does not have
  if (code === 'healthcheck-type' && !/^[A-Z]+$/.test(words[0]!.text))
    return { id: 'command', proposal: { operations: () => [replaceText(range(words[0]!.range.start), 'CMD ')] } };
  return null;
}

function argumentsOf({ logical, argumentsStart, argumentsEnd }: Instruction): string {
  return logical.text.slice(argumentsStart, argumentsEnd);
}

/** What was meant as a comment behind an instruction; `null` where no word begins with a number sign, or more follows it on another line. */
function commentBehind({ keyword, words, argumentsRange, file }: Instruction): { readonly start: number; readonly end: number } | null {
  const at = words.findIndex(({ raw }) => raw.startsWith('#'));
  const start = words[at]?.range.start;
  // what is left of a FROM is an image, with or without a name
  const isWhole = keyword === 'FROM' ? at === 1 || (at === 3 && words[1]!.text.toLowerCase() === 'as') : at > 0;
  if (start === undefined || !isWhole || file.text.slice(start, argumentsRange.end).includes('\n')) return null;
  return range(start, argumentsRange.end);
}
