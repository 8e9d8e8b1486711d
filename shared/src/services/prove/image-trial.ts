import type { NamedTrial } from './evidence-file';
import type { TrialSubject } from './contract';
import type { TrialFacts, TrialPlace } from '../../knowledge/trials';
import type { ServiceBuild } from '../../workspace/types';

/** Where a Dockerfile says what a build ends with: its last stage, or the one that is asked for. */
export function placeBuilt(places: readonly TrialPlace[], target: string | null): TrialPlace | undefined {
  return target === null ? places.at(-1) : places.find(({ name }) => name === target.toLowerCase());
}

/**
 * What a trial of a service would say of the Dockerfile that builds its image, to be tried on the image that is built so; `null`: nothing, since the service starts something
 * else than the image does, or another one is built from the same file. Where the service failed as another user, that is tried again with the folders that it writes to given to that user;
 * not where one of them is that of the program.
 */
export function imageTrial(
  { container }: TrialSubject,
  facts: TrialFacts,
  { name, about }: TrialPlace,
  services: readonly ServiceBuild[],
  usual: { readonly uid: number; readonly gid: number },
): NamedTrial | null {
  const isImage = container.entrypoint === null && container.command === null && container.workdir === null;
  const isOther = facts.user !== null || (facts.needs.includes('user') && facts.folders.every(({ isProgram }) => isProgram !== true));
  if (!isImage || !isOther || services.length > 1) return null;
  const user = facts.user ?? usual;
  return { name, about, facts: { ...facts, user, needs: facts.needs.filter(right => right !== 'user') } };
}

/** The lines that a text has more than another one, each as often as that. */
export function addedLines(before: string, after: string): readonly string[] {
  const known = before.split(/\r?\n/);
  return after.split(/\r?\n/).filter(line => {
    const at = known.indexOf(line);
    if (at >= 0) known.splice(at, 1);
    return at < 0 && line.trim() !== '';
  });
}
