import type { Finding } from '../../shared/src/rule/finding/types';

/** The kinds of findings of which a text has more than before, each with how many more: what harden added and would report itself. */
export function newFindings(before: readonly Finding[], after: readonly Finding[]): readonly string[] {
  const count = (findings: readonly Finding[]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const { rule, suppression } of findings) if (suppression === null) counts.set(rule, (counts.get(rule) ?? 0) + 1);
    return counts;
  };
  const known = count(before);
  return [...count(after)].flatMap(([rule, number]) => {
    const more = number - (known.get(rule) ?? 0);
    return more > 0 ? [`${rule}: ${more} more`] : [];
  });
}
