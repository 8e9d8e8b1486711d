import type { Cannot, TrialContainer, TrialSubject } from '../contract';
import { cannot, finish, isHostName, type Draft } from './draft';
import type { SubjectAnswer } from './types';

/** More containers are not started for one. */
export const mostPeers = 20;

/** What was read for a trial. */
export interface SubjectParts extends Pick<TrialSubject, 'family' | 'path' | 'platform' | 'volumeGroup'> {
  /** In the order of starting: the last is what the trial is about. */
  readonly drafts: readonly Draft[];
  /** What speaks against the trial as a whole. */
  readonly refusals?: readonly Cannot[];
}

/** The subject, where nothing of any container was refused. All are read by now, so that every secret is known. */
export function subjectOf({ drafts, refusals: others = [], ...rest }: SubjectParts): SubjectAnswer {
  const several = drafts.length > 1;
  const containers: TrialContainer[] = [];
  const refusals = [...others];
  if (drafts.length > mostPeers + 1) refusals.push(cannot('needs-peer', `more than ${mostPeers}`, drafts.at(-1)!.place));
  const names = new Set<string>();
  for (const draft of drafts) {
    const container = finish(draft);
    if (container) containers.push(container);
    else refusals.push(...draft.refusals);
    if (several && (!isHostName(draft.name) || names.has(draft.name))) refusals.push(cannot('unclear', draft.name, draft.place));
    names.add(draft.name);
  }
  refusals.push(...clashes(containers, drafts));
  const container = containers.pop();
  if (refusals.length > 0 || !container) return refusals;
  return { ...rest, container, peers: containers, leftOut: [...new Set(drafts.flatMap(({ leftOut }) => [...leftOut]))].sort() };
}

/** Ports that two of them declare: all share one network, as the containers of a pod do. */
function clashes(containers: readonly TrialContainer[], drafts: readonly Draft[]): readonly Cannot[] {
  const owners = new Map<number, string>();
  return containers.flatMap(({ name, ports }, index) =>
    ports.flatMap(port => {
      const other = owners.get(port);
      owners.set(port, name);
      return other === undefined ? [] : [cannot('needs-peer', `${other}, ${name}: ${port}`, drafts[index]?.place ?? null)];
    }),
  );
}
