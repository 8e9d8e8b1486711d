import { kicsQueries } from '../knowledge/kics';
import { suggest } from '../base/text/suggest';
import type { Peers } from '../base/terms/types';
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
 * (`KSV-0017`, `KSV017`, `AVD-KSV-0017`; `DS002`; `CIS 5.2.2`, `5.2.2`; a UUID of KICS).
 */
export function findRules(rules: readonly Pick<Rule, 'id' | 'references' | 'peers' | 'messages'>[], name: string): NamedRules {
  const written = name.trim();
  if (rules.some(({ id }) => id === written)) return { rules: [written], near: null };
  const wanted = spelling(written);
  const queries = new Map(kicsQueries);
  const uuid = /^[0-9a-f]{8}(?:-|$)/i.test(written) ? written.slice(0, 8).toLowerCase() : null;
  const isMeant = (rule: (typeof rules)[number]): boolean =>
    rule.id.endsWith(`/${written}`) ||
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

/** One spelling for all spellings of a name: tools have changed theirs, and people leave out what seems not to count. */
function spelling(name: string): string {
  return name
    .toLowerCase()
    .replace(/^avd-|^cis[ -]/, '')
    .replace(/^(?:[\w-]+\/)+|[^a-z0-9.]/g, '')
    .replace(/[0-9]+/g, digits => digits.replace(/^0+(?=[0-9])/, ''));
}
