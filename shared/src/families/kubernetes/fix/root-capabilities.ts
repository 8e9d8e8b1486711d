import { neededCapabilities } from '../../../knowledge/root-capabilities';
import { capabilities } from '../model/security';
import type { ContainerView } from '../model/types';
import { knownImage } from './image';
import type { FixSettings } from './settings';

/**
 * Whether a container adds nothing but what the entry point of its image needs to become another user, and the image starts as that user
 * where it is told to: with its user the capabilities go.
 */
export function addsForEntryPoint(container: ContainerView, settings: Pick<FixSettings, 'workspace'>): boolean {
  const profile = knownImage(container, settings)?.profile ?? null;
  const needed = profile?.privilegeDrop ? neededCapabilities(profile) : null;
  return needed !== null && capabilities(container, 'add').items.every(({ name }) => name === 'NET_BIND_SERVICE' || needed.includes(name));
}
