import { reason, type Reason } from '../../../base/terms/evidence';
import { startedPrograms } from '../../../evidence/started';
import { isRootProgram } from '../../../evidence/user';
import type { ImageProfile } from '../../../knowledge/image-profiles';
import { homeDirectoryPrograms, interpreters, processManagers, shippedCapabilities } from '../../../knowledge/programs';
import { firstTool, homeKeeper, serverUrl } from '../../../knowledge/started-tools';
import { isSystemFolder } from '../../../knowledge/folders';
import { isWithinPath } from '../../../knowledge/host-paths';
import { absolutePath, workdirAt } from '../model/files';
import { startFolder } from '../model/beside';
import { chainInstructions, wholeText } from '../model/chain';
import { keptPackages } from '../model/packages';
import { runCommands, scriptsOf } from '../model/scripts';
import { dropsPrivileges, rootMaster } from '../model/stage-start';
import { scriptName, startOf } from '../model/start';
import { startedFiles } from '../model/started-files';
import type { Instruction, Stage } from '../model/types';
import { createdUsers, isRootUser } from '../model/users';
import { packagedServerOf } from '../model/written-folders';
import { serverPackage } from '../../../knowledge/packaged-servers';
import { baseName } from '../../../syntax/shell/interpreter';
import type { ShellCommand } from '../../../syntax/shell/types';
import type { StageRun } from '../../../workspace/stage-start';
import { namedUser } from './user';

/** Sockets of container runtimes, which belong to root. */
export const sockets = /\b(?:docker|containerd|crio|podman)\.sock\b/;
const rootHome = /(?:^|[\s=:"'(])(?:\/root(?![\w-])|~\/|\$\{?HOME\}?\/)/;
/** What an instruction says that brings a client of Docker. */
const dockerClient = /docker-c|docker\.io|\/docker[\s"]/;
/** What a RUN says that writes to that home. */
const mayWriteHome = /\/root|~\/|HOME|--user/;
const writers = new Set('cp mv mkdir touch tee chown chmod install apt-get apk ln useradd adduser sysctl mount'.split(' '));

/**
 * What a stage starts, as far as that decides as which user its image may run, and no more words of it than are asked for. `path` is the file's.
 * What depends on folders that belong to root is not in it: a Dockerfile gives them away, a pod mounts volumes there.
 */
export function stageRun(stage: Stage, profile: ImageProfile | null, path: string): StageRun {
  const start = startOf(stage);
  const [first = ''] = start.words;
  const ownCommand = stage.state.cmd !== null && (start.script || interpreters.has(first) || processManagers.has(first));
  return {
    keepsEntryPoint: !start.entrypoint,
    programs: programsOf(stage).filter(isRootProgram).slice(0, 1),
    obstacle: obstacle(stage, path),
    named: stage.windows || profile?.os === 'windows' ? { text: 'ContainerUser', uid: null, gid: null } : namedUser(stage, profile),
    doubts: doubtsOf(stage).slice(0, 1),
    keepsStart: !start.entrypoint && !(profile?.kind === 'server' && ownCommand),
    drops: dropsPrivileges(start, profile),
    fileCapabilities: fileCapabilities(stage),
    keeper: homeKeeper(start.words, name => stage.variable(name) !== undefined),
    script: startScript(stage),
    besideSources: startFolder(stage) !== null,
    start: startedFiles(stage),
  };
}

/** The programs that a stage starts, by name: of its words those that are no arguments. */
function programsOf(stage: Stage): readonly string[] {
  const { words, runs } = startOf(stage);
  // a program of its own takes CMD for arguments
  const instructions = runs.length === words.length ? [stage.state.entrypoint, stage.state.cmd] : [stage.state.entrypoint];
  const names = new Set(instructions.flatMap(i => (i ? scriptsOf(i).flatMap(s => s.commands.map(c => c.name)) : [])));
  // a script that prepares something goes on with what follows it
  const [first] = startedPrograms(runs.filter(word => !scriptName.test(word)));
  return words.filter(word => names.has(word) || word === first);
}

/**
 * The capabilities of the file of the program that a stage starts, effective at once: as its makers ship it, or as a RUN gives them to it or to what its script may
 * start. One that takes some away takes those that are shipped.
 */
function fileCapabilities(stage: Stage): readonly string[] {
  const { script, words } = startOf(stage);
  const started = new Set(words.map(baseName));
  const commands = chainInstructions(stage).flatMap(i => (i.keyword === 'RUN' && wholeText(i).includes('setcap') ? runCommands(i) : []));
  const names = commands.flatMap(({ command: { name, args } }) => {
    const at = name === 'setcap' ? args.findIndex(({ text }) => /[+=][ip]*e/.test(text ?? '')) : -1;
    const isStarted = script || args.slice(at + 1).some(({ text }) => text !== null && started.has(baseName(text)));
    return at < 0 || !isStarted ? [] : (args[at]!.text!.match(/(?<=\bcap_)\w+/gi) ?? []);
  });
  const isTaken = commands.some(({ command: { name, args } }) => name === 'setcap' && args.some(({ text }) => text === '-r'));
  const shipped = isTaken ? [] : [...started].flatMap(word => (Object.hasOwn(shippedCapabilities, word) ? shippedCapabilities[word]! : []));
  return [...new Set([...names.map(name => name.toUpperCase()), ...shipped])];
}

/** The script that came with the build and starts it, by its last part; `null`: none is seen. */
export function startScript(stage: Stage): string | null {
  const { script, words } = startOf(stage);
  const name = script ? words.find(word => word.endsWith('.sh')) : undefined;
  return name === undefined ? null : name.slice(name.lastIndexOf('/') + 1);
}

/** Why the process cannot be given a user without more: something needs root. */
function obstacle(stage: Stage, path: string): Reason | null {
  if (/(?:^|\/)\.github\/actions\//.test(path)) return reason('github-action');
  const all = chainInstructions(stage);
  if (all.some(i => i.trigger !== null)) return reason('onbuild');
  if (all.some(i => sockets.test(wholeText(i)))) return reason('runtime-socket');
  const changes = startCommands(stage).find(
    c =>
      writers.has(c.name ?? '') ||
      c.redirections.some(r => r.operator.startsWith('>') && r.target?.text?.startsWith('/') && !r.target.text.startsWith('/dev/')),
  );
  if (changes) return reason('changes-files-of-root');
  const inHome = all.some(i => {
    if (i.keyword === 'RUN')
      return (
        mayWriteHome.test(wholeText(i)) &&
        runCommands(i).some(
          ({ command: c }) =>
            !c.inner &&
            writesHome(
              c.name ?? '',
              c.args.map(a => a.raw),
            ),
        )
      );
    return ['COPY', 'ADD', 'WORKDIR', 'ENV', 'VOLUME', 'CMD', 'ENTRYPOINT'].includes(i.keyword) && rootHome.test(i.logical.text);
  });
  return inHome ? reason('home-of-root') : null;
}

/** Why a person should say whether the process of a stage fits another user than root. */
function doubtsOf(stage: Stage): readonly Reason[] {
  const start = startOf(stage);
  const all = chainInstructions(stage);
  const inHome = start.words.find(word => homeDirectoryPrograms.has(word));
  const manager = start.words.find(word => word === 'pnpm' || word === 'yarn');
  const tool = firstTool(startCommands(stage), namesServer(stage));
  const packaged = packagedServerOf(stage);
  const mounted = isSettled(stage) ? null : worksOnMounted(stage) ? stage.state.workdir!.value! : mountedProgram(stage);
  const installed = serverPackage(keptPackages(stage).map(({ name }) => name));
  // its package opens its logs and its pid file to root alone, unless it is known for other folders
  const isMaster = installed !== null && packaged === null && !isSettled(stage) && rootMaster(start, null) !== null;
  return [
    stage.windows && reason('windows-users'),
    mounted !== null && reason('works-on-mount', { path: mounted }),
    inHome !== undefined && reason('keeps-home-of-root', { program: inHome }),
    start.words.includes('catalina.sh') && !copiesArchive(stage) && reason('tomcat-unpacks'),
    all.some(i => i.keyword === 'RUN' && writableByGroup.test(i.logical.text)) && reason('files-of-group'),
    // A script that came with the build may well switch to the user that the file creates for it.
    !isSettled(stage) && start.script && createdUsers(stage).length > 0 && reason('script-may-switch'),
    tool !== null && reason('does', { does: tool.does }),
    speaksToDocker(stage) && reason('docker-client'),
    packaged?.refuses != null && reason('server-refuses', { program: packaged.program, refuses: packaged.refuses }),
    installed !== null && start.script && reason('script-starts-server', { package: installed }),
    isMaster && reason('drops-root'),
    all.some(bringsPrograms) && reason('cgi-programs'),
    manager !== undefined && all.some(fillsCorepack) && reason('corepack-home', { program: manager }),
  ].filter(doubt => doubt !== false);
}

/** Whether the file has said that the stage ends as another user than root. */
function isSettled({ state: { user } }: Stage): boolean {
  return user !== null && user.value !== null && !isRootUser(user.value);
}

/** The commands that ENTRYPOINT and CMD name. */
export function startCommands(stage: Stage): readonly ShellCommand[] {
  return [stage.state.entrypoint, stage.state.cmd].flatMap(i => (i ? scriptsOf(i).flatMap(s => s.commands) : []));
}

/** Whether a variable names a database that is a server. */
function namesServer(stage: Stage): boolean {
  const all = chainInstructions(stage).filter(({ keyword }) => keyword === 'ENV' || keyword === 'ARG');
  return all.some(i => serverUrl.test(i.logical.text));
}

/** Whether an image brings the client of Docker, whose socket is open to root and a group of the host. */
function speaksToDocker(stage: Stage): boolean {
  if (!chainInstructions(stage).some(i => dockerClient.test(wholeText(i)))) return false;
  return (
    keptPackages(stage).some(({ name }) => /^(?:docker-(?:ce|ce-cli|cli|compose|compose-plugin)|docker\.io)$/.test(name)) ||
    chainInstructions(stage).some(i => i.keyword === 'COPY' && i.words.slice(0, -1).some(word => /\/docker$/.test(word.text)))
  );
}

/** Whether an instruction lets Corepack put a package manager into the home of root, where another user looks for it in vain. */
function fillsCorepack(instruction: Instruction): boolean {
  return (
    instruction.keyword === 'RUN' &&
    runCommands(instruction).some(({ command: { name } }) => name === 'corepack') &&
    !instruction.stage?.variable('COREPACK_HOME', instruction)
  );
}

/** Whether an instruction brings or prepares a folder of programs that a server runs for its visitors. */
function bringsPrograms(instruction: Instruction): boolean {
  return ['COPY', 'ADD', 'RUN'].includes(instruction.keyword) && /(?<![\w-])cgi-bin(?![\w-])/.test(wholeText(instruction));
}

/** Whether a web application archive is copied below a folder. */
export function copiesArchive(stage: Stage, folder = ''): boolean {
  return chainInstructions(stage).some(
    ({ keyword, words }) =>
      (keyword === 'COPY' || keyword === 'ADD') && words.at(-1)?.text.startsWith(folder) && words.some(({ text }) => text.endsWith('.war')),
  );
}

/** Whether the last step is to a folder that the file says nothing else of: what a tool works on is mounted there, with owners of its own. */
function worksOnMounted(stage: Stage): boolean {
  const { workdir } = stage.state;
  const prepared = chainInstructions(stage).filter(i => ['RUN', 'COPY', 'ADD', 'WORKDIR', 'VOLUME', 'ENV'].includes(i.keyword));
  const folder = workdir?.value;
  return (
    folder != null &&
    /^\/(?!tmp$)./.test(folder) &&
    prepared.at(-1) === workdir!.instruction &&
    !prepared.slice(0, -1).some(i => wholeText(i).includes(folder))
  );
}

/** The folder that an interpreter is given and that nothing brings: the program is mounted there, with what it needs; `null`: there is none. */
function mountedProgram(stage: Stage): string | null {
  const command = startCommands(stage).find(({ name }) => name !== null && interpreters.has(name));
  const folder = command?.args
    .flatMap(({ text }) => text ?? [])
    .find(word => /^\/[\w-]+(?:\/[\w-]+)*$/.test(word) && !isSystemFolder(word));
  if (folder === undefined) return null;
  const name = folder.slice(folder.lastIndexOf('/') + 1);
  const mayBring = (i: Instruction): boolean =>
    wholeText(i).includes(name) ||
    ((i.keyword === 'COPY' || i.keyword === 'ADD') &&
      (i.flag('from') !== undefined || i.words.slice(0, -1).some(({ text }) => !/[^./]\.\w+$/.test(text))) &&
      isWithinPath(folder, absolutePath(i.words.at(-1)?.text ?? '', workdirAt(i)) ?? '/'));
  const [start, ...others] = [stage.state.entrypoint, stage.state.cmd].flatMap(set => set ?? []);
  return chainInstructions(stage).some(i => i !== start && !others.includes(i) && mayBring(i)) ? null : folder;
}

/** Whether a command puts something into root's home that stays there. */
function writesHome(name: string, args: readonly string[]): boolean {
  if (/^pip[\d.]*$/.test(name) && args.includes('--user')) return true;
  if (['', 'rm', 'find', 'cd', 'ls', 'cat', 'chmod', 'test', '['].includes(name)) return false;
  return args.some(arg => rootHome.test(` ${arg}`) && !/\/\.(?:cache|npm|gnupg|m2|config)\b/.test(arg));
}

/** What images do that are to run as any user of group 0, as OpenShift does. */
const writableByGroup = /\bchmod\s+(?:-\S+\s+)?(?:g=u|u*g[ug]*\+[rxX]*w)/;
