import { reason, type Reason } from '../base/terms/evidence';
import { isWithinPath } from '../knowledge/host-paths';
import { folderOf } from '../workspace/paths';
import { scriptDoubt } from '../workspace/script-facts';
import type { StageFact, WorkspaceIndex } from '../workspace/types';
import type { Doubt, Place, Right, Testimony } from './testimony';
import { inlineWrite } from './inline-writes';
import { programFacts } from './program/program-facts';
import { programWrites, startOfCommand, type LaidOver, type ProgramWrites } from './program/programs';
import { startedWords } from './program/started-command';
import type { Service } from './service';
import { isSettled } from './declared-witness';
import { keptAtHome, observed, stageDoubts } from './stage-doubts';

// What sources, scripts and settings tell: all that evidence asks of the reading of programs, it asks here.

/** Names of files as which a program in place is read, by what reads it. */
const inline: readonly (readonly [program: RegExp, option: string, file: string])[] = [
  [/^python[\d.]*$/, '-c', 'command.py'],
  [/^node(?:js)?$/, '-e', 'command.js'],
  [/^ruby$/, '-e', 'command.rb'],
  [/^php$/, '-r', 'command.php'],
];

const shell = /^(?:ba|da|a|z)?sh$/;

const everyone = ['/tmp', '/run', '/var/run'];

/** What the program of an image, its start script and what comes with the declaration write, and tell against fewer rights. */
export function programWitness(service: Service, workspace: WorkspaceIndex): Testimony {
  if (service.platform === 'image') return imagePrograms(service, workspace);
  const { stage } = service.known;
  // the Dockerfile says as whom it runs: what it does, it does as that user
  const settled = isSettled(stage);
  const doubt = (why: Reason, against: readonly Right[]): Doubt => ({
    reason: why,
    against: settled ? against.filter(right => right !== 'user') : against,
    witness: 'program',
  });
  const built =
    stage && stageDoubts(stage, workspace, service.environment, service.replacesCommand ? service.words : null, laidOver(service));
  const own = broughtWrites(service);
  const rooted = built && !settled ? folderOfRoot(service, built.folders) : null;
  return {
    writes: service.prepares
      ? []
      : [...(built?.folders ?? []).map(one => placeOf(one, one.given)), ...own.folders.map(one => placeOf(one, false))],
    doubts: [
      ...(built?.doubts ?? []).map(({ reason: why, against }) => doubt(why, against)),
      ...(own.why === null ? [] : [doubt(own.why, ['user', 'files', 'capabilities'])]),
      ...(rooted ? [doubt(rooted, ['user'])] : []),
    ],
  };
}

/** What the program of an image and its start script do, and what services start in their place. */
function imagePrograms({ known: { stage }, otherStarts }: Service, workspace: WorkspaceIndex): Testimony {
  const { run = null, path = '' } = stage ?? {};
  const script = run?.script == null ? null : workspace.scriptIn(folderOf(path), run.script);
  const start = run?.start ?? null;
  const own = programWrites(start, path, workspace);
  const others = otherStarts.map(({ service, words, environment }) => {
    const started = startedWords(words, environment);
    const written = programWrites(start && startOfCommand(start, started), path, workspace, environment);
    return {
      folders: written.folders,
      why: started.does !== null ? reason('service-does', { service, does: started.does }) : againstUser(written),
    };
  });
  const all = [{ folders: own.folders, why: againstUser(own) }, ...others];
  const reasons = [script && scriptDoubt(script), ...all.map(({ why }) => why)].filter(why => why !== null);
  return {
    writes: all.flatMap(({ folders }) => folders.map(one => placeOf(one, false))),
    doubts: reasons.map((why): Doubt => ({ reason: why, against: ['user'], witness: 'program' })),
  };
}

/** Why what an image writes may keep it from another user: of what is not read, unless such a user takes nothing from it. */
const againstUser = ({ doubt, unread, isPlaced }: ProgramWrites): Reason | null => observed(doubt ?? (isPlaced ? null : unread));

const placeOf = ({ path, filled }: { readonly path: string; readonly filled: boolean }, given: boolean): Place => ({
  path,
  filled,
  given,
  witness: 'program',
  level: 'known',
});

/** What a built image writes that belongs to root; a pod gives it volumes but for folders that have files. */
function folderOfRoot({ known: { profile }, mounts, platform }: Service, folders: StageFact['folders']): Reason | null {
  const own =
    platform === 'pod'
      ? mounts.map(({ path }) => path)
      : [...(profile?.volumes ?? []), ...(profile?.writablePaths ?? []).map(({ path }) => path), ...everyone];
  const found = folders.find(
    ({ path, filled, given }) => !given && (filled || platform !== 'pod') && !own.some(one => isWithinPath(path, one)),
  );
  return found ? reason(found.filled ? 'image-files-of-root' : 'folder-of-root', { path: found.path }) : null;
}

/** What is laid over the files of the image: of a folder, all of them. */
function laidOver({ brought, hidden }: Service): LaidOver {
  const programs = new Map(brought.map(({ path, fact }) => [path, fact]));
  return image => programs.get(image) ?? (hidden.some(path => isWithinPath(image, path)) ? null : undefined);
}

/** What a command and the files that come with the declaration write. */
interface Brought {
  readonly folders: ProgramWrites['folders'];
  readonly why: Reason | null;
}

const nothing: Brought = { folders: [], why: null };

/** What the declaration itself has it write: scripts and programs in its command, and programs and configurations that it brings. */
function broughtWrites(service: Service): Brought {
  const { brought, environment, known, mounts, words } = service;
  // most bring nothing of their own, and there may be thousands
  if (brought.length === 0 && words.length === 0) return nothing;
  const workdir = service.workdir ?? '/';
  const files = new Map(brought.map(({ source, fact }) => [source, fact]));
  const programs = brought.map(({ source, path }) => ({ source, image: path }));
  const starts = words[0]?.replace(/^.*\//, '') ?? '';
  for (const [program, option, file] of inline) {
    const text = program.test(starts) && words.includes(option) ? words[words.indexOf(option) + 1] : undefined;
    const [fact] = text === undefined ? [] : programFacts(text, file);
    if (!fact) continue;
    files.set(file, fact);
    programs.push({ source: file, image: `${workdir}/${file}` });
  }
  const start = {
    workdir,
    programs,
    scripts: [],
    copies: [],
    sources: [],
    variables: {},
    fills: false,
    linksLogs: known.profile?.name === 'nginx',
    unread: null,
    isPlaced: true,
  };
  const index = { programAt: (path: string) => files.get(path) ?? null, isAbsent: () => true, keptFolders: () => [], contextsOf: () => [] };
  const own = [
    ...(known.profile?.writablePaths ?? []).flatMap(({ path, hasContent }) => (hasContent ? [] : path)),
    ...mounts.flatMap(({ path, kind, readOnly }) => (readOnly || kind === 'given' ? [] : path)),
  ];
  const isOpen = (path: string): boolean => own.some(folder => isWithinPath(path, folder));
  const writes = programWrites(start, '', index, environment, isOpen);
  const script = shell.test(starts) ? words[words.findIndex(word => /^-\w*c$/.test(word)) + 1] : undefined;
  const filled = script?.replace(/\$\{?(\w+)\}?/g, (all, name: string) => environment.findLast(each => each.name === name)?.value ?? all);
  const closed = filled === undefined || script === words[0] ? null : inlineWrite(filled, workdir, isOpen);
  const { does, keeper } = startedWords(words, environment);
  const why =
    closed !== null
      ? reason('command-writes', { path: closed.slice(0, 60) })
      : does !== null
        ? reason('command-does', { does })
        : (keptAtHome(keeper) ?? observed(writes.doubt ?? writes.unread));
  return { folders: writes.folders, why };
}
