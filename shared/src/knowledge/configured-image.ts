import { servedFile, verifiedFile, type ImageFacts } from './image-facts';
import type { ImageProfile, ImageUser } from './image-profiles';

// What facts of an image come to as a profile. Its own configuration overrules the table, which knows what a program does and not what somebody made of an image.

/** Nothing but what a configuration says. */
const blank: Omit<ImageProfile, 'name'> = {
  kind: 'configured',
  os: null,
  packageManager: null,
  shell: null,
  defaultUser: null,
  otherUsers: [],
  exposedPorts: [],
  volumes: [],
  writablePaths: [],
  privilegeDrop: null,
  ownsDataDir: null,
  rootCapabilities: [],
  fileCapabilities: [],
  init: null,
  entrypoint: null,
  unprivilegedReplacement: [],
  nonRoot: 'unknown',
  nonRootInPod: 'unknown',
  runAs: { uid: null, gid: null, fsGroup: null },
  portsBelow1024: [],
  isDatabase: false,
  isJvm: false,
};

/** A profile that says what its program does. */
type Described = ImageProfile & { readonly kind: Exclude<ImageProfile['kind'], 'configured'> };

/** Whether what a program does is known, and not only how its image is configured. */
export function isDescribed(profile: ImageProfile | null): profile is Described {
  return profile !== null && profile.kind !== 'configured';
}

/** The user of a configuration; a name has the number that `users` gives it. */
function userOf({ user }: ImageFacts, users: readonly ImageUser[]): ImageUser {
  const [name = '', group = ''] = user.split(':');
  const gid = /^\d+$/.test(group) ? Number(group) : null;
  if (name === '' || name === 'root' || /^0+$/.test(name)) return { name: 'root', uid: 0, gid, numeric: /^0/.test(name) };
  if (/^\d+$/.test(name)) return { name: null, uid: Number(name), gid, numeric: true };
  const known = users.find(other => other.name === name);
  return { name, uid: known?.uid ?? null, gid: gid ?? known?.gid ?? null, numeric: false };
}

/** Whether an image starts as root by its configuration. */
export function startsAsRoot(facts: ImageFacts): boolean {
  return userOf(facts, accountIn(facts, servedFile)).uid === 0;
}

/** The user of a configuration, as the files of its image number it. */
function accountIn(facts: ImageFacts, get: typeof servedFile): readonly ImageUser[] {
  const account = get(facts, ({ account: own }) => own)?.value;
  return account ? [{ name: facts.user.split(':', 1)[0]!, uid: account.uid, gid: account.gid, numeric: false }] : [];
}

const lastPart = (words: readonly string[] | null): string => words?.[0]?.replace(/^.*\//, '') ?? '';

/** Ports as profiles have them: those of TCP as numbers. */
function portsOf({ ports }: ImageFacts): readonly (number | string)[] {
  return ports.map(port => (/^\d+\/tcp$/.test(port) ? Number.parseInt(port, 10) : port));
}

/**
 * The profile of an image of verified facts: user, ports, volumes and entry point are its own; what a table says of its program stays where it starts the same one.
 * @param table what a table has of the name; `null`: nothing
 */
export function factsProfile(facts: ImageFacts, table: ImageProfile | null, name: string): ImageProfile {
  const starts = table?.entrypoint == null || lastPart(table.entrypoint) === lastPart(facts.entrypoint);
  const base: ImageProfile = table && starts ? table : { ...blank, name: table?.name ?? name, os: table?.os ?? null };
  const defaultUser = userOf(facts, [
    ...accountIn(facts, verifiedFile),
    ...(table?.defaultUser ? [table.defaultUser] : []),
    ...(table?.otherUsers ?? []),
  ]);
  const ports = portsOf(facts);
  const configured = {
    defaultUser,
    exposedPorts: ports,
    volumes: facts.volumes,
    entrypoint: facts.entrypoint,
    portsBelow1024: base === table ? base.portsBelow1024 : ports.filter(port => typeof port === 'number').filter(port => port < 1024),
  };
  if (defaultUser.uid === 0) {
    const verdict = (one: ImageProfile['nonRoot']): ImageProfile['nonRoot'] => (one === 'already' ? 'unknown' : one);
    return { ...base, ...configured, nonRoot: verdict(base.nonRoot), nonRootInPod: verdict(base.nonRootInPod) };
  }
  const uid = defaultUser.uid ?? facts.claimedUid;
  const runAs = base.runAs.uid !== null && base.runAs.uid === uid ? base.runAs : { uid, gid: defaultUser.gid, fsGroup: null };
  return { ...base, ...configured, nonRoot: 'already', nonRootInPod: 'already', runAs };
}

/**
 * What facts that may be wrong come to: that an image starts as root is believed, since a finding is all that follows; that it does not is not, and its number is one to
 * propose to a person.
 */
export function claimedProfile(facts: ImageFacts, name: string): ImageProfile {
  const user = userOf(facts, accountIn(facts, servedFile));
  const uid = user.uid === 0 ? null : (user.uid ?? facts.claimedUid);
  return { ...blank, name, defaultUser: user.uid === 0 ? user : null, runAs: { uid, gid: user.gid, fsGroup: null } };
}
