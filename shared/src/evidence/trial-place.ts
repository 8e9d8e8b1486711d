import type { TrialPlace } from '../knowledge/trials';
import type { WorkspaceIndex } from '../workspace/types';
import { evidenceOf } from './evidence';
import type { Service } from './service';
import { aboutOf } from './trial-about';
import { outdatedTrial } from './trial-witness';

/** What a trial of a service would be about, what it has to give it, and whether one no longer counts; `null`: none is made of it. */
export function trialPlaceOf(service: Service, range: TrialPlace['range'], workspace: WorkspaceIndex): TrialPlace | null {
  const { trial } = service;
  return (
    trial && {
      range,
      name: trial.name,
      about: aboutOf(service, trial),
      writes: () => knownWrites(service, workspace),
      outdated: outdatedTrial(service, workspace),
    }
  );
}

/** Where something is known to write without a trial; servers go on where they cannot change what their image ships. */
function knownWrites(service: Service, workspace: WorkspaceIndex): ReturnType<TrialPlace['writes']> {
  const evidence = evidenceOf(service, { workspace });
  const { writes } = evidence.untried ?? evidence;
  return writes.filter(({ level, witness, filled }) => level === 'known' && !(witness === 'image' && filled));
}
