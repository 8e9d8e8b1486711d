import { isVariable } from '../syntax/yaml/certainty';
import { mayBeParameters } from './admission-facts';
import { tableOf, tableOfObjects, type Facts } from './fact-tables';
import type { BindingFact, ServiceAccountFact } from './object-facts';
import type { Questions } from './question';
import { ofAny, ofGroup, filters, workloadKinds } from './object-filters';
import { sameNamespace } from './tables';
import type { Fact } from './types';

/** By `kind/name`. An account that a template names may be any: it counts where it declines its token. */
const objects = tableOfObjects(fact =>
  fact.name !== '' || (fact.type === 'service-account' && fact.automount === false) ? [`${fact.kind}/${fact.name}`] : [],
);

/** By `Deployment`, `Deployment@namespace`, the same of `workload`, and `@namespace`. */
const kinds = tableOfObjects(fact => {
  const own = fact.type === 'workload' || workloadKinds.has(fact.kind) ? [fact.kind, 'workload'] : [fact.kind];
  // what sets up the network of a sidecar needs NET_ADMIN
  if ((fact.type === 'workload' && !fact.baseline) || ('sidecar' in fact && fact.sidecar)) own.push('below-baseline');
  return [...own, ...[...own, ''].map(kind => `${kind}@${fact.namespace ?? ''}`), '*'];
});

/** By `ServiceAccount/name`, `Group/name`; the groups of all accounts of a namespace are one key. */
const subjects = tableOf('binding', ({ subjects: all }) => [
  ...new Set(all.map(({ kind, name }) => `${kind}/${name.replace(/^(system:serviceaccounts):.*/, '$1:')}`)),
]);
const roleUsers = tableOf('binding', ({ role }) => [`${role.kind}/${role.name}`]);
const scalers = tableOf('scaler', ({ target }) => [`${target.kind}/${target.name}`]);
const policies = tableOf('admission', () => ['*']);
const policyTexts = tableOf('policy-text', ({ of }) => [mayBeParameters(of) ? of : '*']);

/** The object of a kind and name; what says its namespace is nearer than what leaves it open. */
function find(facts: Facts, kind: string, namespace: string | null, name: string): Fact | undefined {
  const found = facts.by(objects, `${kind}/${name}`);
  return found.find(fact => fact.namespace === namespace) ?? found.find(fact => sameNamespace(fact.namespace, namespace));
}

/** The ServiceAccount of a name in a namespace. */
export function findAccount(facts: Facts, namespace: string | null, name: string): ServiceAccountFact | undefined {
  const fact = find(facts, 'ServiceAccount', namespace, isVariable(name) ? '' : name);
  return fact?.type === 'service-account' ? fact : undefined;
}

/** What is known of the labels of a namespace. */
export function namespaceLabels(facts: Facts, name: string): Extract<Fact, { readonly type: 'namespace' }>['labels'] | null {
  const fact = find(facts, 'Namespace', null, name);
  return fact?.type === 'namespace' ? fact.labels : null;
}

function isIndexed(facts: Facts, kind: string, namespace: string | null): boolean {
  const table = facts.in(kinds);
  return facts.complete && (namespace === null ? table.has(kind) : table.has(`${kind}@${namespace}`) || table.has(`${kind}@`));
}

function hasNeighbours(facts: Facts, namespace: string | null): boolean {
  const table = facts.in(kinds);
  return facts.complete && (namespace === null ? table.count('*') : table.count(`@${namespace}`) + table.count('@')) > 1;
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

/** What is asked about API objects by their kinds and names. */
export const objectQuestions = {
  isIndexed: {
    needs: (read, kind, namespace) => {
      const holds = (): boolean => isIndexed(read.facts, kind, namespace);
      if (read.isComplete() && !holds()) read.objects(read.ofKind(kind), holds);
    },
    answer: isIndexed,
  },
  hasNeighbours: {
    needs: (read, namespace) => {
      const holds = (): boolean => hasNeighbours(read.facts, namespace);
      if (read.isComplete() && !holds()) read.objects(filters.objects, holds);
    },
    answer: hasNeighbours,
  },
  object: { needs: (read, kind, _, name) => read.named(read.ofKind(kind), name), answer: find },
  serviceAccount: { needs: (read, _, name) => read.named(filters.accounts, name), answer: findAccount },
  bindingsOf: {
    needs: (read, _, name) => read.named(filters.bindings, name, ofGroup),
    answer: (facts, namespace, name) => {
      const groups = ['system:serviceaccounts', 'system:authenticated', 'system:serviceaccounts:'];
      const table = facts.in(subjects);
      const found = new Set([`ServiceAccount/${name}`, ...groups.map(group => `Group/${group}`)].flatMap(key => table.get(key)));
      return [...found]
        .filter(binding => binding.subjects.some(subject => names(subject, binding, namespace, name)))
        .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.range.start - b.range.start));
    },
  },
  bindingsTo: {
    needs: (read, _, __, name) => read.named(filters.bindings, name),
    answer: (facts, kind, namespace, name) => {
      const found = facts.by(roleUsers, `${kind}/${name}`);
      return found.filter(binding => kind === 'ClusterRole' || sameNamespace(binding.namespace, namespace));
    },
  },
  role: {
    needs: (read, kind, _, name) => read.named(read.ofKind(kind), name),
    answer: (facts, kind, namespace, name) => {
      const fact = find(facts, kind, kind === 'Role' ? namespace : null, name);
      return fact?.type === 'role' ? fact : undefined;
    },
  },
  scalersOf: {
    needs: (read, _, __, name) => read.named(filters.scalers, name, ofAny),
    answer: (facts, kind, namespace, name) => {
      const of = (key: string): readonly Extract<Fact, { readonly type: 'scaler' }>[] =>
        facts.by(scalers, `${kind}/${key}`).filter(scaler => sameNamespace(scaler.namespace, namespace));
      // one of what a template names may be that of any
      return [...(isVariable(name) ? [] : of(name)), ...of('').slice(0, 1)];
    },
  },
  policyTexts: { needs: read => read.objects(filters.policyTexts), answer: facts => facts.by(policyTexts, '*') },
  parameterTexts: { needs: (read, kind) => read.objects(read.ofKind(kind)), answer: (facts, kind) => facts.by(policyTexts, kind) },
  admission: {
    needs: read => read.objects(filters.admission),
    answer: facts => ({
      policies: facts.by(policies, '*'),
      namespaces: facts.by(kinds, 'Namespace').flatMap(fact => (fact.type === 'namespace' ? [fact] : [])),
    }),
  },
} satisfies Partial<Questions>;
