import { isFilledAtRun } from '../../../knowledge/folders';
import type { Range } from '../../../base/text/range';
import { memoize } from '../../../base/text/memoize';
import { absolutePath, workdirAt } from './files';
import { chainInstructions, wholeText } from './chain';
import { runCommands } from './scripts';
import type { ShellCommand } from '../../../syntax/shell/types';
import type { Instruction, Stage } from './types';

/** A folder in which the program of an image keeps data, and the word that says so. */
export interface StatePath {
  readonly path: string;
  readonly range: Range;
}

/** Folders for what changes while a program runs; those of package managers are none. */
const state = /^\/(?:data|srv|state|storage|run|var\/(?:cache|data|db|lib|log|mail|run|spool))(?:\/|$)(?!apt\/|dpkg\/|rpm\/)/;

/** The first folder of data that a stage declares (VOLUME), works in or fills; of its bases, with the place of its own FROM. */
export function statePath(stage: Stage): StatePath | null {
  const own = ownState(stage);
  if (own !== null) return own;
  for (let base = stage.base; base !== null; base = base.base) {
    const inherited = ownState(base);
    if (inherited !== null) return { path: inherited.path, range: stage.image.range };
  }
  return null;
}

/** A folder that a RUN makes; `sure`: whatever happens, and no later one takes it away. */
export interface CreatedDirectory {
  readonly path: string;
  readonly sure: boolean;
}

/** Whether a command runs unless its script fails before. */
function isUnconditional({ pipeline: { list, index } }: ShellCommand): boolean {
  return list.kind === 'script' && !list.pipelines.slice(0, index).some(({ after }) => after === '||');
}

/** The folders that the RUNs of a stage and its bases make for its program: those of data, and below where it works those with a telling name. */
export function createdDirectories(stage: Stage): readonly CreatedDirectory[] {
  const below = `${stage.state.workdir?.value?.replace(/\/$/, '') ?? ''}/`;
  const removes = chainInstructions(stage).some(i => i.keyword === 'RUN' && /\b(?:rmdir|mv|rm\s+-\w*r)/.test(i.logical.text));
  return chainInstructions(stage).flatMap(instruction => {
    if (instruction.keyword !== 'RUN' || !wholeText(instruction).includes('mkdir')) return [];
    const commands = runCommands(instruction).map(({ command }) => command);
    const from = commands.some(({ name }) => name === 'cd') ? null : workdirAt(instruction);
    return commands.flatMap(command => {
      if (command.name !== 'mkdir') return [];
      const sure = !removes && isUnconditional(command);
      return command.args.flatMap(({ raw, text }) => {
        if (text === null || raw.startsWith('-')) return [];
        if (state.test(text)) return [{ path: text, sure }];
        const path = absolutePath(text, from);
        return path !== null && below !== '/' && path.startsWith(below) && isFilledAtRun(path) ? [{ path, sure }] : [];
      });
    });
  });
}

const ownState = memoize((stage: Stage): StatePath | null => {
  for (const instruction of stage.instructions) {
    const found = stateOf(instruction);
    if (found !== null) return found;
  }
  return null;
});

/** The folder of data that an instruction declares, works in, makes or fills. */
function stateOf(instruction: Instruction): StatePath | null {
  const { keyword, file } = instruction;
  if (keyword === 'VOLUME') {
    const [word] = instruction.words;
    return word && !word.text.startsWith('/tmp') ? { path: file.expand(word, instruction) ?? word.text, range: word.range } : null;
  }
  if (keyword === 'RUN') {
    for (const { command } of runCommands(instruction)) {
      if (command.name !== 'mkdir') continue;
      for (const { text, raw, range } of command.args)
        if (!raw.startsWith('-') && text !== null && state.test(text)) return { path: text, range };
    }
    return null;
  }
  const word = keyword === 'WORKDIR' || keyword === 'COPY' || keyword === 'ADD' ? instruction.words.at(-1) : undefined;
  const text = word && file.expand(word, instruction);
  const path = text == null ? null : absolutePath(text, workdirAt(instruction));
  return path !== null && state.test(path) ? { path, range: word!.range } : null;
}
