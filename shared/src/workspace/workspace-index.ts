import type { AdmissionFact } from './admission-facts';
import { isGlob } from '../base/text/glob';
import { isVariable } from '../syntax/yaml/certainty';
import { emptyFacts } from './fact-kind';
import { matches, type Labels, type LabelSelector } from './selector';
import { candidates, createTable, labelKeys, labelled, reaches, sameNamespace, selectorKeys, type Table } from './tables';
import { createImageTable } from './image-table';
import { chartValue, foldersAbove } from './chart-values';
import { isFilled, type FragmentsFact, type KustomizationFact } from './kustomize-facts';
import { folderOf, ignoreFilesBeside, isEnvironment } from './paths';
import { nearestSettings } from './peer-settings';
import { workloadKinds } from './sought';
import type {
  ComposeSetFact,
  KeptFolderFact,
  LeftOutFact,
  OpenCacheFact,
  PipelineFact,
  ProgramFact,
  ScriptFact,
  PeerSettingFact,
} from './lone-facts';
import type { ComposeFact, Fact, FileFacts, PodKey, ValuesFact, WorkspaceIndex } from './types';
import type {
  BindingFact,
  BudgetFact,
  ObjectFact,
  PolicyFact,
  ScalerFact,
  ServiceAccountFact,
  ServiceFact,
  WorkloadFact,
} from './object-facts';

/** The facts of a workspace's files, kept up to date file by file. */
export interface WorkspaceFacts {
  /** What rules are given. Its answers follow every update. */
  readonly index: WorkspaceIndex;
  /** Sets the facts of a file; tells whether they differ from those before. */
  update(path: string, facts: FileFacts): boolean;
  /** Forgets a file; tells whether it had facts. */
  remove(path: string): boolean;
  /** Says whether the files are by now all those of the folder. */
  settle(complete: boolean): void;
}

/**
 * An index that puts every question through `ask`: what records questions, or puts them to an index that comes later.
 * @param assuming what `assuming` does; where absent it only runs what it is given
 */
export function askedIndex(
  ask: <T>(question: (index: WorkspaceIndex) => T) => T,
  assuming: WorkspaceIndex['assuming'] = (_path, _facts, run) => run(),
): WorkspaceIndex {
  const asked: Record<string, unknown> = { assuming };
  for (const what of Object.keys(emptyWorkspace)) {
    const put = (...about: unknown[]): unknown => ask(index => answerOf(index, [what, ...about]));
    if (what === 'complete') Object.defineProperty(asked, what, { get: () => put(), configurable: true, enumerable: true });
    else asked[what] ??= put;
  }
  return asked as unknown as WorkspaceIndex;
}

/** A question to an index as plain data: what is asked, and about what. */
export type IndexQuestion = readonly [what: string, ...about: unknown[]];

/** The answer to a question as plain data. */
export function answerOf(index: WorkspaceIndex, [what, ...about]: IndexQuestion): unknown {
  const asked = (index as unknown as Readonly<Record<string, unknown>>)[what];
  return typeof asked === 'function' ? (asked as (...about: readonly unknown[]) => unknown)(...about) : asked;
}

/** No project lays kustomizations over each other in more folders; what goes on behind them is not followed. */
const mostFolders = 1000;

/** `Deployment`, `Deployment@namespace`, the same of `workload`, and `@namespace`. */
function kindKeys(fact: Extract<Fact, ObjectFact>): readonly string[] {
  const kinds = fact.type === 'workload' || workloadKinds.has(fact.kind) ? [fact.kind, 'workload'] : [fact.kind];
  if (fact.type === 'workload' && !fact.baseline) kinds.push('below-baseline');
  return [...kinds, ...[...kinds, ''].map(kind => `${kind}@${fact.namespace ?? ''}`), '*'];
}

/** The keys of facts that select pods: those of their selector, and `all`. */
function keysOfSelector({ selector }: PolicyFact | ServiceFact | BudgetFact): readonly string[] {
  return selector ? [...selectorKeys(selector), 'all'] : [];
}

/** The files that a pipeline may take in, wherever its repository begins, and `*` where it names some by a glob. */
function pipelineKeys({ path, includes }: PipelineFact): readonly string[] {
  const names = includes.filter(name => !isGlob(name));
  const keys = foldersAbove(path).flatMap(folder => names.map(name => (folder === '' ? name : `${folder}/${name}`)));
  return [...new Set(names.length < includes.length ? [...keys, '*'] : keys)];
}

/** Whether two facts say the same. */
function isSame(a: Fact, b: Fact): boolean {
  return a.range.start === b.range.start && a.range.end === b.range.end && JSON.stringify(a) === JSON.stringify(b);
}

/** `ServiceAccount/name`, `Group/name`; the groups of all accounts of a namespace are one key. */
function subjectKeys({ subjects }: BindingFact): readonly string[] {
  return [...new Set(subjects.map(({ kind, name }) => `${kind}/${name.replace(/^(system:serviceaccounts):.*/, '$1:')}`))];
}

/**
 * Creates an empty index.
 * @param options.complete whether the files will be those of a whole folder, so that what no file says is absent
 */
export function createWorkspaceIndex(options: { readonly complete: boolean }): WorkspaceFacts {
  const files = new Map<string, FileFacts>();
  const named = createTable<Fact>();
  const kinds = createTable<Fact>();
  const workloads = createTable<WorkloadFact>();
  const serviceLabels = createTable<ServiceFact>();
  const policies = createTable<PolicyFact>();
  const services = createTable<ServiceFact>();
  const budgets = createTable<BudgetFact>();
  const scalers = createTable<ScalerFact>();
  const subjects = createTable<BindingFact>();
  const roleUsers = createTable<BindingFact>();
  const images = createImageTable();
  const kustomizations = createTable<KustomizationFact>();
  const fragments = createTable<FragmentsFact>();
  const whole = createTable<FragmentsFact>();
  const values = createTable<ValuesFact>();
  const scripts = createTable<ScriptFact>();
  const programs = createTable<ProgramFact>();
  const leftOut = createTable<LeftOutFact>();
  const keptFolders = createTable<KeptFolderFact>();
  const admission = createTable<AdmissionFact>();
  const compose = createTable<ComposeFact>();
  const composeHeirs = createTable<ComposeFact>();
  const composeSets = createTable<ComposeSetFact>();
  const openCaches = createTable<OpenCacheFact>();
  const pipelines = createTable<PipelineFact>();
  const settings = createTable<PeerSettingFact>();
  let settled = options.complete;
  let gaps = 0;
  const isComplete = (): boolean => settled && gaps === 0;

  /** Whether a file is part of kustomizations, and whatever it ends up in by way of them does something on that way. Each folder is asked once. */
  const alwaysIn = (path: string, does: (fact: KustomizationFact) => boolean, known = new Map<string, boolean>()): boolean => {
    const before = known.get(path);
    if (before !== undefined || known.size >= mostFolders) return before ?? false;
    // a circle ends up nowhere
    known.set(path, false);
    const parents = kustomizations.get(path);
    const always = parents.length > 0 && parents.every(fact => does(fact) || alwaysIn(folderOf(fact.path), does, known));
    known.set(path, always);
    return always;
  };

  /** Files a fact under its keys, or takes it away from there. */
  const file = (fact: Fact, step: 'add' | 'remove'): void => {
    const under = <G>(table: Table<G>, own: G, keys: readonly string[]): void => keys.forEach(key => table[step](key, own));
    if ('kind' in fact) {
      // an account that a template names may be any: it counts where it declines its token
      if (fact.name !== '' || (fact.type === 'service-account' && fact.automount === false))
        under(named, fact, [`${fact.kind}/${fact.name}`]);
      under(kinds, fact, kindKeys(fact));
    }
    switch (fact.type) {
      case 'gap':
        gaps += step === 'add' ? 1 : -1;
        return;
      case 'workload':
        for (const { image } of fact.containers) if (image !== null) images.use(image, step === 'add' ? 1 : -1);
        return under(workloads, fact, labelKeys(fact.labels));
      case 'service':
        under(serviceLabels, fact, labelKeys(fact.labels));
        return under(services, fact, keysOfSelector(fact));
      case 'policy':
        return under(policies, fact, keysOfSelector(fact));
      case 'budget':
        return under(budgets, fact, keysOfSelector(fact));
      case 'scaler':
        return under(scalers, fact, [`${fact.target.kind}/${fact.target.name}`]);
      case 'binding':
        under(subjects, fact, subjectKeys(fact));
        return under(roleUsers, fact, [`${fact.role.kind}/${fact.role.name}`]);
      case 'build':
        under(images.byDockerfile, fact, fact.dockerfiles);
        return under(images.builds, fact, [fact.image]);
      case 'script':
        return under(scripts, fact, [fact.path.slice(fact.path.lastIndexOf('/') + 1)]);
      case 'program':
        return under(programs, fact, [fact.path]);
      case 'compose':
        under(composeHeirs, fact, fact.bases);
        return under(compose, fact, [fact.path]);
      case 'compose-set':
        return under(composeSets, fact, isEnvironment(fact.path) ? [...fact.files, fact.path] : fact.files);
      case 'peer-setting':
        return under(settings, fact, [fact.path]);
      case 'pipeline':
        return under(pipelines, fact, pipelineKeys(fact));
      case 'open-cache':
        return under(openCaches, fact, ['']);
      case 'admission':
        return under(admission, fact, ['*']);
      case 'kept-folder':
        return under(keptFolders, fact, ['']);
      case 'left-out':
        return under(leftOut, fact, [fact.path]);
      case 'kustomization':
        return under(kustomizations, fact, fact.resources);
      case 'fragments':
        under(whole, fact, fact.whole);
        return under(fragments, fact, fact.files);
      case 'values':
        return under(values, fact, foldersAbove(fact.path));
      case 'dockerfile':
        return under(images.dockerfiles, fact, [fact.path]);
      default: // found by name and kind alone
    }
  };

  const set = (path: string, facts: FileFacts): boolean => {
    const before = files.get(path) ?? emptyFacts;
    // documents that did not change have the very facts that they had
    const [old, fresh] = [new Set(before), new Set(facts)];
    const gone = before.filter(fact => !fresh.has(fact));
    const come = facts.filter(fact => !old.has(fact));
    if (gone.length === come.length && gone.every((fact, i) => isSame(fact, come[i]!))) return false;
    if (facts.length === 0) files.delete(path);
    else files.set(path, facts);
    for (const fact of gone) file(fact, 'remove');
    for (const fact of come) file(fact, 'add');
    return true;
  };

  const find = (kind: string, namespace: string | null, name: string): Fact | undefined => {
    const found = named.get(`${kind}/${name}`);
    // what says its namespace is nearer than what leaves it open
    return (
      found.find(f => 'namespace' in f && f.namespace === namespace) ??
      found.find(f => 'namespace' in f && sameNamespace(f.namespace, namespace))
    );
  };
  const serviceAccount = (namespace: string | null, name: string): ServiceAccountFact | undefined => {
    const fact = find('ServiceAccount', namespace, isVariable(name) ? '' : name);
    return fact?.type === 'service-account' ? fact : undefined;
  };
  const namespaceLabels = (name: string): Labels | null => {
    const fact = find('Namespace', null, name);
    return fact?.type === 'namespace' ? fact.labels : null;
  };
  const selecting = <F extends PolicyFact | ServiceFact | BudgetFact>(table: Table<F>, { namespace, labels }: PodKey): readonly F[] => {
    const found: F[] = [];
    for (const fact of candidates(table, () => table.get('all'), labels)) {
      if (fact.selector === null || matches(fact.selector, labels) === 'no') continue;
      const scope: Parameters<typeof reaches>[0] =
        fact.type === 'policy' ? fact : { scope: 'namespace', namespace: fact.namespace, namespaces: null };
      if (reaches(scope, namespace, namespaceLabels) !== 'no') found.push(fact);
    }
    return found;
  };
  const inNamespace = <F extends WorkloadFact | ServiceFact>(table: Table<F>, selector: LabelSelector, namespace: string | null): F[] =>
    labelled(table, selector).filter(fact => sameNamespace(fact.namespace, namespace) && matches(selector, fact.labels) !== 'no');

  const index: WorkspaceIndex = {
    get complete() {
      return isComplete();
    },
    isIndexed: (kind, namespace) =>
      isComplete() && (namespace === null ? kinds.has(kind) : kinds.has(`${kind}@${namespace}`) || kinds.has(`${kind}@`)),
    hasNeighbours: namespace =>
      isComplete() && (namespace === null ? kinds.count('*') : kinds.count(`@${namespace}`) + kinds.count('@')) > 1,
    object: find,
    serviceAccount,
    bindingsOf: (namespace, name) => {
      const groups = ['system:serviceaccounts', 'system:authenticated', 'system:serviceaccounts:'];
      const found = new Set([`ServiceAccount/${name}`, ...groups.map(group => `Group/${group}`)].flatMap(key => subjects.get(key)));
      return [...found]
        .filter(binding => binding.subjects.some(subject => names(subject, binding, namespace, name)))
        .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.range.start - b.range.start));
    },
    bindingsTo: (kind, namespace, name) =>
      roleUsers.get(`${kind}/${name}`).filter(binding => kind === 'ClusterRole' || sameNamespace(binding.namespace, namespace)),
    role: (kind, namespace, name) => {
      const fact = find(kind, kind === 'Role' ? namespace : null, name);
      return fact?.type === 'role' ? fact : undefined;
    },
    selected: (selector, namespace) => {
      const found = inNamespace(workloads, selector, namespace);
      return { count: found.length, first: found[0] ?? null };
    },
    cloudUserAmong: (selector, namespace) => {
      for (const workload of inNamespace(workloads, selector, namespace)) {
        if (workload.cloud !== null) return { workload, seen: workload.cloud, path: workload.path };
        const account = serviceAccount(workload.namespace, workload.serviceAccount ?? 'default');
        if (account?.identity) return { workload, seen: account.identity, path: account.path };
      }
      return null;
    },
    selectedServices: (selector, namespace) => inNamespace(serviceLabels, selector, namespace).length,
    policiesFor: pod => selecting(policies, pod),
    servicesFor: pod => selecting(services, pod),
    budgetsFor: pod => selecting(budgets, pod),
    scalersOf: (kind, namespace, name) => {
      const known = isVariable(name) ? [] : scalers.get(`${kind}/${name}`).filter(scaler => sameNamespace(scaler.namespace, namespace));
      // one of what a template names may be that of any
      const possible = scalers.get(`${kind}/`).find(scaler => sameNamespace(scaler.namespace, namespace));
      return possible ? [...known, possible] : known;
    },
    kustomizes: (path, what = 'selects') => {
      // A kustomization is made of files, and of the folders of others.
      const seen = new Set([path]);
      for (const place of seen) {
        for (const fact of kustomizations.get(place)) {
          if (fact[what]) return true;
          seen.add(folderOf(fact.path));
        }
      }
      return false;
    },
    kustomizesImage: (path, name) => alwaysIn(path, ({ images }) => images.includes(name)),
    fillsIn: (path, object, field, isThere) =>
      alwaysIn(path, ({ fills }) => fills.some(filled => (isThere || filled.creates) && isFilled(filled, object, field))),
    fragmentOf: path => (whole.get(path).length > 0 ? null : (fragments.get(path)[0] ?? null)),
    valueIn: (template, value, text) => (isComplete() ? chartValue(folder => values.get(folder), template, value, text) : null),
    buildsOf: image => images.buildsOf(image),
    stageOf: (dockerfile, target) => images.stageOf(dockerfile, target),
    namesakeOf: image => images.namesake(image),
    onlyImage: () => (isComplete() ? images.only() : null),
    images: () => images.used(),
    workloads: () => workloads.get('*'),
    admission: () => ({
      policies: admission.get('*'),
      namespaces: kinds.get('Namespace').flatMap(fact => (fact.type === 'namespace' ? [fact] : [])),
    }),
    contextsOf: (dockerfile, by) => images.contextsOf(dockerfile, by),
    targetsOf: dockerfile => images.byDockerfile.get(dockerfile).flatMap(build => build.target?.toLowerCase() ?? []),
    scriptIn: (folder, name) => {
      const found = scripts.get(name).filter(({ path }) => folder === '' || path.startsWith(`${folder}/`));
      return found.length === 1 ? found[0]! : null;
    },
    programAt: path => programs.get(path)[0] ?? null,
    isAbsent: path => files.get(path)?.[0]?.type === 'absent',
    keptFolders: () => [...new Set(keptFolders.get('').map(({ folder }) => folder))].sort(),
    leftOutBeside: dockerfile => ignoreFilesBeside(dockerfile).flatMap(path => leftOut.get(path))[0] ?? null,
    composeAt: path => compose.get(path),
    composeSetsOf: path => composeSets.get(path),
    composeHeirsOf: path => composeHeirs.get(path),
    pipelinesWith: path => [...pipelines.get(path), ...pipelines.get('*')],
    openCaches: () => openCaches.get(''),
    peerSettings: path => nearestSettings(path, file => settings.get(file)),
    mountsOf: dockerfile => images.byDockerfile.get(dockerfile).flatMap(build => build.mounts),
    servicesOf: dockerfile => images.servicesOf(dockerfile),
    assuming: (path, facts, run) => {
      const before = files.get(path) ?? emptyFacts;
      set(path, facts);
      try {
        return run();
      } finally {
        set(path, before);
      }
    },
  };
  return {
    index,
    update: set,
    remove: path => set(path, emptyFacts),
    settle: value => {
      settled = value;
    },
  };
}

/** A workspace of which nothing is known: a lone file, or standard input. */
export const emptyWorkspace: WorkspaceIndex = createWorkspaceIndex({ complete: false }).index;

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
