import { range, type Range } from '../../../base/text/range';
import { declareReach, unreached } from '../../../base/text/reach';
import { sliceMapped, sourceRange, type MappedText } from '../../../syntax/shell/mapped-text';
import type { ShellScript } from '../../../syntax/shell/types';
import { isBlank, skipSpace, splitAtBlanks, trimEnd } from './characters';
import { readExecForm, type ExecForm } from './exec-form';
import { readFlags } from './flags';
import type { LogicalLine } from './lines';
import { readMount } from './mounts';
import { readCommands, readScripts } from './scripts';
import type { DockerfileModel, Flag, Heredoc, Instruction, KeyValue, Mount, RunCommand, Stage, StageState, Word } from './types';
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
export interface InstructionContext {
  readonly file: DockerfileModel;
  readonly stageOf: (instruction: number) => Stage | null;
  readonly before: (instruction: number) => StageState | null;
}

/** Makes the view of a logical line. */
export function makeInstruction(line: LogicalLine, index: number, escape: string, surroundings: InstructionContext): Instruction {
  return new InstructionView(line, index, 0, null, escape, surroundings);
}

/** An instruction. A class for the same reason as words: views are made for every line, and most of their parts are never asked for. */
class InstructionView implements Instruction {
  readonly keyword: string;
  readonly keywordRange: Range;
  readonly range: Range;
  readonly flags: readonly Flag[];
  readonly argumentsStart: number;
  readonly argumentsEnd: number;
  private form: ExecForm | undefined;
  private jsonWords: readonly Word[] | null | undefined;
  private allWords: readonly Word[] | undefined;
  private allPairs: readonly KeyValue[] | undefined;
  private allMounts: readonly Mount[] | undefined;
  private shellScript: MappedText | null | undefined;
  private allScripts: readonly ShellScript[] | undefined;
  private allCommands: readonly RunCommand[] | undefined;
  private ownTrigger: Instruction | null | undefined;

  constructor(
    private readonly line: LogicalLine,
    private readonly place: number,
    start: number,
    readonly onbuildParent: Instruction | null,
    private readonly escape: string,
    private readonly surroundings: InstructionContext,
  ) {
    const { logical } = line;
    const { text } = logical;
    const keywordStart = skipSpace(text, start, text.length);
    let keywordEnd = keywordStart;
    while (keywordEnd < text.length && !isBlank(text.charCodeAt(keywordEnd))) keywordEnd++;
    this.keyword = text.slice(keywordStart, keywordEnd).toUpperCase();
    this.keywordRange = sourceRange(logical, keywordStart, keywordEnd);
    this.range = range(onbuildParent === null ? line.start : this.keywordRange.start, line.end);
    const next = skipSpace(text, keywordEnd, text.length);
    const { flags, end } = text.startsWith('--', next) ? readFlags(logical, next, escape) : { flags: [], end: next };
    this.flags = flags;
    this.argumentsStart = skipSpace(text, end, text.length);
    this.argumentsEnd = trimEnd(text, this.argumentsStart, text.length);
  }

  get logical(): MappedText {
    return this.line.logical;
  }

  get heredocs(): readonly Heredoc[] {
    return this.line.heredocs;
  }

  get continuations(): readonly Range[] {
    return this.line.continuations;
  }

  get blankLines(): readonly Range[] {
    return this.line.blankLines;
  }

  get argumentsRange(): Range {
    return sourceRange(this.logical, this.argumentsStart, this.argumentsEnd);
  }

  get index(): number {
    return this.place;
  }

  get file(): DockerfileModel {
    return this.surroundings.file;
  }

  get stage(): Stage | null {
    return this.surroundings.stageOf(this.place);
  }

  get stateBefore(): StageState | null {
    return this.surroundings.before(this.place);
  }

  flag(name: string): Flag | undefined {
    return this.flags.findLast(flag => flag.name === name);
  }

  /** Where the command of CMD and the like starts: behind CMD in a HEALTHCHECK; -1 where there is none. */
  private get commandStart(): number {
    if (this.keyword !== 'HEALTHCHECK') return this.argumentsStart;
    const { text } = this.logical;
    let end = this.argumentsStart;
    while (end < this.argumentsEnd && !isBlank(text.charCodeAt(end))) end++;
    return text.slice(this.argumentsStart, end).toUpperCase() === 'CMD' ? skipSpace(text, end, this.argumentsEnd) : -1;
  }

  /** What the arguments are where an exec form may stand. */
  get exec(): ExecForm {
    if (this.form === undefined) {
      const from = execKeywords.has(this.keyword) ? this.commandStart : -1;
      const { text } = this.logical;
      this.form = from >= 0 && text[from] === '[' ? readExecForm(text.slice(from, this.argumentsEnd)) : { kind: 'none' };
    }
    return this.form;
  }

  get execForm(): readonly Word[] | null {
    if (this.jsonWords === undefined) {
      const { exec } = this;
      this.jsonWords =
        exec.kind === 'strings' ? exec.strings.map(string => makeExecWord(this.logical, this.commandStart, string, this.escape)) : null;
    }
    return this.jsonWords;
  }

  get words(): readonly Word[] {
    return (this.allWords ??= this.readWords());
  }

  private readWords(): readonly Word[] {
    const { keyword, logical, argumentsStart, argumentsEnd, escape } = this;
    const wordAt = (place: Range): Word => makeWord(logical, place.start, place.end, escape);
    if (argumentsStart === argumentsEnd) return [];
    if (pairKeywords.has(keyword)) return splitQuoted(logical.text, argumentsStart, argumentsEnd, escape).map(wordAt);
    if (singleKeywords.has(keyword)) return [wordAt(range(argumentsStart, argumentsEnd))];
    const strings = this.execForm;
    if (strings === null) return splitAtBlanks(logical.text, argumentsStart, argumentsEnd).map(wordAt);
    return keyword === 'HEALTHCHECK' ? [wordAt(range(argumentsStart, argumentsStart + 'CMD'.length)), ...strings] : strings;
  }

  get pairs(): readonly KeyValue[] {
    return (this.allPairs ??= pairKeywords.has(this.keyword) ? this.readPairs() : []);
  }

  private readPairs(): readonly KeyValue[] {
    const { keyword, logical, argumentsStart, argumentsEnd, escape } = this;
    const places = splitQuoted(logical.text, argumentsStart, argumentsEnd, escape);
    const first = places[0];
    if (first === undefined) return [];
    if (keyword === 'ARG' || logical.text.slice(first.start, first.end).includes('='))
      return places.map(place => makePair(logical, place, escape));
    const [name] = splitAtBlanks(logical.text, argumentsStart, argumentsEnd);
    const value = skipSpace(logical.text, name!.end, argumentsEnd);
    return value < argumentsEnd ? [makeLegacyPair(logical, name!, range(value, argumentsEnd), escape)] : [];
  }

  get mounts(): readonly Mount[] {
    return (this.allMounts ??= this.keyword === 'RUN' ? this.flags.filter(isMount).map(readMount) : []);
  }

  get script(): MappedText | null {
    if (this.shellScript === undefined) {
      const from = scriptKeywords.has(this.keyword) ? this.commandStart : -1;
      this.shellScript =
        from >= 0 && from < this.argumentsEnd && this.execForm === null ? sliceMapped(this.logical, from, this.argumentsEnd) : null;
    }
    return this.shellScript;
  }

  get scripts(): readonly ShellScript[] {
    return (this.allScripts ??= unreached(() => readScripts(this)));
  }

  get commands(): readonly RunCommand[] {
    return (this.allCommands ??= unreached(() => readCommands(this)));
  }

  get trigger(): Instruction | null {
    if (this.ownTrigger === undefined) {
      const holds = this.keyword === 'ONBUILD' && this.onbuildParent === null && this.argumentsStart < this.argumentsEnd;
      this.ownTrigger = holds
        ? new InstructionView(this.line, this.place, this.argumentsStart, this, this.escape, this.surroundings)
        : null;
    }
    return this.ownTrigger;
  }
}

// an instruction is the piece itself
declareReach(InstructionView, {
  keyword: 'within',
  keywordRange: 'within',
  range: 'within',
  logical: 'within',
  argumentsStart: 'within',
  argumentsEnd: 'within',
  argumentsRange: 'within',
  flags: 'within',
  flag: 'within',
  words: 'within',
  exec: 'within',
  execForm: 'within',
  script: 'within',
  heredocs: 'within',
  pairs: 'within',
  mounts: 'within',
  trigger: 'within',
  onbuildParent: 'within',
  continuations: 'within',
  blankLines: 'within',
  scripts: 'within',
  commands: 'within',
  // what they lead to says so itself
  file: 'within',
  stage: 'within',
  index: 'beyond',
  stateBefore: 'beyond',
});

function isMount(flag: Flag): boolean {
  return flag.name === 'mount' && flag.value !== null;
}

/** Whether the arguments are strings in brackets, or brackets with something else in them, or only look like a JSON array. */
export function execFormOf(instruction: Instruction): 'strings' | 'not-strings' | 'broken' | 'none' {
  if (!(instruction instanceof InstructionView) || !execKeywords.has(instruction.keyword)) return 'none';
  const { kind } = instruction.exec;
  if (kind !== 'none') return kind;
  const { text } = instruction.logical;
  const start =
    instruction.keyword === 'HEALTHCHECK'
      ? skipSpace(text, instruction.argumentsStart + 'CMD'.length, instruction.argumentsEnd)
      : instruction.argumentsStart;
  return text[start] === '[' ? 'broken' : 'none';
}
