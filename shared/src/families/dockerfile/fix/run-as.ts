import type { ReasonId } from '../../../terms/reasons';
import type { Assumption } from '../../../fix/types';
import { findDeprecatedImage, type ImageProfile } from '../../../knowledge/image-profiles';
import { developmentWord } from '../../../knowledge/development';
import { homeDirectoryPrograms, processManagers, rootPrograms } from '../../../knowledge/programs';
import { needsRootImage } from '../../../knowledge/root-images';
import { chainInstructions, wholeText } from '../model/chain';
import { keptPackages } from '../model/packages';
import { runCommands, scriptsOf, shellAt } from '../model/scripts';
import { createdDirectories, statePath } from '../model/state-paths';
import { startOf, type Start } from '../model/start';
import type { Instruction, Stage } from '../model/types';
import type { ShellCommand } from '../../../shell/types';
import type { Range } from '../../../text/range';
import { createdUsers } from '../model/users';
import { chooseUser, knownName, type ChosenUser } from './user';

const sockets = /\b(?:docker|containerd|crio|podman)\.sock\b/;
const rootHome = /(?:^|[\s=:"'(])(?:\/root(?![\w-])|~\/|\$\{?HOME\}?\/)/;
const writers = new Set('cp mv mkdir touch tee chown chmod install apt-get apk ln useradd adduser sysctl mount'.split(' '));

/** The user that a stage can be given, or why it can be given none without more. */
export type UserPlan =
  | { readonly user: ChosenUser; readonly doubtful: boolean; readonly assumes: readonly Assumption[] }
  | { readonly user: null; readonly reason: ReasonId; readonly detail?: string };

/** The texts of what a planned user assumes, for the rules that offer one. */
export const userAssumptions = {
  'read-only': 'The process only reads what belongs to root, including {directory}',
  'low-port': 'Port {port} may be bound without root, as Docker and containerd 2 allow, but CRI-O not by default',
  'no-entry': 'The program needs no entry in /etc/passwd',
  'no-home': 'The program needs no home directory: the user has none',
  script: 'Its start script does not need root',
  volume: 'Whoever runs the image gives the user its volumes',
} as const;

/**
 * Plans the user of a stage that runs as root. `doubtful`: a person should say whether it fits. `path` is the file's, `ids` those of a user
 * that has to be created.
 */
export function planUser(
  stage: Stage,
  profile: ImageProfile | null,
  ids: { readonly uid: number; readonly gid: number },
  path: string,
): UserPlan {
  const start = startOf(stage);
  const stop = obstacle(stage, profile, start, path);
  if (stop) return { user: null, reason: 'needs-root', detail: stop };
  const user = chooseUser(stage, profile, ids);
  if (!user) return { user: null, reason: 'unknown-image' };
  // A script that came with the build may well switch to the user that the file creates for it.
  const folders = writtenFolders(stage, profile, user);
  // Volumes that exist already hold files of root; a folder for data that cannot be given away is not writable.
  const kept = folders.length === 0 ? statePath(stage)?.path : undefined;
  const doubtful =
    stage.windows ||
    ownsNoVolume(stage) ||
    worksOnMounted(stage) ||
    start.words.some(word => homeDirectoryPrograms.has(word)) ||
    (start.words.includes('catalina.sh') && !copiesArchive(stage)) ||
    (kept !== undefined && !kept.startsWith('/srv/') && !chainInstructions(stage).some(givesAway)) ||
    chainInstructions(stage).some(i => i.keyword === 'RUN' && writableByGroup.test(i.logical.text)) ||
    (start.script && createdUsers(stage).length > 0) ||
    startCommands(stage).some(worksInSources) ||
    speaksToDocker(stage) ||
    (start.words.some(word => word === 'pnpm' || word === 'yarn') && chainInstructions(stage).some(fillsCorepack));
  const made = new Set(createdDirectories(stage).flatMap(({ path, sure }) => (sure ? path : [])));
  const missing = folders.filter(folder => !made.has(folder));
  const own = [
    ...(missing.length === 0 ? [] : [`mkdir -p ${missing.join(' ')}`]),
    ...(folders.length === 0 ? [] : [`chown -R ${user.user} ${folders.join(' ')}`]),
    ...unpackedInto(stage, profile, user).map(folder => `chown ${user.user} ${folder}`),
  ].join(' && ');
  return {
    user: own === '' ? user : { ...user, own },
    doubtful,
    assumes: [...user.assumes, ...assumptions(stage, start)],
  };
}

/** Why the process cannot be given a user without more: something needs root. */
function obstacle(stage: Stage, profile: ImageProfile | null, start: Start, path: string): string | null {
  const program = start.words.find(word => rootPrograms.has(word) || processManagers.has(word));
  if (program !== undefined) return `${program} needs root`;
  if (!start.entrypoint && profile?.nonRoot.startsWith('needs-')) return `${profile.name} needs root as configured`;
  const { text } = stage.root.image;
  if (!start.entrypoint && text !== null && needsRootImage(text)) return `${text} needs root as configured`;
  if (/(?:^|\/)\.github\/actions\//.test(path)) return 'GitHub runs container actions as root';
  const all = chainInstructions(stage);
  if (all.some(i => i.trigger !== null)) return 'ONBUILD triggers run as the final user of the image';
  if (all.some(i => sockets.test(wholeText(i)))) return 'only root can use the container runtime socket';
  const changes = startCommands(stage).find(
    c =>
      writers.has(c.name ?? '') ||
      c.redirections.some(r => r.operator.startsWith('>') && r.target?.text?.startsWith('/') && !r.target.text.startsWith('/dev/')),
  );
  if (changes) return 'the program that it starts changes root-owned files';
  const inHome = all.some(i => {
    if (i.keyword === 'RUN')
      return runCommands(i).some(
        ({ command: c }) =>
          !c.inner &&
          writesHome(
            c.name ?? '',
            c.args.map(a => a.raw),
          ),
      );
    return ['COPY', 'ADD', 'WORKDIR', 'ENV', 'VOLUME', 'CMD', 'ENTRYPOINT'].includes(i.keyword) && rootHome.test(i.logical.text);
  });
  return inHome ? 'files that the process needs are in the home directory of root' : null;
}

/** The commands that ENTRYPOINT and CMD name. */
function startCommands(stage: Stage): readonly ShellCommand[] {
  return [stage.state.entrypoint, stage.state.cmd].flatMap(i => (i ? scriptsOf(i).flatMap(s => s.commands) : []));
}

/** Whether a program writes beside the sources that it starts from: development servers, and tools that build before they run. */
function worksInSources(command: ShellCommand): boolean {
  return (
    developmentWord(command) !== null ||
    /^(?:mvnw?|gradlew?)$/.test(command.name ?? '') ||
    (/^(?:go|cargo|dotnet)$/.test(command.name ?? '') && command.args[0]?.text === 'run')
  );
}

/** Whether an image brings the client of Docker, whose socket is open to root and a group of the host. */
function speaksToDocker(stage: Stage): boolean {
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

/** Folders of the image into which its server unpacks what the file copies there: a web application archive of Tomcat. */
function unpackedInto(stage: Stage, profile: ImageProfile | null, { user }: ChosenUser): readonly string[] {
  if (!profile || !/^\d+$/.test(user)) return [];
  return profile.writablePaths.filter(({ path, hasContent }) => hasContent && copiesArchive(stage, `${path}/`)).map(({ path }) => path);
}

/** Whether a web application archive is copied below a folder. */
function copiesArchive(stage: Stage, folder = ''): boolean {
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

/** Whether a command puts something into root's home that stays there. */
function writesHome(name: string, args: readonly string[]): boolean {
  if (/^pip[\d.]*$/.test(name) && args.includes('--user')) return true;
  if (['', 'rm', 'find', 'cd', 'ls', 'cat', 'chmod', 'test', '['].includes(name)) return false;
  return args.some(arg => rootHome.test(` ${arg}`) && !/\/\.(?:cache|npm|gnupg|m2|config)\b/.test(arg));
}

/** What a person should look at before the process runs as somebody else. */
function assumptions(stage: Stage, start: Start): readonly Assumption[] {
  const all = chainInstructions(stage);
  const found: Assumption[] = [];
  if (all.some(i => (i.keyword === 'COPY' || i.keyword === 'ADD') && !i.flag('chown')) || stage.state.workdir) {
    found.push({ id: 'read-only', data: { directory: stage.state.workdir?.value ?? '/' } });
  }
  const ports = all.filter(i => i.keyword === 'EXPOSE').flatMap(i => i.words.map(w => Number.parseInt(w.text, 10)));
  const port = ports.find(p => p > 0 && p < 1024);
  if (port !== undefined) found.push({ id: 'low-port', data: { port } });
  if (start.script) found.push({ id: 'script' });
  if (ownsNoVolume(stage)) found.push({ id: 'volume' });
  return found;
}

/** What images do that are to run as any user of group 0, as OpenShift does. */
const writableByGroup = /\bchmod\s+(?:-\S+\s+)?(?:g=u|u*g[ug]*\+[rxX]*w)/;

/** Folders that belong to others, or to everybody. */
const foreign = /^\/(?:(?:tmp|var\/tmp|dev|proc|sys|etc|root|usr|bin|sbin|lib\w*|boot)(?:\/.*)?)?$/;

/**
 * The folders that the program of a stage is going to write, as far as the file says: its volumes, and folders for data that it makes. None
 * where the file gives files to a user by itself, or there is nothing to do it with.
 */
function writtenFolders(stage: Stage, profile: ImageProfile | null, { user }: ChosenUser): readonly string[] {
  if (
    !profile ||
    stage.windows ||
    profile.shell === 'none' ||
    profile.os === 'scratch' ||
    profile.os === 'distroless' ||
    !/^\d+$/.test(user)
  )
    return [];
  const all = chainInstructions(stage);
  if (all.some(givesAway) || shellAt(all.at(-1) ?? stage.from).dialect !== 'posix') return [];
  const paths = all.flatMap(i => (i.keyword === 'VOLUME' ? i.words.map(word => i.file.expand(word, i) ?? '$') : []));
  const filled = new Set(
    all.flatMap(i => (i.keyword === 'COPY' || i.keyword === 'ADD' ? (i.words.at(-1)?.text.replace(/\/$/, '') ?? []) : [])),
  );
  const folders = [...new Set([...paths, ...createdDirectories(stage).map(({ path }) => path), ...besideSources(stage)])].filter(
    path => !/^\/(?:var\/)?tmp(?:\/|$)/.test(path) && !filled.has(path),
  );
  return folders.every(path => /^\/[\w./-]+$/.test(path) && !foreign.test(path)) ? folders : [];
}

/** Folders beside its sources that a program cannot do without: of Rails for its process id and log, of Laravel for its log and caches. */
function besideSources(stage: Stage): readonly string[] {
  const workdir = stage.state.workdir?.value;
  const starts = (name: string, word: string): boolean =>
    startCommands(stage).some(command => command.name === name && command.args.some(a => a.text === word));
  const folders =
    starts('bundle', 'rails') || startCommands(stage).some(({ name }) => name === 'rails')
      ? ['log', 'storage', 'tmp']
      : starts('php', 'artisan')
        ? ['bootstrap/cache', 'storage']
        : [];
  return workdir ? folders.map(folder => `${workdir.replace(/\/$/, '')}/${folder}`) : [];
}

/** Whether an instruction gives files to somebody. */
function givesAway(instruction: Instruction): boolean {
  const { text } = instruction.logical;
  return /\bchown\b|--chown/.test(text) || (text.includes('install') && installsForOwner(text.split(/\s+/)));
}

/** Whether `-o` stands among the first options of `install`. */
function installsForOwner(words: readonly string[]): boolean {
  return words.some((word, i) => {
    if (!/(?:^|\W)install$/.test(word)) return false;
    let at = i + 1;
    while (at < i + 10 && words[at] !== '-o' && /^-./.test(words[at] ?? '')) at++;
    return words[at] === '-o' && at < words.length - 1;
  });
}

/** Whether the stage has a VOLUME, which the process is going to write to, and gives nothing to another user. */
function ownsNoVolume(stage: Stage): boolean {
  const all = chainInstructions(stage);
  return (
    all.some(i => i.keyword === 'VOLUME' && !i.words.every(word => /^\/(?:var\/)?tmp(?:\/|$)/.test(word.text))) && !all.some(givesAway)
  );
}

/** Other ways to name a planned user: by name where the plan has a number, and by number alone where it would create an entry first. */
export function otherUsers(
  stage: Stage,
  profile: ImageProfile | null,
  { user, create, own }: ChosenUser,
  { gid }: { readonly gid: number },
): { readonly name: ChosenUser | null; readonly number: ChosenUser | null } {
  const name = create === null ? knownName(stage, profile, user) : (create.split(' ').at(-1) ?? null);
  return {
    name: name === null ? null : { user: name, create, ...(own !== undefined && { own }), assumes: [] },
    number:
      create === null ? null : { user: `${user}:${gid}`, create: null, ...(own !== undefined && { own }), assumes: [{ id: 'no-entry' }] },
  };
}

/**
 * The image that does the same as another user than root, to be written in its place: with the tag that the file has, where the twin has a
 * repository of its own. `null` where there is none, or where it is no longer maintained.
 */
export function unprivilegedVariant(stage: Stage, profile: ImageProfile | null): { readonly range: Range; readonly image: string } | null {
  const { image } = stage.root;
  const { reference } = image;
  // What a RUN does, and what it is built for, may need root.
  if (chainInstructions(stage).some(i => i.keyword === 'RUN' || sockets.test(wholeText(i)))) return null;
  if (!profile || !image.literal || image.kind !== 'image' || !reference || reference.invalid !== null || reference.digest !== null)
    return null;
  for (const variant of profile.unprivilegedReplacement) {
    const tail = variant.slice(variant.indexOf(':') + 1);
    const own = profile.name.split(':')[0]!;
    const tag = reference.tag;
    // `:nonroot` is a tag of the image itself; `:*-rootless` adds to the tag that the file has.
    const written = !variant.includes(':')
      ? tag === null || tag === 'latest'
        ? null
        : `${variant}:${tag}`
      : variant.includes('*')
        ? tag === null || tag === 'latest'
          ? null
          : variant.replace('*', tag)
        : tag === null || tag === 'latest'
          ? `${image.text!.split(':')[0]}:${tail}`
          : tag.startsWith('debug') && own.startsWith('gcr.io/')
            ? `${image.text!.slice(0, -tag.length)}debug-${tail}`
            : null;
    if (written !== null && !findDeprecatedImage(written)) return { range: image.range, image: written };
  }
  return null;
}
