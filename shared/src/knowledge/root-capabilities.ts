import type { ImageProfile } from './image-profiles';

/** What an image needs as long as it runs as root, low ports included; `null` where that is not known. */
export function neededCapabilities(profile: ImageProfile | null): readonly string[] | null {
  if (!profile) return null;
  if (profile.rootCapabilities.length > 0) return profile.rootCapabilities;
  const { privilegeDrop: drop } = profile;
  if (!drop || drop.capabilities.length === 0) return null;
  return [...new Set([...drop.capabilities, ...(profile.portsBelow1024.length > 0 ? ['NET_BIND_SERVICE'] : [])])].sort();
}
