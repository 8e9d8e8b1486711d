import type { ReasonId } from '../../../base/terms/reasons';
import type { Assumption } from '../../../rule/fix/types';
import { findDeprecatedImage, findImageProfile, type ImageProfile } from '../../../knowledge/image-profiles';
import type { RuleContext } from '../../../rule/define-rule';
import { reason, type Reason } from '../../../base/terms/evidence';
import { doubtAgainst, evidenceOf } from '../../../evidence/evidence';
import { isTemporary } from '../../../evidence/engine-start';
import type { Evidence } from '../../../evidence/testimony';
import type { ProvedFolder } from '../../../knowledge/trials';
import { writtenBeside } from '../model/beside';
import { isWithinPath } from '../../../knowledge/host-paths';
import { isSystemFolder } from '../../../knowledge/folders';
import { resolvePath } from '../../../base/text/path';
import { withoutEnd } from '../../../base/text/ends';
import { buildContexts, contextFolder } from '../../../workspace/build-context';
import type { ServiceBuild, WorkspaceIndex } from '../../../workspace/types';
import { chainInstructions, stagesOn, wholeText } from '../model/chain';
import { startsAsRoot } from '../../../knowledge/configured-image';
import { shellAt } from '../model/scripts';
import { createdDirectories, statePath } from '../model/state-paths';
import { baseFacts, factsFor, imageDirectory } from '../model/stage-image';
import { startOf, type Start } from '../model/start';
import type { Instruction, Setting, Stage } from '../model/types';
import type { Range } from '../../../base/text/range';
import { copiesArchive, sockets, startCommands } from './run-facts';
import { breaksOn } from './swap-base';
import { provedAssumptions, provedBy } from '../../../rule/fix/proved';
import { serviceOf } from './service';
import { startedFiles } from '../model/started-files';
import { argumentPaths, ownedFolders, writtenFolders as foldersOf } from '../model/written-folders';
import { knownName, knownUid, writeUser, type ChosenUser } from './user';

/** The user that a stage can be given, or why it can be given none without more. `attended`: why a person should say whether it fits. */
export type UserPlan =
  | { readonly user: ChosenUser; readonly attended: Reason | null; readonly assumes: readonly Assumption[] }
  | { readonly user: null; readonly reason: ReasonId; readonly detail?: Reason };

/** The texts of what a planned user assumes, for the rules that offer one. */
export const userAssumptions = {
  'read-only': 'The process reads but never changes root-owned files, including those in {directory}',
  'low-port': 'Port {port} can be bound without root, as on Docker and containerd 2, but not on CRI-O by default',
  'no-entry': 'The program needs no entry in /etc/passwd',
  'no-home': 'The program needs no home directory: the user has none',
  script: 'The start script of the image does not need root',
  volume: 'Volumes are owned by the new user when the image is run',
  ...provedAssumptions,
  doubt: 'The image works with a user other than root, although {seen}',
} as const;

/** What is known outside of a Dockerfile of the user that its image can have: the user to create, the file's path, its context and its builds. */
type Around = Pick<RuleContext, 'defaults' | 'path' | 'buildContext' | 'workspace'>;

const evidenceFor = (stage: Stage, profile: ImageProfile | null, { path, workspace }: Pick<Around, 'path' | 'workspace'>): Evidence =>
  evidenceOf(serviceOf(stage, profile, path, workspace), { workspace });

/** Whether a trial run has shown as which user an image of the stage runs, or that it needs root. */
export function isTried(stage: Stage, profile: ImageProfile | null, around: Pick<Around, 'path' | 'workspace'>): boolean {
  const { trial } = evidenceFor(stage, profile, around);
  return trial !== null && (trial.facts.user !== null || trial.facts.needs.includes('user'));
}

/** Plans the user of a stage that runs as root. */
export function planUser(stage: Stage, profile: ImageProfile | null, { defaults: ids, path, buildContext, workspace }: Around): UserPlan {
  const evidence = evidenceFor(stage, profile, { path, workspace });
  const decision = evidence.user;
  if (decision.kind === 'root') return { user: null, reason: 'needs-root', detail: decision.why };
  const later = laterSteps(stage);
  if (later !== null) return { user: null, reason: 'needs-root', detail: later };
  const user = decision.kind === 'user' ? writeUser(stage, profile, decision.user, ids) : null;
  if (!user || decision.kind !== 'user') return { user: null, reason: baseFacts(stage, workspace) ? 'needs-input' : 'unknown-image' };
  const context = buildContext();
  const isOwn = buildContexts(path, startedFiles(stage)?.sources ?? [], workspace).includes(
    withoutEnd(contextFolder(path, context?.ignore ?? null), '/'),
  );
  const beside = writtenBeside(stage, isOwn ? context : null, workspace.mountsOf(path));
  const proved = provedBy(evidence, 'user');
  const tried = (proved ? (evidence.trial?.facts.folders ?? []) : []).filter(folder => !isTemporaryFolder(folder.path));
  const named = [
    ...tried.filter(isGivable).map(folder => folder.path),
    ...evidence.writes.flatMap(one => (one.witness === 'program' ? one.path : [])),
    ...serverFolders(profile, user, evidence),
  ];
  const folders = writtenFolders(stage, profile, user, [...beside.folders, ...named, ...preparedFolders(stage)], tried);
  const made = new Set(createdDirectories(stage).flatMap(({ path, sure }) => (sure ? path : [])));
  const missing = folders.filter(folder => !made.has(folder));
  const written = (paths: readonly string[]): string => paths.map(path => fromVariable(stage, path)).join(' ');
  const own = [
    ...(missing.length === 0 ? [] : [`mkdir -p ${written(missing)}`]),
    ...(folders.length === 0 ? [] : [`chown -R ${user.user} ${written(folders)}`]),
    ...unpackedInto(stage, profile, user).map(folder => `chown ${user.user} ${folder}`),
  ].join(' && ');
  const attended =
    doubtAgainst(evidence, 'user') ??
    builtOn(stage) ??
    (proved
      ? notGivenOf(
          tried.map(folder => folder.path),
          folders,
        )
      : (beside.doubt ??
        foreignFolder(stage, folders) ??
        ownedByOther(stage, profile, user) ??
        notGiven(stage, [...beside.folders, ...named], folders))) ??
    hostMount(stage, [...folders, ...named], workspace.servicesOf(path)) ??
    rootWorkload(stage, profile, path, workspace);
  const doubt: readonly Assumption[] = attended === null ? [] : [{ id: 'doubt', data: { seen: attended }, evidence: true }];
  return {
    user: own === '' ? user : { ...user, own },
    attended,
    assumes: [...(proved ?? []), ...user.assumes, ...assumptions(stage, profile, startOf(stage)), ...doubt],
  };
}

/** Folders in which the server of an image keeps what it writes, where the image has no user to give them to: they belong to root. */
function serverFolders(profile: ImageProfile | null, { create }: ChosenUser, { writes }: Evidence): readonly string[] {
  if (create === null || !profile || profile.otherUsers.length > 0) return [];
  return writes.flatMap(({ witness, level, filled, path }) =>
    witness === 'image' && level === 'known' && !filled && !isTemporary(path) ? path : [],
  );
}

/** Why no other user fits at the end of a stage: another one that is built on it goes on with what it does as root. */
function laterSteps(stage: Stage): Reason | null {
  const later = new Set(stagesOn(stage));
  later.delete(stage);
  const isOwn = (set: Setting | null | undefined): boolean => set?.instruction.stage != null && later.has(set.instruction.stage);
  const found = [...later].find(({ instructions }) => instructions.some(i => i.keyword === 'RUN' && !isOwn(i.stateBefore?.user)));
  return found === undefined ? null : reason('built-on-as-root', { stage: found.name ?? found.index });
}

/** Why another user may be wrong for what comes behind a stage: others are built on it, as the user that it ends with. */
function builtOn(stage: Stage): Reason | null {
  const other = stage.file.stages.find(({ base }) => base === stage);
  return other === undefined ? null : reason('built-on', { stage: other.name ?? other.index });
}

/** Why the folders that a user is given may be somebody else's all the same: a service of Compose mounts one of the host there, not its sources. */
function hostMount(stage: Stage, folders: readonly string[], services: readonly ServiceBuild[]): Reason | null {
  const workdir = stage.state.workdir?.value ?? '/';
  const mounted = services
    .flatMap(({ service }) => service.hostFolders)
    .find(path => !isWithinPath(workdir, path) && folders.some(folder => isWithinPath(folder, path)));
  return mounted === undefined ? null : reason('compose-mounts-host', { path: mounted });
}

/** Why a pod that runs the image may need it to be root. */
function rootWorkload(stage: Stage, profile: ImageProfile | null, path: string, workspace: RuleContext['workspace']): Reason | null {
  const isBuilt = (image: string): boolean =>
    workspace
      .buildsOf(image)
      .some(({ stage: built }) => built.path === path && built.name === stage.name && built.isFinal === stage.isFinal);
  const workloads = workspace.workloads();
  const found = workloads.find(({ containers }) => containers.some(c => c.mayNeedRoot && c.image !== null && isBuilt(c.image)));
  if (found) return reason('workload-as-root', { workload: `${found.kind} ${found.name}` });
  // of a program alone nothing is read: where no pod surely runs it, it may be any that is not known
  const isAlone = profile?.os === 'scratch' || profile?.os === 'distroless';
  if (!isAlone || workloads.some(({ containers }) => containers.some(({ image }) => image !== null && isBuilt(image)))) return null;
  for (const { kind, name, containers } of workloads)
    for (const { image, mayNeedRoot } of containers)
      if (mayNeedRoot && image !== null && !findImageProfile(image) && workspace.buildsOf(image).length === 0)
        return reason('workload-perhaps-as-root', { workload: `${kind} ${name}`, image });
  return null;
}

/** A folder as it is written: from where the stage works, or by a variable, where another argument of the build moves that. */
function fromVariable(stage: Stage, path: string): string {
  const workdir = stage.state.workdir?.value ?? '/';
  const isBelow = workdir !== '/' && isWithinPath(path, workdir);
  if (isBelow && stage.state.workdir?.instruction.words[0]?.text.includes('$')) return path.slice(workdir.length + 1) || '.';
  // what is below a folder that is written down stays there
  const moved = argumentPaths(stage).filter(({ value }) => isWithinPath(path, value) && !(isBelow && isWithinPath(workdir, value)));
  if (moved.length === 0) return path;
  const { name, value } = moved.reduce((one, other) => (other.value.length > one.value.length ? other : one));
  return `"$${name}${path.slice(value.length)}"`;
}

/** Why a person should say who a stage runs as: it gives a folder of what a program keeps to somebody else than the user that it would get. */
function ownedByOther(stage: Stage, profile: ImageProfile | null, { user }: ChosenUser): Reason | null {
  const [name = ''] = user.split(':');
  const owned = ownedFolders(stage);
  const isOwn = (owner: string): boolean =>
    owner === name || knownName(stage, profile, user) === owner || String(knownUid(stage, profile, owner)) === name;
  const foreign = owned.find(({ path }) => /^\/(?:data|srv|run|var\/(?:run|lib|log|spool|cache))\//.test(path));
  return foreign && !owned.some(({ owner }) => isOwn(owner))
    ? reason('gives-to-other', { path: foreign.path, owner: foreign.owner })
    : null;
}

/** Why a person should say how a program gets a folder that it had in a trial: the image cannot give it away. */
function notGivenOf(tried: readonly string[], given: readonly string[]): Reason | null {
  const path = tried.find(folder => !given.includes(folder));
  return path === undefined ? null : reason('folder-of-root', { path });
}

/** Why a person should say how a program gets folders that the files around it tell of and that nobody gives it. */
function notGiven(stage: Stage, written: readonly string[], given: readonly string[]): Reason | null {
  const file = runFiles(stage).find(path => /^\/(?:var\/)?run\/[^/]*$/.test(path));
  if (file !== undefined) return reason('file-of-root', { path: file });
  const folder = written.find(path => !given.includes(path));
  return folder === undefined || chainInstructions(stage).some(givesAway) ? null : reason('folder-of-root', { path: folder });
}

/** The files below /run that arguments and variables of a stage name: process ids, sockets. */
function runFiles(stage: Stage): readonly string[] {
  const words = startCommands(stage).flatMap(({ args }) => args.flatMap(({ text }) => text?.replace(/^-[\w-]+=/, '') ?? []));
  const variables = chainInstructions(stage).flatMap(i =>
    i.keyword === 'ENV' ? i.pairs.flatMap(({ value }) => (value ? [i.file.expand(value, i) ?? ''] : [])) : [],
  );
  return [...words, ...variables].filter(path => /^\/(?:var\/)?run\/[\w./@-]+$/.test(path) && !sockets.test(path));
}

/** Folders that the file names for what its program writes, as far as nothing is in them and no user has them yet. */
const preparedFolders = (stage: Stage): readonly string[] =>
  foldersOf(stage).flatMap(({ path, filled, given }) => (filled || given || path === stage.state.workdir?.value ? [] : path));

/** Why folders keep a stage from running as another user: they belong to root and are not given away. */
function foreignFolder(stage: Stage, given: readonly string[]): Reason | null {
  if (ownsNoVolume(stage)) return reason('volume-of-root');
  // Volumes that exist already hold files of root; a folder for data that cannot be given away is not writable.
  const kept = given.length === 0 ? statePath(stage)?.path : undefined;
  if (kept === undefined || /^\/srv(?:\/|$)/.test(kept) || chainInstructions(stage).some(givesAway)) return null;
  return reason('data-of-root', { path: kept });
}

/** Folders of the image into which its server unpacks what the file copies there: a web application archive of Tomcat. */
function unpackedInto(stage: Stage, profile: ImageProfile | null, { user }: ChosenUser): readonly string[] {
  if (!profile || !/^\d+(?::\d+)?$/.test(user)) return [];
  return profile.writablePaths.filter(({ path, hasContent }) => hasContent && copiesArchive(stage, `${path}/`)).map(({ path }) => path);
}

/** What a person should look at before the process runs as somebody else. */
function assumptions(stage: Stage, profile: ImageProfile | null, start: Start): readonly Assumption[] {
  const all = chainInstructions(stage);
  const found: Assumption[] = [];
  const copy = all.find(i => (i.keyword === 'COPY' || i.keyword === 'ADD') && !i.flag('chown'));
  if (copy || stage.state.workdir) {
    const into = withoutEnd(copy?.words.at(-1)?.text ?? '', '/');
    const place = into.startsWith('/') ? into : imageDirectory(stage);
    found.push({ id: 'read-only', data: { directory: stage.state.workdir?.value ?? place ?? '/' } });
  }
  const exposed = all.filter(i => i.keyword === 'EXPOSE').flatMap(i => i.words.map(w => Number.parseInt(w.text, 10)));
  // what the file says of ports goes before what the image's own server listens on
  const listens = start.words.length === 0 ? (profile?.exposedPorts ?? []).map(Number) : [];
  const port = (exposed.length > 0 ? exposed : listens).find(p => p > 0 && p < 1024);
  if (port !== undefined) found.push({ id: 'low-port', data: { port } });
  if (start.script) found.push({ id: 'script' });
  if (ownsNoVolume(stage)) found.push({ id: 'volume' });
  return found;
}

/** Whether a folder belongs to others, or to everybody. */
const isForeign = (path: string): boolean => isSystemFolder(path) || isTemporaryFolder(path);

/** Whether a folder that a trial gave can be given away: none of the system, unless it is among what is installed by hand and has no files of the image. */
const isGivable = ({ path, kind }: ProvedFolder): boolean => !isForeign(path) || (kind === 'memory' && isWithinPath(path, '/usr/local'));

const isTemporaryFolder = (path: string): boolean => /^\/(?:var\/)?tmp(?:\/|$)/.test(path);

/**
 * The folders that the program of a stage is going to write, as far as the file says: its volumes, folders for data that it makes, and `more`. None
 * where the file gives files to a user by itself, or there is nothing to do it with.
 */
function writtenFolders(
  stage: Stage,
  profile: ImageProfile | null,
  { user }: ChosenUser,
  more: readonly string[],
  tried: readonly ProvedFolder[],
): readonly string[] {
  const isGiven = (path: string): boolean => tried.some(folder => folder.path === path && isGivable(folder));
  if (
    !profile ||
    stage.windows ||
    profile.shell === 'none' ||
    profile.os === 'scratch' ||
    profile.os === 'distroless' ||
    !/^\d+(?::\d+)?$/.test(user)
  )
    return [];
  const all = chainInstructions(stage);
  if (all.some(givesAway) || shellAt(all.at(-1) ?? stage.from).dialect !== 'posix') return [];
  const paths = all.flatMap(i => (i.keyword === 'VOLUME' ? i.words.map(word => i.file.expand(word, i) ?? '$') : []));
  const filled = new Set(
    all.flatMap(i => (i.keyword === 'COPY' || i.keyword === 'ADD' ? (i.words.at(-1)?.text.replace(/\/$/, '') ?? []) : [])),
  );
  const folders = [...new Set([...paths, ...createdDirectories(stage).map(({ path }) => path), ...besideSources(stage), ...more])].filter(
    path => !/^\/(?:var\/)?tmp(?:\/|$)/.test(path) && !filled.has(path),
  );
  return folders.every(path => /^\/[\w./-]+$/.test(path) && (!isForeign(path) || isGiven(path))) ? folders : [];
}

/** Folders beside its sources that a program cannot do without: of Rails for its process id and log, of Laravel for its log and caches. */
function besideSources(stage: Stage): readonly string[] {
  const starts = (word: string): boolean =>
    startCommands(stage).some(({ name, args }) => name === word || args.some(({ text }) => text === word));
  const folders = starts('rails') ? ['log', 'storage', 'tmp'] : starts('artisan') ? ['bootstrap/cache', 'storage'] : [];
  return folders.flatMap(folder => (stage.state.workdir?.value ? resolvePath(`${stage.state.workdir.value}/${folder}`) : []));
}

/** Whether an instruction gives files to somebody. */
function givesAway(instruction: Instruction): boolean {
  const { text } = instruction.logical;
  return /\bchown\b|--chown/.test(text) || (text.includes('install') && installsForOwner(text.split(/\s+/)));
}

/** Whether `-o` is among the first options of `install`. */
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
export function unprivilegedVariant(
  stage: Stage,
  profile: ImageProfile | null,
  workspace: Pick<WorkspaceIndex, 'imageFacts'>,
): { readonly range: Range; readonly image: string } | null {
  const { image } = stage.root;
  const { reference } = image;
  // What a RUN does, and what it is built for, may need root.
  if (chainInstructions(stage).some(i => i.keyword === 'RUN' || sockets.test(wholeText(i)))) return null;
  if (!profile || !image.literal || image.kind !== 'image' || !reference || reference.invalid !== null || reference.digest !== null)
    return null;
  for (const variant of profile.unprivilegedReplacement) {
    const written = taggedVariant(variant, profile.name, image.text!, reference.tag);
    if (written === null || findDeprecatedImage(written)) continue;
    const facts = factsFor(stage, workspace).imageFacts(written);
    if (!facts || !(startsAsRoot(facts) || breaksOn(stage, facts))) return { range: image.range, image: written };
  }
  return null;
}

/** A variant with the tag that a file has: `:nonroot` is a tag of the image itself, `:*-rootless` adds to the file's; `null`: it has none of that. */
function taggedVariant(variant: string, name: string, image: string, tag: string | null): string | null {
  const isNewest = tag === null || tag === 'latest';
  if (!variant.includes(':')) return isNewest ? null : `${variant}:${tag}`;
  if (variant.includes('*')) return isNewest ? null : variant.replace('*', tag);
  const end = variant.slice(variant.indexOf(':') + 1);
  if (isNewest) return `${image.split(':')[0]}:${end}`;
  return tag.startsWith('debug') && name.startsWith('gcr.io/') ? `${image.slice(0, -tag.length)}debug-${end}` : null;
}
