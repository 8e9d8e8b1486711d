import { tableOf, type Facts, type FactTable } from './fact-tables';
import type { BudgetFact, PolicyFact, ServiceFact, WorkloadFact } from './object-facts';
import type { Questions } from './question';
import { isTriedOn, readFragments } from './kustomization-questions';
import { isBelowTestData } from './source/test-data';
import { matches, type LabelSelector } from './selector';
import { filters } from './object-filters';
import { folderOf } from './paths';
import { candidates, labelKeys, labelled, reaches, sameNamespace, selectorKeys } from './tables';
import type { PodKey } from './types';
import { findAccount, namespaceLabels } from './object-questions';

/** By the keys of their selector, and `all`. */
const keysOfSelector = ({ selector }: PolicyFact | ServiceFact | BudgetFact): readonly string[] =>
  selector ? [...selectorKeys(selector), 'all'] : [];
const policies = tableOf('policy', keysOfSelector);
const services = tableOf('service', keysOfSelector);
const budgets = tableOf('budget', keysOfSelector);

const workloads = tableOf('workload', ({ labels }) => labelKeys(labels));
const labelledServices = tableOf('service', ({ labels }) => labelKeys(labels));
const usedImages = tableOf('workload', ({ containers }) => containers.flatMap(({ image }) => image ?? []));

/** What of a table selects a pod. */
function selecting<F extends PolicyFact | ServiceFact | BudgetFact>(facts: Facts, table: FactTable<F>, pod: PodKey): readonly F[] {
  const all = facts.in(table);
  return [...candidates(all, () => all.get('all'), pod.labels)].filter(fact => {
    if (fact.selector === null || matches(fact.selector, pod.labels) === 'no') return false;
    // what says nothing else is of its own namespace
    const scope = { scope: 'namespace' as const, namespaces: null, ...fact };
    return reaches(scope, pod.namespace, name => namespaceLabels(facts, name)) !== 'no';
  });
}

/** What of a table a selector selects in a namespace. */
function selectedIn<F extends WorkloadFact | ServiceFact>(
  facts: Facts,
  table: FactTable<F>,
  selector: LabelSelector,
  namespace: string | null,
): readonly F[] {
  return labelled(facts.in(table), selector).filter(fact => isSelected(fact, selector, namespace));
}

function isSelected(fact: WorkloadFact | ServiceFact, selector: LabelSelector, namespace: string | null): boolean {
  return sameNamespace(fact.namespace, namespace) && matches(selector, fact.labels) !== 'no';
}

function selectedBeside(facts: Facts, path: string, selector: LabelSelector, namespace: string | null): readonly WorkloadFact[] {
  const folder = folderOf(path);
  const near = selectedIn(facts, workloads, selector, namespace).filter(fact => folderOf(fact.path) === folder);
  const inFile = near.filter(fact => fact.path === path);
  return inFile.length > 0 ? inFile : near;
}

/** Of a pod, what tells whether it is selected. */
const dependsOn = ['namespace', 'labels'];

/** What is asked about pods, and what selects them. */
export const podQuestions = {
  selected: {
    needs: ({ facts, objects }, selector, namespace) => {
      const areSeveral = (): boolean => selectedIn(facts, workloads, selector, namespace).length > 1;
      const isNews = (path: string): boolean =>
        facts.at(path).some(fact => fact.type === 'workload' && isSelected(fact, selector, namespace));
      if (!areSeveral()) objects(filters.workloads, path => isNews(path) && areSeveral());
    },
    answer: (facts, selector, namespace) => {
      const [first = null, ...others] = selectedIn(facts, workloads, selector, namespace);
      return others.length > 0 ? { count: 'several', only: null } : { count: first ? 'one' : 'none', only: first };
    },
  },
  selectedBeside: {
    needs: (read, path, selector, namespace) => {
      read.file(path);
      if (selectedBeside(read.facts, path, selector, namespace).length === 0) read.objectsOf(folderOf(path), filters.workloads);
    },
    answer: selectedBeside,
  },
  firstSelected: {
    needs: read => read.objects(filters.workloads),
    answer: (facts, selector) => selectedIn(facts, workloads, selector, null)[0] ?? null,
  },
  cloudUserAmong: {
    needs: read => {
      read.objects(filters.workloads);
      read.objects(filters.accounts);
    },
    answer: (facts, selector, namespace) => {
      for (const workload of selectedIn(facts, workloads, selector, namespace)) {
        if (workload.cloud !== null) return { workload, seen: workload.cloud, path: workload.path };
        const account = findAccount(facts, workload.namespace, workload.serviceAccount ?? 'default');
        if (account?.identity) return { workload, seen: account.identity, path: account.path };
      }
      return null;
    },
  },
  selectedServices: {
    needs: read => read.objects(filters.services),
    answer: (facts, selector, namespace) => selectedIn(facts, labelledServices, selector, namespace).length,
  },
  policiesFor: { needs: read => read.objects(filters.policies), answer: (facts, pod) => selecting(facts, policies, pod), dependsOn },
  servicesFor: { needs: read => read.objects(filters.services), answer: (facts, pod) => selecting(facts, services, pod), dependsOn },
  budgetsFor: { needs: read => read.objects(filters.budgets), answer: (facts, pod) => selecting(facts, budgets, pod), dependsOn },
  workloads: { needs: read => read.objects(filters.workloads), answer: facts => facts.by(workloads, '*') },
  images: {
    needs: read => {
      read.objects(filters.workloads);
      readFragments(read);
    },
    answer: facts => {
      const all = facts.in(usedImages);
      return all.keys().filter(image => all.get(image).some(({ path }) => !isBelowTestData(path) && !isTriedOn(facts, path)));
    },
  },
} satisfies Partial<Questions>;
