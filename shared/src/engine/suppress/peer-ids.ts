import { kicsQueries } from '../../knowledge/kics';
import type { Rule } from '../../rule/define-rule';
import type { Peers } from '../../base/terms/types';

/** The tools whose directives are understood. */
export type Peer =
  | 'hadolint'
  | 'buildkit'
  | 'trivy'
  | 'checkov'
  | 'kics'
  | 'semgrep'
  | 'dclint'
  | 'tally'
  | 'dockerfile-utils'
  | 'kube-linter'
  | 'kube-score'
  | 'polaris'
  | 'zizmor'
  | 'actionlint'
  | 'poutine';

/** What of ours answers for an id of another tool: a rule, by some of its messages or by any (`null`). */
export interface PeerAnswer {
  readonly rule: string;
  readonly messages: ReadonlySet<string> | null;
}

/** Finds what of ours answers for another tool's ids, by what each rule says of its peers. */
export interface PeerIds {
  /** What answers for an id as a person writes it; nothing for an id that no rule of ours has. */
  answers(peer: Peer, id: string): readonly PeerAnswer[];
  /** Every rule that the tool has too: what a directive without ids speaks of. */
  all(peer: Peer): readonly PeerAnswer[];
}

/** Other spellings of an id: Trivy and KICS have changed theirs, semgrep's may stand under folders. */
function normalize(peer: Peer, id: string): string {
  switch (peer) {
    case 'trivy': {
      const match = /^(?:avd-)?([a-z]+)-?0*([1-9]\d*|0)$/i.exec(id);
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
export function createPeerIds(rules: readonly Pick<Rule, 'id' | 'peers' | 'messages'>[]): PeerIds {
  let byId: Map<string, Map<string, Set<string> | null>> | null = null;
  const index = (): Map<string, Map<string, Set<string> | null>> => {
    if (byId) return byId;
    const found = new Map<string, Map<string, Set<string> | null>>();
    const add = (peer: string, id: string, rule: string, message: string | null): void => {
      const key = `${peer} ${normalize(peer as Peer, id)}`;
      let answers = found.get(key);
      if (!answers) found.set(key, (answers = new Map<string, Set<string> | null>()));
      if (message === null) {
        if (!answers.has(rule)) answers.set(rule, null);
        return;
      }
      const messages = answers.get(rule);
      if (messages) messages.add(message);
      else answers.set(rule, new Set([message]));
    };
    const addAll = (peers: Peers, rule: string, message: string | null): void => {
      for (const [peer, ids] of Object.entries(peers)) for (const id of ids) add(peer, id, rule, message);
      // tally has hadolint's and BuildKit's checks under their own names
      for (const peer of ['hadolint', 'buildkit']) for (const id of peers[peer] ?? []) add('tally', id, rule, message);
    };
    for (const { id: rule, peers, messages } of rules) {
      addAll(peers, rule, null);
      for (const [message, { peers: own = {} }] of Object.entries(messages)) addAll(own, rule, message);
    }
    const known = new Set(rules.map(rule => rule.id));
    for (const [rule, ids] of kicsQueries) if (known.has(rule)) for (const id of ids) add('kics', id, rule, null);
    return (byId = found);
  };
  const allOf = new Map<Peer, readonly PeerAnswer[]>();
  const findAll = (peer: Peer): readonly PeerAnswer[] =>
    rules
      .filter(({ peers }) => own(peers, peer) || (peer === 'tally' && (own(peers, 'hadolint') || own(peers, 'buildkit'))))
      .map(({ id: rule }) => ({ rule, messages: null }));
  return {
    answers: (peer, id) => [...(index().get(`${peer} ${normalize(peer, id)}`) ?? [])].map(([rule, messages]) => ({ rule, messages })),
    all: peer => {
      let known = allOf.get(peer);
      if (!known) allOf.set(peer, (known = findAll(peer)));
      return known;
    },
  };
}

function own(peers: Peers, peer: string): boolean {
  return (peers[peer]?.length ?? 0) > 0;
}
