import { range, type Range } from '../../text/range';
import { sliceMapped, sourceRange, type MappedText } from '../shell/mapped-text';
import { isBlank, lazy, skipSpace, splitAtBlanks, trimEnd } from './characters';
import { readExecForm, type ExecForm } from './exec-form';
import { readFlags } from './flags';
import type { LogicalLine } from './lines';
import { readMount } from './mounts';
import type { DockerfileModel, Flag, Instruction, KeyValue, Mount, Stage, StageState, Word } from './types';
import { makeExecWord, makeLegacyPair, makePair, makeWord, splitQuoted } from './words';

/** The instructions of BuildKit. */
export const keywords = [
  'ADD', 'ARG', 'CMD', 'COPY', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'FROM', 'HEALTHCHECK', 'LABEL', 'MAINTAINER', 'ONBUILD', 'RUN', 'SHELL',
  'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR',
] as const; // prettier-ignore

const execKeywords = new Set(['ADD', 'COPY', 'VOLUME', 'RUN', 'CMD', 'ENTRYPOINT', 'SHELL', 'HEALTHCHECK']);
const scriptKeywords = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK']);
const singleKeywords = new Set(['USER', 'WORKDIR', 'STOPSIGNAL', 'MAINTAINER']);
const pairKeywords = new Set(['ENV', 'LABEL', 'ARG']);

/** What an instruction needs from the model around it; looked up when asked, since the stages are made from the instructions. */
export interface Surroundings {
  readonly file: () => DockerfileModel;
  readonly stage: (instruction: Instruction) => Stage | null;
  readonly before: (instruction: Instruction) => StageState | null;
}

/** Makes the view of a logical line. */
export function makeInstruction(line: LogicalLine, index: number, escape: string, surroundings: Surroundings): Instruction {
  return make(line, index, 0, null, escape, surroundings);
}

function make(
  line: LogicalLine,
  index: number,
  start: number,
  parent: Instruction | null,
  escape: string,
  surroundings: Surroundings,
): Instruction {
  const { logical } = line;
  const { text } = logical;
  const keywordStart = skipSpace(text, start, text.length);
  let keywordEnd = keywordStart;
  while (keywordEnd < text.length && !isBlank(text.charCodeAt(keywordEnd))) keywordEnd++;
  const keyword = text.slice(keywordStart, keywordEnd).toUpperCase();
  const { flags, end } = text.startsWith('--', skipSpace(text, keywordEnd, text.length))
    ? readFlags(logical, keywordEnd, escape)
    : { flags: [], end: keywordEnd };
  const argumentsStart = skipSpace(text, end, text.length);
  const argumentsEnd = trimEnd(text, argumentsStart, text.length);

  /** Where the command of CMD and the like starts: behind CMD in a HEALTHCHECK. */
  const commandStart = lazy((): number | null => {
    if (keyword !== 'HEALTHCHECK') return argumentsStart;
    const type = splitAtBlanks(text, argumentsStart, argumentsEnd)[0];
    return type && text.slice(type.start, type.end).toUpperCase() === 'CMD' ? skipSpace(text, type.end, argumentsEnd) : null;
  });
  const exec = lazy((): ExecForm => {
    const from = commandStart();
    return execKeywords.has(keyword) && from !== null && text[from] === '['
      ? readExecForm(text.slice(from, argumentsEnd))
      : { kind: 'none' };
  });
  const json = lazy((): readonly Word[] | null => {
    const form = exec();
    return form.kind === 'strings' ? form.strings.map(string => makeExecWord(logical, commandStart()!, string, escape)) : null;
  });
  const pairRanges = lazy(() => splitQuoted(text, argumentsStart, argumentsEnd, escape));
  const words = lazy((): readonly Word[] => {
    const wordAt = (place: Range): Word => makeWord(logical, place.start, place.end, escape);
    if (argumentsStart === argumentsEnd) return [];
    if (pairKeywords.has(keyword)) return pairRanges().map(wordAt);
    if (singleKeywords.has(keyword)) return [wordAt(range(argumentsStart, argumentsEnd))];
    const strings = json();
    if (strings === null) return splitAtBlanks(text, argumentsStart, argumentsEnd).map(wordAt);
    return keyword === 'HEALTHCHECK' ? [wordAt(splitAtBlanks(text, argumentsStart, argumentsEnd)[0]!), ...strings] : strings;
  });
  const pairs = lazy((): readonly KeyValue[] => {
    const places = pairKeywords.has(keyword) ? pairRanges() : [];
    const first = places[0];
    if (first === undefined) return [];
    if (keyword === 'ARG' || text.slice(first.start, first.end).includes('=')) return places.map(place => makePair(logical, place, escape));
    const [name] = splitAtBlanks(text, argumentsStart, argumentsEnd);
    const value = skipSpace(text, name!.end, argumentsEnd);
    return value < argumentsEnd ? [makeLegacyPair(logical, name!, range(value, argumentsEnd), escape)] : [];
  });
  const mounts = lazy((): readonly Mount[] => (keyword === 'RUN' ? flags.filter(isMount).map(readMount) : []));
  const script = lazy((): MappedText | null => {
    const from = commandStart();
    return scriptKeywords.has(keyword) && from !== null && from < argumentsEnd && json() === null
      ? sliceMapped(logical, from, argumentsEnd)
      : null;
  });
  const onbuild = lazy((): Instruction | null =>
    keyword === 'ONBUILD' && parent === null && argumentsStart < argumentsEnd
      ? make(line, index, argumentsStart, instruction, escape, surroundings)
      : null,
  );

  const instruction: Instruction = {
    index,
    keyword,
    keywordRange: sourceRange(logical, keywordStart, keywordEnd),
    range: range(parent === null ? line.start : sourceRange(logical, keywordStart, keywordEnd).start, line.end),
    logical,
    argumentsStart,
    argumentsEnd,
    argumentsRange: sourceRange(logical, argumentsStart, argumentsEnd),
    flags,
    flag: name => flags.findLast(flag => flag.name === name),
    heredocs: line.heredocs,
    continuations: line.continuations,
    blankLines: line.blankLines,
    parent,
    get file() {
      return surroundings.file();
    },
    get words() {
      return words();
    },
    get json() {
      return json();
    },
    get script() {
      return script();
    },
    get pairs() {
      return pairs();
    },
    get mounts() {
      return mounts();
    },
    get onbuild() {
      return onbuild();
    },
    get stage() {
      return surroundings.stage(instruction);
    },
    get before() {
      return surroundings.before(instruction);
    },
  };
  return instruction;
}

function isMount(flag: Flag): boolean {
  return flag.name === 'mount' && flag.value !== null;
}

/** Whether the arguments start like a JSON array and are none, so that BuildKit runs them in a shell; or hold something else than strings. */
export function execFormOf(instruction: Instruction): 'strings' | 'not-strings' | 'broken' | 'none' {
  if (!execKeywords.has(instruction.keyword)) return 'none';
  if (instruction.json !== null) return 'strings';
  const { text } = instruction.logical;
  let start = instruction.argumentsStart;
  if (instruction.keyword === 'HEALTHCHECK') start = skipSpace(text, start + 'CMD'.length, instruction.argumentsEnd);
  if (text[start] !== '[') return 'none';
  return readExecForm(text.slice(start, instruction.argumentsEnd)).kind === 'not-strings' ? 'not-strings' : 'broken';
}
