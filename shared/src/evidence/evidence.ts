import type { Reason } from '../base/terms/evidence';
import { memoizeFor } from '../base/text/memoize';
import { neededCapabilities } from '../knowledge/root-capabilities';
import type { WorkspaceIndex } from '../workspace/types';
import { keepsEntryPoint, type Service } from './service';
import type { Evidence, Place, Right, Testimony } from './testimony';
import { decideRunAs, type RunAs } from './user';
import { declaredWitness, runFacts } from './declared-witness';
import { imageWitness } from './image-witness';
import { programWitness } from './program-witness';
import { trialOf, underTrial } from './trial-witness';

// The one question: what does it need to run? Every family asks it of what it starts, and keeps to itself how the answer is written down.
// A new witness is a file of its own and a line of `evidenceIn`.

/** What something needs to run, as far as the file, its image and the files around it tell. Several rules ask it of each. */
export function evidenceOf(service: Service, { workspace }: { readonly workspace: WorkspaceIndex }): Evidence {
  return evidenceIn(service, workspace);
}

/** Why a person should say whether something does without a right; `null`: nothing speaks against it. */
export function doubtAgainst({ unsettled }: Evidence, right: Right): Reason | null {
  return unsettled.find(({ against }) => against.includes(right))?.reason ?? null;
}

const evidenceIn = memoizeFor((service: Service, workspace: WorkspaceIndex): Evidence => {
  const { profile } = service.known;
  const [needed] = service.needsRoot;
  const user: RunAs = needed ? { kind: 'root', why: needed.reason } : decideRunAs(runFacts(service));
  const asRoot = keepsEntryPoint(service) || service.platform === 'pod' ? neededCapabilities(profile) : null;
  // ports below 1024 need nothing in a network of Docker
  const isFree = service.platform === 'engine' && !service.guardsLowPorts;
  const capabilities = asRoot && isFree ? asRoot.filter(name => name !== 'NET_BIND_SERVICE') : asRoot;
  const witnesses: readonly Testimony[] = [
    imageWitness(service),
    programWitness(service, workspace),
    declaredWitness(service, user, capabilities),
  ];
  const evidence: Evidence = {
    user,
    writes: settled(witnesses.flatMap(({ writes }) => writes)),
    capabilities,
    needsRoot: user.kind === 'root' ? user.why : null,
    // what the file shows is the plainest to whoever is asked
    unsettled: [...witnesses].reverse().flatMap(({ doubts }) => doubts),
    trial: null,
    untried: null,
  };
  const trial = trialOf(service, workspace);
  return trial ? underTrial(evidence, service, trial) : evidence;
});

/** Each folder once, as the best witness has it. Where two of them disagree whether it has files, it has: a mount could hide them. */
function settled(places: readonly Place[]): readonly Place[] {
  const found = new Map<string, Place>();
  for (const place of places) {
    const other = found.get(place.path);
    if (!other || (other.level === 'guessed' && place.level === 'known')) found.set(place.path, place);
    else if (place.level === 'known' && place.filled !== other.filled) found.set(place.path, { ...other, filled: true });
  }
  return [...found.values()];
}
