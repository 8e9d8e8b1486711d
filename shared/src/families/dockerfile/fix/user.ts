import { insertLines, replaceText } from '../../../rule/fix/operations';
import type { Assumption, DockerfileOperation } from '../../../rule/fix/types';
import type { ImageProfile } from '../../../knowledge/image-profiles';
import { isBeforeItsUser, type RunAsUser, type RunFacts } from '../../../evidence/user';
import type { NamedUser } from '../../../workspace/stage-start';
import { osFamilyFacts } from '../../../knowledge/os-families';
import { homeUsers } from '../../../knowledge/programs';
import { chainInstructions, wholeText } from '../model/chain';
import { calledManager } from '../model/packages';
import { runCommands, shellAt } from '../model/scripts';
import { startOf } from '../model/start';
import type { Instruction, Stage } from '../model/types';
import { createdUid, createdUsers, isChangedUser, isNumber, isRootUser, userParts, type CreatedUser } from '../model/users';
import { fileOwners } from '../model/written-folders';

/** A user for the final stage: what USER says, and the RUN that has to create it before. */
export interface ChosenUser {
  /** `1000`, `65532:65532`, or a name where no number is known. */
  readonly user: string;
  readonly create: string | null;
  /** The command that gives it the folders that the program writes, run as root. */
  readonly own?: string;
  readonly assumes: readonly Assumption[];
}

/** Instructions that write files or change what the later ones see: USER follows the last of them. */
export const preparing: ReadonlySet<string> = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR', 'USER', 'SHELL', 'VOLUME']);

const plain = (user: string): ChosenUser => ({ user, create: null, assumes: [] });

/**
 * The user that a file settled on for a stage: one that it switched to before, or the only one that it creates. `unclear`: it creates several,
 * or takes users away, and may have taken the image's own.
 */
export function namedUser(stage: Stage, profile: ImageProfile | null): RunFacts['named'] {
  if (chainInstructions(stage).some(i => i.keyword === 'RUN' && /\b(?:userdel|deluser)\b/.test(wholeText(i)))) return 'unclear';
  const last = chainInstructions(stage)
    .filter(({ keyword }) => keyword === 'USER')
    .map(i => (i.words[0] ? i.file.expand(i.words[0], i) : null))
    .findLast((user): user is string => user !== null && user !== '' && !isRootUser(user));
  if (last !== undefined) return userNumbers(stage, profile, last);
  const [own, ...others] = createdUsers(stage);
  if (!own) return ownerOf(stage, profile);
  return others.every(other => other.name === own.name) ? { text: own.name, uid: own.uid, gid: null } : 'unclear';
}

/**
 * The user that the image has already and to whom alone a stage gives files: it is meant to run what works with them. `null`: there is none, or the image
 * tells by itself who runs it.
 */
function ownerOf(stage: Stage, profile: ImageProfile | null): NamedUser | null {
  const [owner, ...others] = fileOwners(stage);
  if (owner === undefined || others.length > 0 || profile?.defaultUser?.uid || profile?.runAs.uid) return null;
  const uid = isNumber(owner) ? Number(owner) : knownUid(stage, profile, owner);
  return uid === null ? null : { text: owner, uid, gid: null };
}

/** A user as USER names it, with the numbers behind the names where the file or what is known of its image says them. */
export function userNumbers(stage: Stage, profile: ImageProfile | null, text: string): NamedUser {
  const { name, group } = userParts(text);
  return {
    text,
    uid: isNumber(name) ? Number(name) : knownUid(stage, profile, name),
    gid: isNumber(group) ? Number(group) : null,
  };
}

/** How a user that was decided on is written in a stage; created in the distribution's own way where it is nobody's yet. `null`: no way is known. */
export function writeUser(
  stage: Stage,
  profile: ImageProfile | null,
  { origin, name, uid, gid }: RunAsUser,
  ids: { readonly uid: number; readonly gid: number },
): ChosenUser | null {
  if (origin === 'any') return profile && newUser(stage, profile, ids);
  if (origin === 'named') return plain(uid === null || name!.includes(':') ? name! : String(uid));
  if (uid === null) return name === null ? null : plain(name);
  return plain(gid === null || origin === 'image' ? String(uid) : `${uid}:${gid}`);
}

/** The UID of a user by name: as the file creates it, as the image has it, or as its distribution does. */
export function knownUid(stage: Stage, profile: ImageProfile | null, name: string): number | null {
  const own = createdUid(stage, name);
  if (own !== null || isChangedUser(stage, name) || createdUsers(stage).some(user => user.name === name)) return own;
  if (profile === null) return null;
  const known = [profile.defaultUser, ...profile.otherUsers].find(user => user?.name === name)?.uid;
  return known ?? (profile.os === null ? null : (osFamilyFacts(profile.os).users[name] ?? null));
}

/**
 * The number that the system gives a user whom a stage creates without one: of those from 1000 on the next to the last, or the first that is free, where that is the
 * same (useradd.8, adduser.8 and BusyBox). `null`: it is not certain, as of users of the system, which packages create too.
 */
export function uidOfSystem(stage: Stage, profile: ImageProfile | null, { name, command }: CreatedUser): number | null {
  const isSystem = command?.args.some(({ text }) => text === '--system' || /^-[a-zA-Z]*[rSK]/.test(text ?? '')) !== false;
  const created = createdUsers(stage).filter(user => user.name !== name);
  if (isSystem || !profile || profile.kind === 'server' || profile.os === null || created.some(({ uid }) => uid === null)) return null;
  const users = [profile.defaultUser, ...profile.otherUsers, ...created].flatMap(user => user?.uid ?? []);
  const taken = new Set(users.filter(uid => uid >= 1000 && uid < 60_000));
  const next = 1000 + taken.size;
  return [...taken].every(uid => uid < next) ? next : null;
}

/** The name of a user by number, where the file or what is known of its image says one. */
export function knownName(stage: Stage, profile: ImageProfile | null, user: string): string | null {
  const uid = Number(user.split(':')[0]);
  const own = createdUsers(stage).find(other => other.uid === uid)?.name ?? null;
  if (own !== null) return own;
  const known = [profile?.defaultUser, ...(profile?.otherUsers ?? [])].find(other => other?.uid === uid);
  return known?.name ?? null;
}

/** What the groups are called and numbered that the file makes. */
function groupWords(stage: Stage): ReadonlySet<string | null> {
  const groups = chainInstructions(stage).flatMap(i =>
    i.keyword === 'RUN' ? runCommands(i).filter(({ command: { name } }) => name === 'groupadd' || name === 'addgroup') : [],
  );
  return new Set(groups.flatMap(({ command }) => command.args.map(arg => arg.text)));
}

function newUser(stage: Stage, profile: ImageProfile, ids: { readonly uid: number; readonly gid: number }): ChosenUser | null {
  const { uid } = ids;
  const taken = groupWords(stage);
  const gid = taken.has(String(ids.gid)) ? ids.gid + 1 : ids.gid;
  const known = profile.otherUsers.find(user => user.uid === uid);
  if (known) return plain(String(uid));
  const { os } = profile;
  if (os === null) return null;
  const tool = toolOf(profile);
  const shell = stage.instructions.length > 0 ? shellAt(stage.instructions.at(-1)!) : null;
  const free = freeNames(taken);
  const name =
    (isBeforeItsUser(profile, stage.root.image.text) ? free[0] : free.find(word => !profile.otherUsers.some(user => user.name === word))) ??
    'container';
  if (tool === 'none' || (shell && shell.dialect !== 'posix'))
    return { user: `${uid}:${gid}`, create: null, assumes: os === 'scratch' || os === 'distroless' ? [] : [{ id: 'no-entry' }] };
  return createdUser(stage, tool, { name, uid, gid });
}

/** Names for a user, without those that the file has given to groups. */
function freeNames(taken: ReadonlySet<string | null>): readonly string[] {
  return ['app', 'appuser', 'service'].filter(word => !taken.has(word));
}

function createdUser(
  stage: Stage,
  tool: 'useradd' | 'adduser',
  { name, uid, gid }: { readonly name: string; readonly uid: number; readonly gid: number },
): ChosenUser {
  const home = startOf(stage).words.some(word => homeUsers.has(word));
  const create =
    tool === 'adduser'
      ? `RUN addgroup -S -g ${gid} ${name} && adduser -S -D${home ? '' : ' -H'} -u ${uid} -G ${name} ${name}`
      : `RUN groupadd --system --gid ${gid} ${name} && useradd --system --no-log-init --uid ${uid} --gid ${name} --${home ? '' : 'no-'}create-home ${name}`;
  return { user: String(uid), create, assumes: home ? [] : [{ id: 'no-home' }] };
}

/** The package managers of distributions whose images have the tools that make users. */
const userTools: Readonly<Record<string, 'useradd' | 'adduser'>> = {
  apk: 'adduser',
  'apt-get': 'useradd',
  dnf: 'useradd',
  yum: 'useradd',
  zypper: 'useradd',
  pacman: 'useradd',
};

/**
 * A user for a stage of which only a person can say that another one than root fits: the one that the file names, else its own, made with what the
 * package manager that the file calls tells of the image; a number where nothing does.
 */
export function anyUser(stage: Stage, profile: ImageProfile | null, ids: { readonly uid: number; readonly gid: number }): ChosenUser {
  if (stage.windows || profile?.os === 'windows') return plain('ContainerUser');
  const named = namedUser(stage, profile);
  if (named !== null && named !== 'unclear') return plain(named.uid === null ? named.text : String(named.uid));
  const own = profile && newUser(stage, profile, ids);
  if (own) return own;
  const last = stage.instructions.at(-1);
  const tool = last && shellAt(last).dialect === 'posix' ? userTools[calledManager(stage) ?? ''] : undefined;
  const [name] = freeNames(groupWords(stage));
  if (tool === undefined || name === undefined) return { user: `${ids.uid}:${ids.gid}`, create: null, assumes: [{ id: 'no-entry' }] };
  return createdUser(stage, tool, { name, ...ids });
}

/** How users are made in an image; minimal images of the Red Hat family, Amazon Linux and Photon have no tool for it. */
function toolOf({ os, name, packageManager, shell }: ImageProfile): 'useradd' | 'adduser' | 'none' {
  const { userTool } = osFamilyFacts(os!);
  if (shell === 'none' || os === 'photon') return 'none';
  if (os === 'rhel-like' && (packageManager === 'microdnf' || !/^(?:fedora|rockylinux|almalinux|oraclelinux|centos)/.test(name)))
    return 'none';
  return userTool;
}

/** Where USER goes: in front of the CMD or ENTRYPOINT behind the last instruction that prepares files, else behind that instruction. */
export function placeOfUser(stage: Stage): { readonly at: 'before' | 'after'; readonly instruction: number } {
  const { instructions } = stage;
  const last = instructions.findLast(({ keyword }) => preparing.has(keyword)) ?? stage.from;
  const start = instructions.find(i => i.index > last.index && (i.keyword === 'CMD' || i.keyword === 'ENTRYPOINT'));
  return start ? { at: 'before', instruction: start.index } : { at: 'after', instruction: (instructions.at(-1) ?? stage.from).index };
}

/** The operations that make a stage run as a user. A USER that is the last thing to prepare the stage is rewritten, not followed by another. */
export function userOperations(stage: Stage, chosen: ChosenUser, current: Instruction | null): readonly DockerfileOperation[] {
  const { create, own, user } = chosen;
  const run = own === undefined ? create : create === null ? `RUN ${own}` : `${create} ${stage.file.escape}\n    && ${own}`;
  const last = stage.instructions.findLast(({ keyword }) => preparing.has(keyword));
  if (current !== null && current === last && run === null && current.words[0]) {
    return [replaceText(current.words[0].range, user)];
  }
  // What is done to a volume behind its VOLUME is lost with the old builder.
  const volume = own === undefined ? undefined : stage.instructions.find(({ keyword }) => keyword === 'VOLUME' || keyword === 'USER');
  const { at, instruction } = placeOfUser(stage);
  if (run !== null && volume?.keyword === 'VOLUME')
    return [insertLines('before', volume.index, run), insertLines(at, instruction, `USER ${user}`)];
  return [insertLines(at, instruction, run === null ? `USER ${user}` : `${run}\nUSER ${user}`)];
}
