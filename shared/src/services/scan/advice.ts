import type { ScanReport } from './types';

/** `v1.2.3-alpine`: everything up to the last number, that number, and the variant. */
const exact = /^(v?\d{1,9}\.\d{1,9}(?:\.\d{1,9}){0,2}\.)(\d{1,9})(-[\w.-]{1,100})?$/;

/**
 * The newest patch release among tags: as a tag, but for its last number, which is higher. `null`: there is none, or the tag does not name a patch release. Another
 * minor release, variant or distribution is no advice that could be followed without a look: `24.10` is no newer `24.04`.
 */
export function newestPatch(tag: string, tags: readonly string[]): string | null {
  const [, line, patch, variant] = exact.exec(tag) ?? [];
  let newest = { tag: '', patch: Number(patch) };
  for (const other of tags) {
    const [, itsLine, itsPatch, itsVariant] = exact.exec(other) ?? [];
    if (line !== undefined && itsLine === line && itsVariant === variant && Number(itsPatch) > newest.patch)
      newest = { tag: other, patch: Number(itsPatch) };
  }
  return newest.tag === '' ? null : newest.tag;
}

/** What another image has of the vulnerabilities of one, each id once. */
export interface ScanComparison {
  /** How many the one has. */
  readonly count: number;
  /** How many of them the other has too. */
  readonly left: number;
  /** How many only the other has. */
  readonly added: number;
}

/** Compares two scans by the same scanner with the same database: of others the difference would say nothing of the images. */
export function compareScans(one: Pick<ScanReport, 'vulnerabilities'>, other: Pick<ScanReport, 'vulnerabilities'>): ScanComparison {
  const [mine, its] = [one, other].map(({ vulnerabilities }) => new Set(vulnerabilities.map(({ id }) => id))) as [Set<string>, Set<string>];
  const left = [...mine].filter(id => its.has(id)).length;
  return { count: mine.size, left, added: its.size - left };
}

/** `1.2.4 has 4 of the 31, and 2 others`. */
export function adviceWords(tag: string, { count, left, added }: ScanComparison): string {
  const kept = left === 0 ? `none of the ${count}` : left === count ? `all of the ${count}` : `${left} of the ${count}`;
  return `${tag} has ${kept}${added === 0 ? '' : `, and ${added} ${added === 1 ? 'other' : 'others'}`}`;
}
