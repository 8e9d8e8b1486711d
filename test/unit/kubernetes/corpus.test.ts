import { describe, expect, it } from 'vitest';
import { evaluatePss } from '../../../shared/src/families/kubernetes/model/pss';
import { visitKubernetes } from '../../../shared/src/families/kubernetes/model/visit';
import { nodeAt } from '../../../shared/src/syntax/yaml/lookup';
import { sourceOf } from '../../../shared/src/families/registry';
import type { KubernetesView } from '../../../shared/src/families/kubernetes/model/views';
import { corpusFiles, hasCorpus, noCorpus } from '../../../tools/corpus-folder';
import { objectsOf } from './read-yaml';

/** Kinds that hold a pod; anything else must have none. */
const podKinds =
  /^(Pod|PodTemplate|ReplicationController|ReplicaSet|Deployment|StatefulSet|DaemonSet|Job|CronJob|Rollout|AnalysisTemplate|Experiment|Workflow|WorkflowTemplate|CronWorkflow|Service|Configuration|JobSink)$/;

/** Looks at everything that a view offers. */
function look(view: KubernetesView): void {
  if (view.target === 'pod') void [view.volumes, view.labels, view.annotations, evaluatePss(view, 'restricted', 37)];
  if (view.target === 'container') void [view.env, view.ports, view.mounts, view.command, view.args];
  if (view.target === 'image') void view.reference;
}

function lookAt(text: string, path: string): void {
  for (const object of objectsOf(text, sourceOf(path, text).dialect)) {
    visitKubernetes(object.document, [object], { document: look, object: look, pod: look, container: look, image: look });
  }
}

if (!hasCorpus) console.log(noCorpus);
describe.skipIf(!hasCorpus)('the Kubernetes model over the real corpus', () => {
  it.each(['kubernetes', 'helm', 'kustomize'])('%s: pods where pods are, and paths and ranges that hold', folder => {
    const kinds: Record<string, number> = {};
    let objects = 0;
    for (const { path, text } of corpusFiles(folder)) {
      const { family, dialect } = sourceOf(path, text);
      if (family !== 'kubernetes') continue;
      for (const object of objectsOf(text, dialect)) {
        objects++;
        const { document } = object;
        if (object.pods.length > 0) expect(object.kind).toMatch(podKinds);
        for (const pod of object.pods) {
          kinds[object.kind] = (kinds[object.kind] ?? 0) + 1;
          for (const view of [object, pod, ...pod.containers]) {
            expect(nodeAt(document, view.path)?.range).toEqual(view.node.range);
            expect(view.reportRange.end).toBeGreaterThan(view.reportRange.start);
          }
          for (const { image } of pod.containers) {
            if (image && image.text !== '' && document.text.slice(image.node.range.start, image.node.range.end).includes(image.text)) {
              expect(document.text.slice(image.range.start, image.range.end)).toBe(image.text);
            }
          }
        }
      }
    }
    console.log(`${folder}: ${objects} objects, pods ${JSON.stringify(kinds)}`);
    if (folder === 'kubernetes') expect(Object.values(kinds).reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(258);
  });

  it('finds no pods in files that are not manifests', () => {
    for (const folder of ['compose', 'workflows', 'kyverno']) {
      for (const { text } of corpusFiles(folder)) for (const { pods } of objectsOf(text)) expect(pods).toEqual([]);
    }
  });

  it('never throws on a truncated file', () => {
    for (const folder of ['kubernetes', 'helm']) {
      for (const { path, text } of corpusFiles(folder)) {
        if (text.length > 8_000) continue;
        for (let part = 1; part < 5; part++) lookAt(text.slice(0, Math.floor((text.length * part) / 5)), path);
      }
    }
  }, 60_000);
});
