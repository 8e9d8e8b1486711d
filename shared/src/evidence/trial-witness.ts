import { reason, type EvidenceId } from '../base/terms/evidence';
import { memoizeFor } from '../base/text/memoize';
import type { KnownTrial, TrialFacts, TrialPlace, TrialRight } from '../knowledge/trials';
import type { WorkspaceIndex } from '../workspace/types';
import { isWithinPath, normalizeHostPath } from '../knowledge/host-paths';
import { isTemporary } from './engine-start';
import type { Service } from './service';
import type { Doubt, Evidence, Place, Right, Trial } from './testimony';
import { aboutOf, changeSince } from './trial-about';

// What a trial run tells: the best witness, of what it ran. It started something with rights taken away, so that nothing follows from it for more rights, other
// files or a longer time; and it never makes a finding go, or a fix safe.

/** What is known of the digest that runs: it is written, or it was looked up; what a file of the repository says of a tag does not count. */
function digestOf({ image, isBuilt }: Service, { imageFacts }: Pick<WorkspaceIndex, 'imageFacts'>): string | null {
  if (isBuilt || image?.text == null) return null;
  const [, written = null] = image.text.split('@', 2);
  const facts = written === null ? imageFacts(image.text) : null;
  return facts === null || facts.level === 'claimed' ? written : facts.digest;
}

/** The trial of a service that counts, and the last one where none does any more. */
const trialsOf = memoizeFor(
  (service: Service, workspace: WorkspaceIndex): { readonly counts: CountingTrial | null; readonly outdated: TrialPlace['outdated'] } => {
    const known = service.trial === null ? [] : workspace.trials(service.trial.name);
    // most have none, and to say what one would be about takes longer than to ask
    if (known.length === 0) return { counts: null, outdated: null };
    const about = aboutOf(service, service.trial!);
    const digest = digestOf(service, workspace);
    const changes = known.map(trial => ({ trial, change: changeSince(trial, about, digest) }));
    const found = changes.find(({ change }) => change === null)?.trial;
    if (found) return { counts: trialFrom(found, digest), outdated: null };
    const [{ trial, change }] = changes as [(typeof changes)[0]];
    return { counts: null, outdated: { date: trial.facts.date, change: change! } };
  },
);

/** What a trial of new volumes cannot tell: whose the files are that are there already. */
const ofOldFiles: ReadonlySet<EvidenceId> = new Set(['data-owner', 'volume-of-others', 'folder-of-host', 'compose-mounts-host']);

/**
 * Whether all folders that a trial gave are written with a fix that is taken without asking: a user without its folders, or root without the right to write to those of
 * others, is not what was tried. Asked is what memory would lose, and what would keep the program as it is, whatever later images have.
 */
function isWhole({ readOnly, folders }: TrialFacts, { platform, hasOwnVolumes }: Service): boolean {
  if (!readOnly || platform === 'image') return true;
  return folders.every(({ path, kind, isProgram }) =>
    kind === 'volume' ? hasOwnVolumes && isProgram !== true : platform === 'pod' || isTemporary(path),
  );
}

/** Where it is known to write without a trial, and was given nothing in it. */
function lackedBy(untried: Evidence, { folders }: TrialFacts, { mounts, known: { profile, stage } }: Service): readonly Place[] {
  const declared = (stage?.volumes ?? []).map(({ target }) => target);
  const given = [...[...folders, ...mounts].map(({ path }) => path), ...declared, ...(profile?.volumes ?? [])];
  return untried.writes.filter(
    ({ path, level, witness }) =>
      witness === 'program' && level === 'known' && !given.some(folder => isWithinPath(normalizeHostPath(path), normalizeHostPath(folder))),
  );
}

/**
 * Whether what a trial has seen is all that it writes, later too, at requests that were not made: somebody used it, it may write to nothing else, or else what is
 * known without the trial says where it writes, and that it had.
 */
function isAll(facts: TrialFacts, untried: Evidence, lacked: readonly Place[], platform: Service['platform']): boolean {
  if (facts.isBounded) return true;
  // what a Dockerfile builds is given its folders by the fix
  if (lacked.length > 0 && platform !== 'image') return false;
  if (facts.level === 'exercised') return true;
  const right = platform === 'image' ? 'user' : 'files';
  return !untried.unsettled.some(({ reason: { seen }, against }) => against.includes(right) && !ofOldFiles.has(seen));
}

/** The rights that something was proved not to need. */
function provedOf(facts: TrialFacts, service: Service, all: boolean): ReadonlySet<TrialRight> {
  const { user, readOnly, capabilities, noNewPrivileges } = facts;
  const whole = all && isWhole(facts, service);
  return new Set<TrialRight>([
    // a user in the group of root is reported as such
    ...(whole && user?.uid && user.gid ? ['user' as const] : []),
    ...(all && readOnly ? ['files' as const] : []),
    ...(whole && capabilities !== null ? ['capabilities' as const] : []),
    ...(noNewPrivileges ? ['escalation' as const] : []),
  ]);
}

/** A trial that counts, without what follows from it. */
export type CountingTrial = Omit<Trial, 'proves'>;

function trialFrom({ facts, about }: KnownTrial, digest: string | null): CountingTrial {
  const { date, how, level, origin } = facts;
  const isBuilt = about.build !== null;
  const shown = reason(`${origin === 'own' ? 'trial' : 'claimed'}-${level}`, { date, how, digest: shortDigest(facts.digest) });
  return { facts, shown, mayHaveMoved: !isBuilt && digest === null, isBuilt };
}

/** As much of a digest as engines show. */
const shortDigest = (digest: string): string => digest.slice(0, 'sha256:'.length + 12);

/** The trial of a service that counts; `null`: none does. */
export const trialOf = (service: Service, workspace: WorkspaceIndex): CountingTrial | null => trialsOf(service, workspace).counts;

/** The last trial of a service, where none counts any more; `null`: one does, or there was none. */
export const outdatedTrial = (service: Service, workspace: WorkspaceIndex): TrialPlace['outdated'] => trialsOf(service, workspace).outdated;

/** The rights that go by whose a file is: root without capabilities is refused what another user has. */
const isOfOwner: ReadonlySet<Right> = new Set(['user', 'capabilities', 'root-capabilities']);

/** The same as evidence has them. */
function provedRights({ proves }: Trial): ReadonlySet<Right> {
  return new Set<Right>([
    ...(proves.has('user') ? ['user' as const] : []),
    ...(proves.has('files') ? ['files' as const] : []),
    ...(proves.has('capabilities') ? (['capabilities', 'root-capabilities'] as const) : []),
    // what the file of a program carries is lost to both
    ...(proves.has('escalation') ? (['escalation', 'file-capabilities'] as const) : []),
  ]);
}

/** What taking away each right asks, where a trial found that it is needed. */
const needed: Readonly<Record<TrialFacts['needs'][number], readonly Right[]>> = {
  user: ['user'],
  files: ['files'],
  capabilities: ['capabilities', 'root-capabilities', 'file-capabilities'],
  escalation: ['escalation', 'file-capabilities'],
  pids: ['processes'],
};

/** What is known of a service once a trial has shown what it needs, and what not. */
export function underTrial(evidence: Evidence, service: Service, counting: CountingTrial): Evidence {
  const { facts } = counting;
  const { date, needs } = facts;
  const lacked = facts.isBounded ? [] : lackedBy(evidence, facts, service);
  const trial = { ...counting, proves: provedOf(facts, service, isAll(facts, evidence, lacked, service.platform)) };
  const proved = provedRights(trial);
  const found = needs.map((right): Doubt => ({
    reason: reason(`trial-needs-${right}`, { date }),
    against: needed[right],
    witness: 'trial',
  }));
  const open = evidence.unsettled.flatMap((doubt): Doubt[] => {
    const isOpen = (right: Right): boolean => !proved.has(right) || (ofOldFiles.has(doubt.reason.seen) && isOfOwner.has(right));
    const against = doubt.against.filter(isOpen);
    return against.length === 0 ? [] : [{ ...doubt, against }];
  });
  const isRoot = needs.includes('user');
  return {
    user: proved.has('user')
      ? { kind: 'user', user: { origin: 'trial', name: null, uid: facts.user!.uid, gid: facts.user!.gid } }
      : isRoot
        ? { kind: 'root', why: reason('trial-needs-user', { date }) }
        : evidence.user,
    writes: facts.readOnly
      ? [
          ...facts.folders.map(({ path, kind }): Place => ({
            path,
            filled: kind === 'volume',
            given: false,
            witness: 'trial',
            level: 'trial',
          })),
          ...lacked,
        ]
      : evidence.writes,
    capabilities: (trial.proves.has('capabilities') ? facts.capabilities : null) ?? evidence.capabilities,
    needsRoot: proved.has('user') ? null : isRoot ? reason('trial-needs-user', { date }) : evidence.needsRoot,
    unsettled: [...found, ...open],
    trial,
    untried: evidence,
  };
}
