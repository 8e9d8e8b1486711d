import type { FileFacts, WorkspaceIndex } from '../../shared/src/workspace/types';

/** A question to an index, with a name for the message of a test that fails. */
export interface Question {
  readonly name: string;
  readonly ask: (index: WorkspaceIndex) => unknown;
}

/** Everything that rules could ask of files with these facts: about each object by its name and its kind, about each pod, image, Dockerfile and script. */
export function everyQuestion(paths: readonly string[], facts: FileFacts): readonly Question[] {
  const found = new Map<string, Question['ask']>([
    ['complete', i => i.complete],
    ['onlyImage', i => i.onlyImage()],
    ['isSpent', i => i.isSpent('TOKEN')],
    ['images', i => i.images()],
    ['keptFolders', i => i.keptFolders()],
    ['admission', i => i.admission()],
    ['isIndexed workload', i => i.isIndexed('workload', null)],
  ]);
  const add = (ask: Question['ask'], ...words: readonly unknown[]): void => void found.set(words.join(' '), ask);
  for (const path of paths) {
    add(i => i.kustomizes(path), 'kustomizes', path);
    add(i => i.kustomizes(path, 'places'), 'places', path);
    add(i => i.fragmentOf(path), 'fragmentOf', path);
    add(i => i.kustomizes(path, 'changes'), 'changes', path);
    for (const value of ['probes', 'enabled', 'absent']) add(i => i.valueIn(path, value), 'valueIn', path, value);
    add(i => i.textOfValue(path, 'service.type'), 'textOfValue', path);
    for (const text of ['ClusterIP', 'true']) add(i => i.valueIn(path, 'service.type', text), 'valueIn', path, text);
    add(i => i.kustomizesImage(path, 'example.com/web'), 'kustomizesImage', path);
    add(i => i.fillsIn(path, { kind: 'Deployment', name: 'web' }, 'metadata.namespace', false), 'fillsIn', path);
    for (const by of ['compose', 'any'] as const) add(i => i.contextsOf(path, by), 'contextsOf', path, by);
    add(i => i.targetsOf(path), 'targetsOf', path);
    add(i => i.mountsOf(path), 'mountsOf', path);
    add(i => i.servicesOf(path), 'servicesOf', path);
    add(i => i.seccompAt(path), 'seccompAt', path);
    add(i => i.leftOutBeside(path), 'leftOutBeside', path);
    add(i => i.peerSettings(path), 'peerSettings', path);
    const name = path.slice(path.lastIndexOf('/') + 1);
    add(i => i.scriptIn('', name), 'scriptIn', name);
  }
  for (const fact of facts) {
    if ('kind' in fact) {
      const { kind, namespace, name } = fact;
      add(i => i.object(kind, namespace, name), 'object', kind, namespace, name);
      add(i => i.isIndexed(kind, namespace), 'isIndexed', kind, namespace);
      add(i => i.isIndexed('below-baseline', namespace), 'below', namespace);
      add(i => i.hasNeighbours(namespace), 'hasNeighbours', namespace);
      add(i => i.serviceAccount(namespace, name), 'serviceAccount', namespace, name);
      add(i => i.bindingsOf(namespace, name), 'bindingsOf', namespace, name);
      add(i => i.bindingsTo('ClusterRole', namespace, name), 'bindingsTo', namespace, name);
      add(i => i.role('Role', namespace, name), 'role', namespace, name);
      add(i => i.scalersOf(kind, namespace, name), 'scalersOf', kind, namespace, name);
    }
    if (fact.type === 'workload' || fact.type === 'service') {
      const pod = { namespace: fact.namespace, labels: fact.labels };
      const words = [fact.namespace, JSON.stringify(fact.labels)];
      add(i => i.policiesFor(pod), 'policiesFor', ...words);
      add(i => i.servicesFor(pod), 'servicesFor', ...words);
      add(i => i.budgetsFor(pod), 'budgetsFor', ...words);
    }
    if ((fact.type === 'service' || fact.type === 'policy' || fact.type === 'budget') && fact.selector) {
      const { selector, namespace } = fact;
      const words = [namespace, JSON.stringify(selector)];
      add(i => i.selected(selector, namespace), 'selected', ...words);
      add(i => i.selectedBeside(fact.path, selector, namespace), 'selectedBeside', fact.path, ...words);
      add(i => i.firstSelected(selector), 'firstSelected', ...words);
      add(i => i.cloudUserAmong(selector, namespace), 'cloudUserAmong', ...words);
      add(i => i.selectedServices(selector, namespace), 'selectedServices', ...words);
    }
    const images =
      fact.type === 'build' ? [fact.image] : fact.type === 'workload' ? fact.containers.flatMap(({ image }) => image ?? []) : [];
    for (const image of images) {
      add(i => i.buildsOf(image), 'buildsOf', image);
      add(i => i.namesakeOf(image), 'namesakeOf', image);
    }
  }
  return [...found].map(([name, ask]) => ({ name, ask }));
}
