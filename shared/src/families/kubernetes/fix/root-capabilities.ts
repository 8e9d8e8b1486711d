import type { ImageProfile } from '../../../knowledge/image-profiles';
import { capabilities } from '../model/security';
import type { ContainerView } from '../model/types';
import { knownImage } from './image';
import type { FixSettings } from './settings';

/** What an image needs as long as it runs as root; `null` where that is not known. */
export function rootCapabilities(profile: ImageProfile | null): readonly string[] | null {
  if (!profile) return null;
  if (profile.rootCapabilities.length > 0) return profile.rootCapabilities;
  const { privilegeDrop: drop } = profile;
  if (!drop || drop.capabilities.length === 0) return null;
  return [...new Set([...drop.capabilities, ...(profile.portsBelow1024.length > 0 ? ['NET_BIND_SERVICE'] : [])])].sort();
}

/**
 * Whether a container adds nothing but what the entry point of its image needs to become another user, and the image starts as that user
 * where it is told to: with its user the capabilities go.
 */
export function addsForEntryPoint(container: ContainerView, settings: Pick<FixSettings, 'workspace'>): boolean {
  const profile = knownImage(container, settings)?.profile ?? null;
  const needed = profile?.privilegeDrop ? rootCapabilities(profile) : null;
  return needed !== null && capabilities(container, 'add').items.every(({ name }) => name === 'NET_BIND_SERVICE' || needed.includes(name));
}
