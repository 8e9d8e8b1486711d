import { emptyFacts } from './facts';
import type { BindingFact, FileFacts, ServiceAccountFact, WorkspaceIndex } from './types';

/** A workspace of which nothing is known: a lone file, or standard input. */
export const emptyWorkspace: WorkspaceIndex = { complete: false, serviceAccount: () => undefined, bindingsOf: () => [] };

/** The facts of a workspace's files, kept up to date file by file. */
export interface WorkspaceFacts {
  /** What rules are given. Its answers follow every update. */
  readonly index: WorkspaceIndex;
  /** Sets the facts of a file; tells whether they differ from those before. */
  update(path: string, facts: FileFacts): boolean;
  /** Forgets a file; tells whether it had facts. */
  remove(path: string): boolean;
}

/** Namespaces of manifests are often set from outside (`kubectl -n`, kustomize): one that is not written may be any. */
function sameNamespace(a: string | null, b: string | null): boolean {
  return a === null || b === null || a === b;
}

/**
 * Creates an empty index.
 * @param options.complete whether the files will be those of a whole folder, so that what no file says is absent
 */
export function createWorkspaceIndex(options: { readonly complete: boolean }): WorkspaceFacts {
  const files = new Map<string, FileFacts>();
  let accounts: Map<string, ServiceAccountFact[]> | null = null;
  let bindings: readonly BindingFact[] | null = null;
  const forget = (): void => {
    accounts = null;
    bindings = null;
  };
  const sorted = (): readonly FileFacts[] => [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, facts]) => facts);
  const accountsByName = (): Map<string, ServiceAccountFact[]> => {
    if (!accounts) {
      accounts = new Map();
      for (const fact of sorted().flatMap(f => f.serviceAccounts)) accounts.set(fact.name, [...(accounts.get(fact.name) ?? []), fact]);
    }
    return accounts;
  };
  const set = (path: string, facts: FileFacts): boolean => {
    const before = files.get(path) ?? emptyFacts;
    if (facts === emptyFacts) files.delete(path);
    else files.set(path, facts);
    const changed = JSON.stringify(before) !== JSON.stringify(facts);
    if (changed) forget();
    return changed;
  };
  return {
    update: set,
    remove: path => set(path, emptyFacts),
    index: {
      complete: options.complete,
      serviceAccount: (namespace, name) => (accountsByName().get(name) ?? []).find(fact => sameNamespace(fact.namespace, namespace)),
      bindingsOf: (namespace, name) => {
        bindings ??= sorted().flatMap(f => f.bindings);
        return bindings.filter(binding => binding.subjects.some(subject => names(subject, binding, namespace, name)));
      },
    },
  };
}

/** Whether a subject of a binding is the account, or a group that holds it (RBAC: `system:serviceaccounts[:namespace]`, `system:authenticated`). */
function names(subject: BindingFact['subjects'][number], binding: BindingFact, namespace: string | null, name: string): boolean {
  if (subject.kind === 'ServiceAccount') return subject.name === name && sameNamespace(subject.namespace ?? binding.namespace, namespace);
  if (subject.kind !== 'Group') return false;
  const group = 'system:serviceaccounts';
  return (
    subject.name === group ||
    subject.name === 'system:authenticated' ||
    (subject.name.startsWith(`${group}:`) && sameNamespace(subject.name.slice(group.length + 1), namespace))
  );
}
