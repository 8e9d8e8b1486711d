import { normalizeName, parseImageReference } from '../../syntax/image/reference';
import type { ScanReport } from './types';

/** Whether a report is about the image that a reference names: by one of the names that the report gives it, tag and digest included. */
export function isAbout({ artifact, names, digest }: Pick<ScanReport, 'artifact' | 'names' | 'digest'>, reference: string): boolean {
  const wanted = parseImageReference(reference);
  if (wanted.invalid !== null) return false;
  // what is pinned is that digest, whatever its tag is now
  if (wanted.digest !== null && digest !== null) return wanted.digest === digest;
  const name = normalizeName(wanted);
  const tag = wanted.tag ?? 'latest';
  return [artifact, ...names].some(text => {
    const given = parseImageReference(text);
    if (given.invalid !== null || normalizeName(given) !== name) return false;
    if (wanted.digest !== null) return given.digest === wanted.digest;
    return given.digest === null ? (given.tag ?? 'latest') === tag : given.tag === tag;
  });
}
