import type { Rule } from '../../shared/src/rule/define-rule';
import { editDistance } from '../../shared/src/base/text/closest';
import { claimsOf } from './checks';

/** Words that say nothing of what a rule is about. */
const empty = new Set(
  'a an and as at by for from has in is it no not of on or set that the to too with without missing invalid unset'.split(' '),
);

/** What a rule's name and title are about: words without their endings, so that "limits" finds "limit". */
function wordsOf(text: string): ReadonlySet<string> {
  const words = text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(word => word.length > 2 && !empty.has(word));
  return new Set(words.map(word => (word.length > 4 ? word.replace(/(?:ing|ed|es|s)$/, '') : word)));
}

/** A rule that may be about the same. */
export interface Neighbour {
  readonly rule: Rule;
  readonly why: string;
}

/** The rules nearest to a new id: by name, by the words of their titles, and by ids of other tools that they share with such a rule. */
export function neighboursOf(id: string, rules: readonly Rule[], most = 8): readonly Neighbour[] {
  const nameOf = (rule: string): string => rule.slice(rule.indexOf('/') + 1);
  const name = nameOf(id);
  const words = wordsOf(name);
  const near = rules
    .filter(rule => rule.id !== id)
    .flatMap(rule => {
      const other = nameOf(rule.id);
      const inName = [...wordsOf(other)].filter(word => words.has(word));
      const inTitle = [...wordsOf(rule.title)].filter(word => words.has(word) && !inName.includes(word));
      const isSpelledAlike = editDistance(name, other) <= Math.max(2, name.length >> 2);
      const score = (other === name ? 10 : 0) + (isSpelledAlike ? 2 : 0) + 2 * inName.length + inTitle.length;
      const why = other === name ? 'the same name' : isSpelledAlike ? 'a similar name' : [...inName, ...inTitle].join(', ');
      return score > 0 ? [{ rule, why, score }] : [];
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, most);
  const known = new Set([id, ...near.map(({ rule }) => rule.id)]);
  const byPeer = [...claimsOf(rules)].flatMap(([peer, owners]) =>
    owners.some(owner => near.some(({ rule }) => rule.id === owner)) ? owners.filter(o => !known.has(o)).map(o => [o, peer] as const) : [],
  );
  const sharing = new Map(byPeer);
  return [
    ...near,
    ...rules.filter(rule => sharing.has(rule.id)).map(rule => ({ rule, why: `shares ${sharing.get(rule.id)!} with one of them` })),
  ];
}
