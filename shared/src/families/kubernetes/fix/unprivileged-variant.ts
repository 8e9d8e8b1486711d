import { setValue, type YamlOperation } from '../../../syntax/yaml/operations';
import { profileOf } from '../../../evidence/known-image';
import { startsAsRoot } from '../../../knowledge/configured-image';
import type { ContainerView } from '../model/types';
import { knownImage } from './image';
import type { FixSettings } from './settings';

/** An image that does without root what a container's image needs root for. */
export interface UnprivilegedVariant {
  readonly image: string;
  readonly operations: () => readonly YamlOperation[];
}

/** The image that may stand in for one that needs root, at the same tag; `null` where none is known, or nothing is known of its user. */
export function unprivilegedVariant(container: ContainerView, settings: Pick<FixSettings, 'workspace'>): UnprivilegedVariant | null {
  const { image } = container;
  const known = knownImage(container, settings);
  const profile = known?.stage ? null : (known?.profile ?? null);
  const [pattern] = profile?.unprivilegedReplacement ?? [];
  // an image that only has the name of a known one has no twin
  if (!image || image.variable || image.reference.invalid !== null || !profile || known!.likeness !== null || pattern === undefined)
    return null;
  const { tag, digest } = image.reference;
  if (digest !== null || !profile.nonRoot.startsWith('needs-')) return null;
  const [name = '', form] = pattern.split(':', 2);
  const wanted = form === undefined ? tag : form.replace('*', tag ?? 'latest');
  const text = wanted === null ? name : `${name}:${wanted}`;
  const facts = settings.workspace.imageFacts(text);
  if (facts && startsAsRoot(facts)) return null;
  const twin = profileOf(text, settings.workspace);
  const uid = twin?.defaultUser?.uid ?? twin?.runAs.uid ?? null;
  if (twin?.nonRoot !== 'already' || uid === null || uid === 0) return null;
  return {
    image: text,
    operations: () => [
      setValue(image.path, text),
      setValue([...container.securityContextPath, 'runAsNonRoot'], true),
      setValue([...container.securityContextPath, 'runAsUser'], uid),
    ],
  };
}
