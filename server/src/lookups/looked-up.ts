import { type FactCache, factsIn, type FactTable, type FoundImage, parseImageReference } from '../../../shared/src/index';
import { keyOfReference } from '../../../shared/src/services/registry/names';

/** What look-ups have said of images: in this session, and of a digest in earlier ones of the user. Asks no registry. */
export interface LookedUp extends FactTable {
  /** The facts of an image with what else was found; `null`: nothing is known. */
  of(reference: string): FoundImage | null;
  /** Whether anything can be known of an image that a text names: every edit of a file asks that first. */
  mayKnow(text: string): boolean;
  add(reference: string, found: FoundImage): void;
  /** Forgets everything, what is kept too. */
  clear(): void;
  onChange(listener: () => void): void;
}

/** More images than these are of no more use to anybody. */
const remembered = 500;

/** Creates a store that begins with what is kept of digests. */
export function createLookedUp(cache: Pick<FactCache, 'get'> & { readonly clear?: () => void }): LookedUp {
  const byTag = new Map<string, FoundImage>();
  // `null`: nothing is kept
  const byDigest = new Map<string, FoundImage | null>();
  const listeners: (() => void)[] = [];
  const changed = (): void => listeners.forEach(listener => listener());
  const put = <Value>(map: Map<string, Value>, key: string, value: Value): void => {
    map.delete(key);
    if (map.size >= remembered) map.delete(map.keys().next().value!);
    map.set(key, value);
  };
  const ofDigest = (digest: string): FoundImage | null => {
    let found = byDigest.get(digest);
    if (found === undefined) {
      const kept = cache.get(digest, null);
      found = kept && { ...kept, facts: { ...kept.facts, level: 'verified' }, at: null, chain: null };
      put(byDigest, digest, found);
    }
    return found;
  };
  const table: FactTable = {
    byDigest: { get: digest => ofDigest(digest)?.facts },
    byTag: { get: key => byTag.get(key)?.facts },
  };
  // a digest follows an @, which a string of YAML may escape
  const mayKnow = (text: string): boolean => byTag.size > 0 || /[@\\]/.test(text);
  return {
    ...table,
    mayKnow,
    of: reference => {
      if (!mayKnow(reference) || factsIn([table], reference) === null) return null;
      const parsed = parseImageReference(reference);
      return parsed.invalid === null && parsed.digest !== null ? ofDigest(parsed.digest) : (byTag.get(keyOfReference(reference)!) ?? null);
    },
    add: (reference, found) => {
      const { level, digest } = found.facts;
      const parsed = parseImageReference(reference);
      const named = parsed.invalid === null ? parsed.digest : null;
      const key = keyOfReference(reference);
      if (named !== null) put(byDigest, named, found);
      else if (key !== null) put(byTag, key, found);
      // what a registry sent hashes to its digest, for a reference that is pinned to that later
      if (named === null && level === 'as-served' && found.by === undefined)
        put(byDigest, digest, { ...found, facts: { ...found.facts, level: 'verified' }, at: null });
      changed();
    },
    clear: () => {
      cache.clear?.();
      byTag.clear();
      byDigest.clear();
      changed();
    },
    onChange: listener => void listeners.push(listener),
  };
}
