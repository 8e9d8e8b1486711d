import { kicsQueries } from '../knowledge/kics';
import type { Rule } from '../rule/define-rule';

/** The tools whose directives are understood. */
export type Peer =
  | 'hadolint'
  | 'buildkit'
  | 'trivy'
  | 'checkov'
  | 'kics'
  | 'semgrep'
  | 'tally'
  | 'dockerfile-utils'
  | 'kube-linter'
  | 'kube-score'
  | 'polaris';

/** Finds our rules for another tool's ids, by what each rule says of its peers. */
export interface PeerIds {
  /** The rules that answer for an id as a person writes it; none for an id that no rule of ours has. */
  rules(peer: Peer, id: string): readonly string[];
  /** Every rule that the tool has too: what a directive without ids speaks of. */
  all(peer: Peer): readonly string[];
}

/** Other spellings of an id: Trivy and KICS have changed theirs, semgrep's may stand under folders. */
function normalize(peer: Peer, id: string): string {
  switch (peer) {
    case 'trivy': {
      const match = /^(?:avd-)?([a-z]+)-?0*(\d+)$/i.exec(id);
      return match ? `${match[1]!.toLowerCase()}${match[2]!}` : id.toLowerCase();
    }
    case 'semgrep':
      return id.slice(id.lastIndexOf('.') + 1).toLowerCase();
    case 'tally':
      // the name alone will do where no other group of its rules has it
      return id.slice(id.lastIndexOf('/') + 1).toLowerCase();
    case 'kics':
      // a person writes a query's UUID, of which the first eight digits tell it from the others
      if (/^[0-9a-f]{8}-/i.test(id)) return id.slice(0, 8).toLowerCase();
      return id.replace(/[^a-z0-9]/gi, '').toLowerCase();
    case 'hadolint':
    case 'polaris':
      return id;
    default:
      return id.toLowerCase();
  }
}

/** Indexes what the rules say of their peers; when first asked, since most files hold no directive of another tool. */
export function createPeerIds(rules: readonly Pick<Rule, 'id' | 'peers'>[]): PeerIds {
  let byId: Map<string, string[]> | null = null;
  const index = (): Map<string, string[]> => {
    if (byId) return byId;
    const found = new Map<string, string[]>();
    const add = (peer: string, id: string, rule: string): void => {
      const key = `${peer} ${normalize(peer as Peer, id)}`;
      const list = found.get(key);
      if (!list) found.set(key, [rule]);
      else if (!list.includes(rule)) list.push(rule);
    };
    for (const { id: rule, peers } of rules) {
      for (const [peer, ids] of Object.entries(peers)) for (const id of ids) add(peer, id, rule);
      // tally has hadolint's and BuildKit's checks under their own names
      for (const peer of ['hadolint', 'buildkit']) for (const id of peers[peer] ?? []) add('tally', id, rule);
    }
    const known = new Set(rules.map(rule => rule.id));
    for (const [rule, ids] of kicsQueries) if (known.has(rule)) for (const id of ids) add('kics', id, rule);
    return (byId = found);
  };
  return {
    rules: (peer, id) => index().get(`${peer} ${normalize(peer, id)}`) ?? [],
    all: peer =>
      rules
        .filter(({ peers }) => own(peers, peer) || (peer === 'tally' && (own(peers, 'hadolint') || own(peers, 'buildkit'))))
        .map(rule => rule.id),
  };
}

function own(peers: Rule['peers'], peer: string): boolean {
  return (peers[peer]?.length ?? 0) > 0;
}
