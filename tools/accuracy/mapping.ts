import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpusFolder } from '../corpus-folder';
import { root } from '../rules/files';
import type { Row } from './rows';

/** What of ours answers for a row: a rule, by any of its messages or by some (`null`: by any). */
export interface Answer {
  readonly rule: string;
  readonly messages: ReadonlySet<string> | null;
}

/** Finds what of ours answers for a row; nothing where the catalogue does not map the peer's rule. */
export type Mapping = (row: Pick<Row, 'family' | 'peer' | 'rule' | 'checks'>) => readonly Answer[];

/** Whether a finding is one of those that answer. */
export function answersOf(answers: readonly Answer[], { rule, messageId }: { readonly rule: string; readonly messageId: string }): boolean {
  return answers.some(answer => answer.rule === rule && (answer.messages === null || answer.messages.has(messageId)));
}

interface CatalogueRule {
  readonly id: string;
  readonly covers: readonly { readonly check: string; readonly peers?: Readonly<Record<string, readonly string[] | string>> }[];
}

/** The ids that one entry of the catalogue names: `a, b (part)` names `a` and `b`. */
function peerIds(peer: string, entry: string): readonly string[] {
  const ids = entry.split(',').map(id => id.replace(/\(.*?\)/g, '').trim());
  return ids.filter(id => id !== '').map(id => (peer === 'tally' && !id.includes('/') ? `tally/${id}` : id));
}

/** Which messages of its rule answer for one check of the catalogue, where the rule answers for more than that. */
export function readMessages(): Readonly<Record<string, readonly string[]>> {
  return JSON.parse(readFileSync(join(root, 'tools/accuracy/mapping.json'), 'utf8')) as Record<string, readonly string[]>;
}

/** The catalogues beside the project: those of workflows and of policies stand apart. */
const catalogues = ['catalogue.json', 'catalogue-workflow.json', 'catalogue-policy.json'];

/** Rules that came after the catalogues, with the ids of peers that they answer for, in the same form. */
const later = join(root, 'tools/accuracy/catalogue-more.json');

const readCatalogue = (): readonly CatalogueRule[] =>
  [...catalogues.map(name => join(corpusFolder, name)), later]
    .filter(existsSync)
    .flatMap(path => JSON.parse(readFileSync(path, 'utf8')) as readonly CatalogueRule[]);

/** Everything that the catalogues say, in the words that a reason may quote: a text for each sentence or entry. */
export function readCatalogueText(): string {
  const texts = (value: unknown): readonly string[] =>
    typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
  return texts(readCatalogue()).join('\n');
}

/** Reads the catalogues beside the project, and which messages answer for a check. */
export function readMapping(messagesOf = readMessages()): Mapping {
  const byPeer = new Map<string, { rule: string; check: string }[]>();
  const byCheck = new Map<string, { rule: string; check: string }[]>();
  const add = (map: typeof byPeer, key: string, target: { rule: string; check: string }): void => {
    map.set(key, [...(map.get(key) ?? []), target]);
  };
  for (const { id: rule, covers } of readCatalogue()) {
    for (const { check, peers = {} } of covers) {
      add(byCheck, check, { rule, check });
      for (const [peer, entries] of Object.entries(peers))
        for (const entry of typeof entries === 'string' ? [entries] : entries)
          for (const id of peerIds(peer, entry)) add(byPeer, `${peer} ${id}`, { rule, check });
    }
  }
  const targetsOf = ({ family, peer, rule, checks }: Parameters<Mapping>[0]): readonly { rule: string; check: string }[] => {
    const named = checks.flatMap(check => (check.includes('/') ? [{ rule: check, check }] : (byCheck.get(check) ?? [])));
    const targets = named.length > 0 ? named : (byPeer.get(`${peer} ${rule}`) ?? []);
    // a pipeline of GitLab is looked at by rules of workflows and of command lines, too, and poutine's workflows are some of GitLab
    const isOfFamily = ({ rule: id }: { rule: string }): boolean =>
      id.startsWith(`${family}/`) || (peer === 'poutine' && id.startsWith('gitlab/'));
    return family === 'gitlab' ? targets : targets.filter(isOfFamily);
  };
  return row => {
    const answers = new Map<string, Set<string> | null>();
    for (const { rule, check } of targetsOf(row)) {
      const messages = messagesOf[`${row.peer}:${row.rule}`] ?? messagesOf[check];
      const before = answers.get(rule);
      answers.set(rule, messages === undefined || before === null ? null : new Set([...(before ?? []), ...messages]));
    }
    return [...answers].map(([rule, messages]) => ({ rule, messages }));
  };
}
