import type { Range } from '../../base/text/range';
import type { FoundSecret } from './formats';
import { findAssignedSecrets, findNamedSecret, findSecrets } from './detect';

/** Longer values are data of programs: dashboards, scripts, archives. */
const longest = 200_000;

/** Whether an entry holds a file rather than a value: its key has an ending, or its value several lines. */
function isFile(key: string, text: string): boolean {
  return /\.[A-Za-z0-9]{1,10}$/.test(key) || text.trimEnd().includes('\n');
}

/** Whether a text stands for itself: no variable of psql (`PASSWORD :'name'`), no word in capitals that a person replaces. */
function isMeant(text: string, { start, end }: Range): boolean {
  return !/\s:['"]$/.test(text.slice(Math.max(0, start - 3), start)) && !/^[A-Z]+(?:_[A-Z]+)+$/.test(text.slice(start, end));
}

/**
 * The secrets in one entry of a ConfigMap or Secret, in order. Of a value the key counts, of a file what its text assigns, of both what shows by its
 * form; a key alone says nothing, as `server-tokens` or `password_validation.py` do.
 */
export function findDataSecrets(key: string, text: string): readonly FoundSecret[] {
  if (text.length > longest) return [];
  const named = isFile(key, text) ? null : findNamedSecret(key, text);
  if (named) return isMeant(text, named.range) ? [named] : [];
  const formed = findSecrets(text);
  const free = findAssignedSecrets(text).filter(
    ({ range: a }) => isMeant(text, a) && !formed.some(({ range: f }) => a.start < f.end && f.start < a.end),
  );
  return free.length === 0 ? formed : [...formed, ...free].sort((a, b) => a.range.start - b.range.start);
}
