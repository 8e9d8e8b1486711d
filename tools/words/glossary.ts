/*
 * The words of this project. A message, a comment and a name say what a reader of the field would say; what reads as if it were translated, or is a second word for a
 * thing that has one, is listed here with what to write in its place. `npm run generate` objects to every new one (see `check-words.ts`).
 */

/** A word or turn of phrase that is not to be used. */
export interface Unwanted {
  /** Names are taken apart first: `toldNames` is read as `told names`. */
  readonly pattern: RegExp;
  /** What to write. */
  readonly say: string;
}

/** Terms of the field: one term for one thing. */
const terms: readonly Unwanted[] = [
  { pattern: /mends?|mended|mending/, say: 'fix' },
  { pattern: /(?:root|privileges) of its host|of its host/, say: "the host's, on the host" },
  { pattern: /context of the build/, say: 'build context' },
  { pattern: /image that (?:it|everything) is (?:built|based) on/, say: 'base image' },
  { pattern: /superuser/, say: 'root' },
  { pattern: /start command/, say: 'command, or entrypoint' },
  { pattern: /ports? that (?:is|are) opened/, say: 'published port' },
  { pattern: /(?:un)?told/, say: 'given, passed, named; of secrets: credentials, masked' },
];

/** Turns of phrase of another language, and English of another century. */
const phrases: readonly Unwanted[] = [
  { pattern: /whoever/, say: 'anyone who, whichever user' },
  { pattern: /whosoever|whereof|wherein|thereof|therein/, say: 'a plain clause' },
  { pattern: /and (?:its|their|the like of its) kin|kin/, say: 'similar, related, the others of its kind by name' },
  { pattern: /sought|heard/, say: 'looked up, wanted, received' },
  { pattern: /laid|lies over|lie over|laid over/, say: 'merged, overwritten by, applied to' },
  { pattern: /behind/, say: 'after, following' },
  { pattern: /stands?|stood|standing/, say: 'is, is written, appears' },
  { pattern: /is no (?!longer|more|one|such|need|way|reason|matter|other)[a-z]+/, say: 'is not a' },
  { pattern: /does without|do without|goes? without/, say: 'does not need, omits' },
  { pattern: /in its stead|in their stead/, say: 'instead' },
  { pattern: /nobody/, say: 'no one, nothing; better: say who' },
  { pattern: /lone|keeper|foe/, say: 'single, owner' },
  { pattern: /gets? around/, say: 'bypasses' },
  { pattern: /is never asked/, say: 'has no effect, is not evaluated' },
  // as the name of a thing: which of the many it is stays open
  { pattern: /(?:const|let) (?:\[|\{ )?own/, say: 'what it is of: written, local, stage' },
];

/** All that is not to be used. */
export const unwanted: readonly Unwanted[] = [...terms, ...phrases];
