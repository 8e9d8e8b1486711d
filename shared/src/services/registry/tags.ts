import { originOf, resolveLocation, type Address } from './address';

/** The tags of a page of a registry's list; none where it is no list. */
export function readTags(text: string | null): readonly string[] {
  try {
    const tags = (JSON.parse(text ?? '') as { tags?: unknown } | null)?.tags;
    return Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string' && /^\w[\w.-]{0,127}$/.test(tag)) : [];
  } catch {
    return [];
  }
}

/** Whether a `Link` header says that there is more, wherever that is. */
export function hasNextPage(link: string | undefined): boolean {
  return /\brel="?next\b/i.test(link ?? '');
}

/** The path of the next page by a `Link` header; `null` where there is none, or it is somewhere else. */
export function nextPage(link: string | undefined, from: Address): string | null {
  const match = /^\s*<([^<>]*)>\s*;\s*rel="?next"?/i.exec(link ?? '');
  const next = match && resolveLocation(from, match[1]!);
  return next && originOf(next) === originOf(from) ? next.path : null;
}

const version = /^v?(\d{1,9}(?:\.\d{1,9}){0,3})$/;

/**
 * The tags that most likely name the version behind `latest`: plain versions, the most exact first, the newest first among those. At most `limit`.
 */
export function likelyVersions(tags: readonly string[], limit: number): readonly string[] {
  const parsed = tags.flatMap(tag => {
    const numbers = version.exec(tag)?.[1]?.split('.').map(Number);
    return numbers ? [{ tag, numbers }] : [];
  });
  const newer = (a: readonly number[], b: readonly number[]): number => {
    for (let i = 0; i < Math.max(a.length, b.length); i++) {
      const difference = (b[i] ?? -1) - (a[i] ?? -1);
      if (difference !== 0) return difference;
    }
    return 0;
  };
  return parsed
    .sort((a, b) => newer(a.numbers, b.numbers))
    .filter(({ numbers }) => numbers.length > 1)
    .slice(0, limit)
    .map(({ tag }) => tag);
}
