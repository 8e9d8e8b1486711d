import { kicsQueries } from '../knowledge/kics';
import { suggest } from '../base/text/suggest';
import type { Peers } from '../base/terms/types';
import { standardLabels, type StandardKey } from '../knowledge/standards';
import type { Rule } from './define-rule';

/** What a rule is called elsewhere: the ids of other tools' checks, and the items of standards that name what it finds. */
export function otherNames({ references, peers, messages }: Pick<Rule, 'references' | 'peers' | 'messages'>): readonly string[] {
  const { cisDocker = [], cisKubernetes = [], pss = [], mitre = [], cwe = [] } = references;
  const all = [peers, ...Object.values(messages).map(message => message.peers ?? {})].flatMap(idsOf);
  const cis = [...cisDocker, ...cisKubernetes].map(item => `CIS ${item}`);
  return [...new Set([...all, ...cis, ...pss, ...mitre, ...cwe])];
}

function idsOf(peers: Peers): readonly string[] {
  return Object.values(peers).flat();
}

/** The rules that a name stands for. */
export interface NamedRules {
  /** Ids; several where the name stands for more than one rule, none where nobody knows it. */
  readonly rules: readonly string[];
  /** What was probably meant where nothing was found. */
  readonly near: string | null;
}

/**
 * Finds rules by what a person writes: an id, an id without its family, or a name that another tool or a standard has for it, in any of its spellings
 * (`KSV-0017`, `KSV017`, `AVD-KSV-0017`; `DS002`; `CIS 5.2.2`, `5.2.2`, `NIST SP 800-190 3.1.1`; a UUID of KICS).
 */
export function findRules(rules: readonly Pick<Rule, 'id' | 'references' | 'peers' | 'messages'>[], name: string): NamedRules {
  const written = name.trim();
  if (rules.some(({ id }) => id === written)) return { rules: [written], near: null };
  const wanted = spelling(written);
  const queries = new Map(kicsQueries);
  const uuid = /^[0-9a-f]{8}(?:-|$)/i.test(written) ? written.slice(0, 8).toLowerCase() : null;
  const item = standardItem(written);
  const isMeant = (rule: (typeof rules)[number]): boolean =>
    rule.id.endsWith(`/${written}`) ||
    (item !== null && rule.references[item.standard]?.includes(item.id) === true) ||
    otherNames(rule).some(other => spelling(other) === wanted) ||
    (uuid !== null && queries.get(rule.id)?.includes(uuid) === true);
  const found = wanted === '' ? [] : rules.filter(isMeant);
  if (found.length > 0) return { rules: found.map(({ id }) => id), near: null };
  return {
    rules: [],
    near: suggest(
      written,
      rules.flatMap(rule => [rule.id, rule.id.slice(rule.id.indexOf('/') + 1), ...otherNames(rule)]),
    ),
  };
}

/** The item that a label of ours with a number names: `CIS Docker 4.1`. */
function standardItem(written: string): { readonly standard: StandardKey; readonly id: string } | null {
  for (const [standard, label] of Object.entries(standardLabels) as [StandardKey, string][]) {
    const id = written.slice(label.length).trim();
    if (id !== '' && written.toLowerCase().startsWith(label.toLowerCase())) return { standard, id };
  }
  return null;
}

/** More rules are not listed: a word that so many share says little. */
const mostAbout = 20;

/**
 * The rules about a topic: `root`, `distroless`, `cosign`. Those with the word in their id come first, then in their title, in
 * a message or fix, and in the introduction of their page.
 * @param pageOf the page of a rule; `null` where there is none
 */
export function rulesAbout<R extends Pick<Rule, 'id' | 'title' | 'messages' | 'fixes'>>(
  rules: readonly R[],
  topic: string,
  pageOf: (rule: string) => string | null,
): readonly R[] {
  const words = topic.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  if (words.length === 0 || topic.length > 100) return [];
  const holds = (text: string): boolean => {
    const there = new Set(text.toLowerCase().match(/[a-z0-9]+/g));
    return words.every(word => there.has(word));
  };
  const places = ({ id, title, messages, fixes }: R): readonly string[] => [
    id.slice(id.indexOf('/')),
    title,
    [...Object.values(messages).map(({ text }) => text), ...Object.values(fixes).map(fix => fix.title)].join('\n'),
    // below the first heading are examples
    (pageOf(id) ?? '').split('\n## ', 1)[0]!,
  ];
  return rules
    .map(rule => ({ rule, place: places(rule).findIndex(holds) }))
    .filter(({ place }) => place >= 0)
    .sort((a, b) => a.place - b.place)
    .slice(0, mostAbout)
    .map(({ rule }) => rule);
}

/** One spelling for all spellings of a name: tools have changed theirs, and people leave out what seems not to count. */
function spelling(name: string): string {
  return name
    .toLowerCase()
    .replace(/^avd-|^cis[ -]/, '')
    .replace(/^(?:[\w-]+\/)+|[^a-z0-9.]/g, '')
    .replace(/[0-9]+/g, digits => digits.replace(/^0+(?=[0-9])/, ''));
}
