import { mayBeConfig } from '../../../evidence/program/config-facts';
import { findImageProfile } from '../../../knowledge/image-profiles';
import { rootMasters } from '../../../knowledge/programs';
import { languageBuiltBy, languageRunBy } from '../../../knowledge/unread-languages';
import { baseName } from '../../../syntax/shell/interpreter';
import type { ShellCommand } from '../../../syntax/shell/types';
import type { UnreadProgram } from '../../../workspace/stage-start';
import { chainInstructions } from './chain';
import { containsPath } from './files';
import { runCommands, scriptsOf } from './scripts';
import { scriptName, startOf } from './start';
import type { Instruction, Stage } from './types';
import { ownedFolders, startWords, writtenFolders } from './written-folders';

/**
 * What a stage starts that is not read here, whether its sources are at hand or not: in a language by what runs it, or what its build makes it with.
 * @param steps of the stages that its files come from
 */
export function unreadProgram(stage: Stage, steps: readonly Instruction[]): UnreadProgram | null {
  for (const command of startedCommands(stage)) {
    const program = programOf(stage, command, steps);
    if (program !== null) return program;
  }
  const copies = chainInstructions(stage).some(({ keyword }) => keyword === 'COPY' || keyword === 'ADD');
  return copies && startsServer(stage) ? { language: 'PHP', by: 'start', name: null } : null;
}

/** The commands that a stage starts: of a program with arguments from CMD its own. */
function startedCommands(stage: Stage): readonly ShellCommand[] {
  const { runs, words } = startOf(stage);
  const { entrypoint, cmd } = stage.state;
  return [entrypoint, runs.length === words.length ? cmd : null].flatMap(i => (i ? scriptsOf(i).flatMap(({ commands }) => commands) : []));
}

const nameOf = ({ name }: ShellCommand): string => baseName(name ?? '');

/** Whether a stage leaves its start to an official image with a server for PHP. */
const startsServer = (stage: Stage): boolean =>
  startWords(stage).length === 0 && /(?:^|\/)php:.{0,40}(?:apache|fpm)/.test(stage.root.image.text ?? '');

function programOf(stage: Stage, command: ShellCommand, steps: readonly Instruction[]): UnreadProgram | null {
  const name = nameOf(command);
  const own = languageRunBy(name);
  if (own !== undefined) return { language: own, by: 'start', name: null };
  const isBrought = bringsFile(stage, name);
  const isPath = /^(?!\/(?:usr\/)?s?bin\/).*\//.test(command.nameWord?.text ?? '');
  if (!isBrought && !isPath) return null;
  if (/\.(?:py|[cm]?[jt]sx?)$/.test(name)) return null;
  const built = builtLanguage(steps);
  if (scriptName.test(name)) return built !== undefined && isBrought ? { language: built, by: 'build', name: null } : null;
  if (built !== undefined) return { language: built, by: 'start', name: null };
  return isBrought ? { language: null, by: 'start', name } : null;
}

/** The first language that the steps of a build make programs of. */
function builtLanguage(steps: readonly Instruction[]): string | undefined {
  for (const step of steps)
    for (const { command } of step.keyword === 'RUN' ? runCommands(step) : []) {
      const language = languageBuiltBy(nameOf(command));
      if (language !== undefined) return language;
    }
  return undefined;
}

/** Whether a stage copies a file of a name. */
function bringsFile(stage: Stage, name: string): boolean {
  return chainInstructions(stage).some(
    ({ keyword, words }) => (keyword === 'COPY' || keyword === 'ADD') && words.some(({ text }) => baseName(text) === name),
  );
}

/** Whether a stage brings settings for its server, which may have the part of it write that is root's. */
function configures(stage: Stage): boolean {
  return chainInstructions(stage).some(
    ({ keyword, words }) =>
      (keyword === 'COPY' || keyword === 'ADD') && words.some(({ text }) => mayBeConfig(text) || text.includes('/etc/') || text === '/'),
  );
}

/**
 * Whether another user takes nothing from what a stage starts, whatever that is: its server leaves the work to such a user already and is set up as its image
 * has it, its own folder is given away, or it has none. Such a program writes where folders are prepared, which a step gives away, or in an image of nothing but programs nowhere.
 */
export function isPlaced(stage: Stage): boolean {
  if (startedCommands(stage).some(command => rootMasters.has(nameOf(command))) || startsServer(stage)) return !configures(stage);
  const workdir = stage.state.workdir?.value ?? '/';
  if (workdir !== '/') return ownedFolders(stage).some(({ path }) => containsPath(path, workdir));
  const folders = writtenFolders(stage);
  const { os = null } = (stage.root.image.text === null ? null : findImageProfile(stage.root.image.text)) ?? {};
  const isBare = os === 'scratch' || os === 'distroless';
  return isBare ? folders.every(({ given }) => given) : folders.length > 0;
}
