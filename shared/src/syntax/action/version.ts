import { range, type Range } from '../../base/text/range';

/** A version as tags of actions have it: `v4`, `0.28.0`, `v1.2.3-beta`. */
export interface Version {
  /** One to three of them: major, minor, patch. */
  readonly numbers: readonly number[];
  /** What stands behind a hyphen, as in `v1.2.3-beta`, or at once, as in Python's `v4.0.0rc1`; empty: a release. */
  readonly suffix: string;
  /** Whether it is written with a `v`. */
  readonly prefixed: boolean;
}

/** Reads a version. `null`: the text is something else, as a branch's name is. */
export function parseVersion(text: string): Version | null {
  const match =
    /^(v?)(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:[-+]([\w.-]{1,60})|\.?((?:a|b|rc|alpha|beta|dev|post|pre)\.?\d{1,9}))?$/i.exec(text);
  if (!match) return null;
  const numbers = match.slice(2, 5).flatMap(part => (part === undefined ? [] : [Number(part)]));
  return { numbers, suffix: match[5] ?? match[6] ?? '', prefixed: match[1] !== '' };
}

/** Whether a version names one release, as `v4.2.2` does and `v4` does not. */
export function isExact({ numbers }: Version): boolean {
  return numbers.length === 3;
}

/** Below zero where `a` is older than `b`. Absent numbers count as 0, and what has a suffix comes before its release. */
export function compareVersions(a: Version, b: Version): number {
  for (let i = 0; i < 3; i++) {
    const difference = (a.numbers[i] ?? 0) - (b.numbers[i] ?? 0);
    if (difference !== 0) return difference;
  }
  if ((a.suffix === '') !== (b.suffix === '')) return a.suffix === '' ? 1 : -1;
  return a.suffix < b.suffix ? -1 : a.suffix > b.suffix ? 1 : 0;
}

/** Whether a release belongs to a version that may be less exact: `v4.2.2` to `v4`. */
function belongsTo(release: Version, version: Version): boolean {
  return release.suffix === version.suffix && version.numbers.every((number, i) => release.numbers[i] === number);
}

/** Whether a version, as somebody wrote it, is one of a commit's or less exact: `v4` of a commit that is `v4.2.2`. */
export function namesOneOf(written: string, versions: readonly string[]): boolean {
  const version = parseVersion(written);
  return (
    version !== null &&
    versions.some(text => {
      const release = parseVersion(text);
      return release !== null && belongsTo(release, version);
    })
  );
}

/** Of tags on one commit, the one that says most: the most exact version, the highest of those. `null`: none is a version. */
export function mostExact(tags: readonly string[]): string | null {
  let best: { readonly tag: string; readonly version: Version } | null = null;
  for (const tag of tags) {
    const version = parseVersion(tag);
    if (!version) continue;
    const more = best === null ? 1 : version.numbers.length - best.version.numbers.length || compareVersions(version, best.version);
    if (more > 0) best = { tag, version };
  }
  return best?.tag ?? null;
}

/**
 * The version in a comment, anywhere in it: people and tools write `# v4.2.2`, `# tag=v4`, `# ratchet:owner/repo@v4`, `# pin@v4`, `# v4.2.2 (2024-10-23)`.
 * A bare number counts only where the comment is nothing else. The range is in the comment's text; `null`: none.
 */
export function versionIn(comment: string): { readonly text: string; readonly range: Range } | null {
  const words = /[^\s,;()[\]=:@#'"/]+/g;
  let lone: { readonly text: string; readonly range: Range } | null = null;
  let count = 0;
  for (const match of comment.matchAll(words)) {
    const text = match[0].replace(/\.$/, '');
    const found = { text, range: range(match.index, match.index + text.length) };
    const version = parseVersion(text);
    count++;
    if (version && (version.prefixed || version.numbers.length > 1)) return found;
    if (version) lone ??= found;
  }
  return count === 1 ? lone : null;
}
