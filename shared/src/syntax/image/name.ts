import { parseImageReference } from './reference';

/**
 * The name by which a built image and a reference to it are compared: registry and repository, without tag and digest and without `docker.io/library`.
 * `null` for what is no reference.
 */
export function imageKey(reference: string): string | null {
  const parsed = parseImageReference(reference);
  if (parsed.invalid !== null) return null;
  const registry =
    parsed.registry === null || parsed.registry === 'docker.io' || parsed.registry === 'index.docker.io' ? '' : `${parsed.registry}/`;
  return registry + (registry === '' ? parsed.repository.replace(/^library\//, '') : parsed.repository);
}

/** The image of what runs it, as findings name it: nothing where its name is not known. */
export function namedImage(reference: string | null | undefined): { readonly image?: string } {
  const image = reference == null ? null : imageKey(reference);
  return image === null ? {} : { image };
}
