import type { OpenedFile } from '../../shared/src/engine/engine';
import type { LintContext } from '../../shared/src/engine/types';
import type { KnownTrial, TrialAbout, TrialFacts } from '../../shared/src/knowledge/trials';
import { withTrials } from '../../shared/src/workspace/with-image-facts';
import type { BlockSetup } from './page';

/** A trial of which nothing is said but that it answered. */
export const plainTrial: TrialFacts = {
  origin: 'own',
  level: 'answered',
  date: '2026-11-20',
  how: 'podman 4.3.1, runc 1.1.5, linux/amd64',
  digest: `sha256:${'5'.repeat(64)}`,
  starts: 2,
  user: null,
  readOnly: false,
  folders: [],
  capabilities: null,
  noNewPrivileges: false,
  init: false,
  needs: [],
  isBounded: true,
};

/** A context in which the trials of a block are known; with `since` in what a block says of one, that part of what ran was another. */
export function withCaseTrials(opened: OpenedFile, context: LintContext, { trials }: BlockSetup): LintContext {
  if (trials.size === 0) return context;
  const places = opened.trials(context);
  const known = new Map(
    [...trials].map(([name, json]): [string, readonly KnownTrial[]] => {
      const { since, ...facts } = JSON.parse(json) as Partial<TrialFacts> & { readonly since?: Partial<TrialAbout> };
      const place = places.find(each => each.name === name);
      if (!place) throw new Error(`no trial can be made of "${name}": there are ${places.map(each => each.name).join(', ')}`);
      return [name, [{ facts: { ...plainTrial, ...facts }, about: { ...place.about, ...since } }]];
    }),
  );
  return { ...context, workspace: withTrials(context.workspace, name => known.get(name) ?? []) };
}
