import { findStandard, type StandardKey } from '../../shared/src/knowledge/standards';
import type { Rule } from '../../shared/src/rule/define-rule';
import type { Catalogue, Problem } from './catalogue';
import { rulePath } from './files';
import { unwritten, unwrittenMessage } from './scaffold';
import sharedPeers from './shared-peers.json';
import { chapters, pssHistory } from './standards';

const sharedPeersFile = 'tools/rules/shared-peers.json';

/** What must hold of the rules together, and is not true: each with the file to edit. */
export function checkRules(rules: readonly Rule[]): readonly Problem[] {
  return [...untitledItems(rules), ...peersClaimedTwice(rules, sharedPeers)];
}

/** What is still as `npm run new-rule` wrote it. */
export function unwrittenParts({ rules, pages }: Catalogue): readonly Problem[] {
  return rules.flatMap(({ id, messages }) => [
    ...(pages.get(id)?.intro.includes(unwritten) ? [{ file: `${rulePath(id)}.md`, what: 'write the introduction' }] : []),
    ...(Object.values(messages).some(({ text }) => text === unwrittenMessage)
      ? [{ file: `${rulePath(id)}.ts`, what: 'write the message' }]
      : []),
  ]);
}

/** Numbers of standards that nobody has given a title. */
function untitledItems(rules: readonly Rule[]): readonly Problem[] {
  const keys = chapters.map(([key]) => key);
  return rules.flatMap(rule => keys.flatMap(key => (rule.references[key] ?? []).flatMap(item => untitled(rule, key, item))));
}

function untitled(rule: Rule, key: StandardKey, item: string): readonly Problem[] {
  const { titles, name } = findStandard(key);
  if (!Object.hasOwn(titles, item)) {
    const how = `then run: npx tsx tools/knowledge/main.ts standards (or correct the number in ${rulePath(rule.id)}.ts)`;
    return [{ file: 'tools/knowledge/standards.ts', what: `add a short title of ${item} (${name}) to furtherTitles.${key}, ${how}` }];
  }
  if (key !== 'pss' || Object.hasOwn(pssHistory, item)) return [];
  return [{ file: 'tools/rules/standards.ts', what: `add the control ${item}, which ${rule.id} refers to, to pssHistory` }];
}

/** Ids of other tools that several rules claim: each is on purpose, and listed, or one rule too many. */
export function peersClaimedTwice(rules: readonly Rule[], listed: Readonly<Record<string, readonly string[]>>): readonly Problem[] {
  const claims = claimsOf(rules);
  const problems: Problem[] = [];
  for (const [peer, owners] of claims) {
    const fresh = owners.find(id => !listed[peer]?.includes(id));
    if (owners.length < 2 || fresh === undefined) continue;
    const what = `${peer} is claimed by ${owners.join(' and ')}: drop it from one, or list them under "${peer}" in ${sharedPeersFile}`;
    problems.push({ file: `${rulePath(fresh)}.ts`, what });
  }
  for (const [peer, ids] of Object.entries(listed)) {
    const idle = ids.filter(id => !claims.get(peer)?.includes(id));
    if (idle.length > 0) problems.push({ file: sharedPeersFile, what: `"${peer}": ${idle.join(', ')} does not claim it (any longer)` });
  }
  return problems;
}

/** The rules that claim an id of another tool, by "tool id". */
export function claimsOf(rules: readonly Rule[]): ReadonlyMap<string, readonly string[]> {
  const claims = new Map<string, string[]>();
  for (const rule of rules) {
    const own = [rule.peers, ...Object.values(rule.messages).map(message => message.peers ?? {})].flatMap(peers =>
      Object.entries(peers).flatMap(([tool, ids]) => ids.map(id => `${tool} ${id}`)),
    );
    for (const peer of new Set(own)) claims.set(peer, [...(claims.get(peer) ?? []), rule.id]);
  }
  return claims;
}
