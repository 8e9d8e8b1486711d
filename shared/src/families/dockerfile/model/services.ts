import type { RuleContext } from '../../../rule/define-rule';
import type { ServiceBuild } from '../../../workspace/types';
import type { Stage } from './types';

/**
 * The first of the services of Compose that start the image of a stage, where all of them do so in a way; `null`: none does, or one does not.
 * Others may start the image as it is all the same, so that what it leaves to them stays worth saying.
 */
export function allServices(
  stage: Stage,
  { workspace, path }: Pick<RuleContext, 'workspace' | 'path'>,
  isSo: (service: ServiceBuild['service']) => boolean,
): ServiceBuild | null {
  const builds = workspace
    .servicesOf(path)
    .filter(({ target }) => (target === null ? stage.isFinal : target.toLowerCase() === stage.name?.toLowerCase()));
  return builds.every(({ service }) => isSo(service)) ? (builds[0] ?? null) : null;
}
