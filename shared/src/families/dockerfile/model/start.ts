import { memoize } from '../../../base/text/memoize';
import { baseName } from '../../../syntax/shell/interpreter';
import { chainInstructions, firstWith } from './chain';
import { scriptsOf } from './scripts';
import type { Instruction, Stage } from './types';

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
  /** Whether that script is the ENTRYPOINT, and all that the file copies to a runtime that it installs: what it is given decides. */
  readonly alone: boolean;
  /** Whether the file brings what such a script, or an init, goes on as another user with. */
  readonly switches: boolean;
}

const inits: readonly string[] = ['tini', '--', 'dumb-init', 'docker-init', 'catatonit', '-g', '-s'];
/** What scripts are called that prepare something, and go on with what they are given. */
export const scriptName = /\.sh$|entry-?point|^(?:start|run|boot)\b/i;

/** Scripts of servers that their images bring, and start as long as nothing else is said. */
const serverScripts: ReadonlySet<string> = new Set(
  'catalina.sh standalone.sh domain.sh kc.sh zkServer.sh kafka-server-start.sh'.split(' '),
);

function wordsOf(instruction: Instruction | null): string[] {
  if (instruction === null) return [];
  // `exec` is left where what it starts is not known: it is no program
  const commands = scriptsOf(instruction).flatMap(s => s.commands.filter(c => c.name !== null && c.name !== 'exec'));
  const words = (list: typeof commands): string[] => list.flatMap(c => [c.name!, ...c.args.map(a => a.text ?? a.raw)]);
  return instruction.execForm ? [...instruction.execForm.map(w => baseName(w.text)), ...words(commands.slice(1))] : words(commands);
}

/** What a stage starts. */
export const startOf = memoize((stage: Stage): Start => {
  const first = wordsOf(stage.state.entrypoint);
  const second = wordsOf(stage.state.cmd);
  const handsOn = first.every(word => inits.includes(word) || scriptName.test(word));
  const words = [...first, ...second];
  const program = words.find(word => ![...inits, 'sh', 'bash'].includes(word)) ?? '';
  const script = scriptName.test(program) && !serverScripts.has(program);
  const switches = (script || words[0] === 'init') && stage.file.stages.some(other => firstWith(other, switchTools) !== null);
  const alone =
    script && words.filter(word => !inits.includes(word)).length === 1 && /entry-?point/.test(program) && bringsOnly(stage, program);
  return { entrypoint: stage.state.entrypoint !== null, words, runs: handsOn ? words : first, script, alone, switches };
});

/** Whether a stage installs a runtime (`JAVA_HOME`, `NODE_VERSION`), copies one program, and declares neither a port nor a volume. */
function bringsOnly(stage: Stage, program: string): boolean {
  const all = chainInstructions(stage);
  const said = all.filter(({ keyword }) => ['COPY', 'ADD', 'EXPOSE', 'VOLUME'].includes(keyword));
  return (
    said.length === 1 &&
    said[0]!.words.length === 2 &&
    baseName(said[0]!.words[1]!.text) === program &&
    all.some(({ keyword, pairs }) => keyword === 'ENV' && pairs.some(({ name }) => /^[A-Z]+_(?:HOME|VERSION)$/.test(name)))
  );
}
