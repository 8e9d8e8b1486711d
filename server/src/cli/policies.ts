import { relative, resolve } from 'node:path';
import { isWithin } from '../../../shared/host/node/folders';
import { type Engine, isPolicyText, mayHaveFacts, type PolicyTextFact, sha256 } from '../../../shared/src/index';
import { shownPath } from './inputs';
import type { Reading } from './reading';
import { InputError } from './usage';

/** Admission policies that live elsewhere: `--policies DIR`. */
export interface NamedPolicies {
  /** Whether a file is in one of the folders: it is not checked itself. */
  readonly holds: (absolute: string) => boolean;
  /** The policies and what may be their parameters, each at its path relative to a folder; always the same list for a folder. */
  readonly from: (base: string) => readonly PolicyTextFact[];
  /** What tells these policies from others. */
  readonly digest: string;
}

/** Reads the policies of folders; `null`: none are named. Throws `InputError` where one cannot be read, or holds none. */
export function readNamedPolicies(folders: readonly string[], engine: Engine, reading: Reading): NamedPolicies | null {
  if (folders.length === 0) return null;
  const roots = folders.map(folder => resolve(folder));
  const found = new Map<string, readonly PolicyTextFact[]>();
  for (const root of roots) {
    const kind = reading.kind(root);
    if (!kind.ok || kind.value !== 'folder')
      throw new InputError(`--policies ${shownPath(root)}: ${kind.ok ? 'is not a directory' : kind.message}`);
    let count = 0;
    reading.walk(root, mayHaveFacts, ({ path, unread }) => {
      const text = unread === null ? reading.walkedText(path) : null;
      const facts = text === null ? [] : engine.open({ path: relative(root, path).replaceAll('\\', '/'), text }).facts();
      const policies = facts.filter((fact): fact is PolicyTextFact => fact.type === 'policy-text');
      count += policies.filter(isPolicyText).length;
      if (policies.length > 0) found.set(path, policies);
      return true;
    });
    if (count === 0) throw new InputError(`--policies ${shownPath(root)}: contains no admission policy`);
  }
  const lists = new Map<string, readonly PolicyTextFact[]>();
  return {
    holds: absolute => roots.some(root => isWithin(root, absolute)),
    from: base => {
      let list = lists.get(base);
      if (!list) {
        const at = (path: string): string => relative(base, path).replaceAll('\\', '/');
        list = [...found].flatMap(([path, facts]) => facts.map(fact => ({ ...fact, path: at(path), isNamed: true as const })));
        lists.set(base, list);
      }
      return list;
    },
    digest: sha256(new TextEncoder().encode(JSON.stringify([...found]))),
  };
}
