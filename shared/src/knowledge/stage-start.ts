import { derive } from '../model/derived';
import { firstWith } from '../model/dockerfile/chain';
import { scriptsOf } from '../model/dockerfile/scripts';
import type { Instruction, Stage } from '../model/dockerfile/types';
import { baseName } from '../model/shell/interpreter';
import type { ImageProfile } from './image-profiles';
import { droppingServers, interactivePrograms, interpreters, userSwitchers } from './programs';

/** What an image brings so that its entry point script can go on as another user. */
const switchTools = /\b(?:gosu|su-exec|s6-overlay|s6-setuidgid|setpriv|chpst)\b/;

/** What a stage starts: ENTRYPOINT and CMD, and the programs that they name, paths taken off. */
export interface Start {
  readonly entrypoint: boolean;
  readonly words: readonly string[];
  /** Those that run: without the CMD that a program of its own takes for arguments. */
  readonly runs: readonly string[];
  /** Whether the first word is a script that came with the build. */
  readonly script: boolean;
}

const inits: readonly string[] = ['tini', '--', 'dumb-init', 'docker-init', 'catatonit', '-g', '-s'];
const scriptName = /\.sh$|entry-?point|^(?:start|run|boot)\b/i;

function wordsOf(instruction: Instruction | null): string[] {
  if (instruction === null) return [];
  const commands = scriptsOf(instruction).flatMap(s => s.commands.filter(c => c.name !== null));
  if (instruction.json) return [...instruction.json.map(w => baseName(w.text)), ...commands.slice(1).map(c => c.name!)];
  return commands.flatMap(c => [c.name!, ...c.args.map(a => a.text ?? a.raw)]);
}

/** What a stage starts. */
export const startOf = derive((stage: Stage): Start => {
  const first = wordsOf(stage.state.entrypoint);
  const second = wordsOf(stage.state.cmd);
  const handsOn = first.every(word => inits.includes(word) || scriptName.test(word));
  const words = [...first, ...second];
  const program = words.find(word => ![...inits, 'sh', 'bash'].includes(word)) ?? '';
  return { entrypoint: stage.state.entrypoint !== null, words, runs: handsOn ? words : first, script: scriptName.test(program) };
});

/** Whether an image does something by itself, or waits for a command: a shell, an interpreter with nothing to run. */
export function startsSomething({ words }: Start, profile: ImageProfile | null): boolean {
  if (words.length === 0) return profile?.kind === 'server' || profile?.kind === 'tool';
  const program = words.filter(
    word => !['tini', '--', '-g', '-a', '-i', '-l', '-it'].includes(word) && !/entry-?point(?:\.sh)?$/.test(word),
  );
  const [only] = program;
  return only === undefined || program.length > 1 || !(interactivePrograms.has(only) || interpreters.has(only.replace(/[\d.]+$/, '')));
}

/** Whether the process that the stage starts goes on as another user by itself. */
export function dropsPrivileges(stage: Stage, profile: ImageProfile | null): boolean {
  const start = startOf(stage);
  if (start.runs.some(word => userSwitchers.has(word) || droppingServers.has(word.replace(/[\d.]+$/, '')) || word.startsWith('s6-')))
    return true;
  if (!start.entrypoint && profile?.privilegeDrop) return true;
  return (start.script || start.words[0] === 'init') && stage.file.stages.some(other => firstWith(other, switchTools) !== null);
}
