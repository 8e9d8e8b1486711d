import type { Range } from '../../text/range';
import { derive } from '../derived';
import { absolutePath, workdirAt } from './files';
import { runCommands } from './scripts';
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

const ownState = derive((stage: Stage): StatePath | null => {
  for (const instruction of stage.instructions) {
    const found = stateOf(instruction);
    if (found !== null) return found;
  }
  return null;
});

/** The folder of data that an instruction declares, works in, makes or fills. */
export function stateOf(instruction: Instruction): StatePath | null {
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
