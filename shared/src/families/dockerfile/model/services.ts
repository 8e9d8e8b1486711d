import type { RuleContext } from '../../../rule/define-rule';
import type { ServiceBuild } from '../../../workspace/types';
import type { Stage } from './types';

/** What stages are called that are built to develop and test with. */
const ofDevelopers = /^(?:base|build(?:er)?|check|ci|debug(?:ger)?|dev(?:el(?:opment)?)?|e2e|lint(?:er)?|local|tests?|testing)(?![a-z])/i;

/** Whether a stage is one that runs elsewhere: the last one, or another that something in the workspace builds by its name. */
export function isRunStage({ isFinal, name }: Stage, { workspace, path }: Pick<RuleContext, 'workspace' | 'path'>): boolean {
  return isFinal || (name !== null && !ofDevelopers.test(name) && workspace.targetsOf(path).includes(name.toLowerCase()));
}

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
