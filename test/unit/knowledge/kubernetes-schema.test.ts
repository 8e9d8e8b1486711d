import { describe, expect, it } from 'vitest';
import { fieldsOf, findFieldBelow, schemaMinor, suggestField, typeOfKind } from '../../../shared/src/knowledge/kubernetes-schema';
import { visitTyped } from '../../../shared/src/families/kubernetes/model/typed';
import { hasCorpus, noCorpus, corpusRows } from '../../../tools/corpus-folder';
import { objectsOf } from '../kubernetes/read-yaml';

describe('types', () => {
  it.each([
    ['apps/v1', 'Deployment', 'V1Deployment'],
    ['v1', 'Pod', 'V1Pod'],
    ['autoscaling/v2', 'HorizontalPodAutoscaler', 'V2HorizontalPodAutoscaler'],
    ['apps/v1beta1', 'Deployment', null],
    ['argoproj.io/v1alpha1', 'Rollout', null],
    ['v1', 'constructor', null],
  ])('%s %s is %s', (apiVersion, kind, type) => expect(typeOfKind(apiVersion, kind)).toBe(type));

  it('knows required fields', () => {
    expect(fieldsOf('V1DeploymentSpec')!.get('selector')).toEqual({ type: { kind: 'object', name: 'V1LabelSelector' }, required: true });
    expect(fieldsOf('V1Container')!.get('image')).toEqual({ type: { kind: 'string' }, required: false });
    expect(fieldsOf('toString')).toBeNull();
    expect(schemaMinor()).toBeGreaterThanOrEqual(36);
  });

  it.each([
    ['V1SecurityContext', 'runAsUser', { kind: 'integer' }],
    ['V1EmptyDirVolumeSource', 'sizeLimit', { kind: 'quantity' }],
    ['V1PodSpec', 'nothing', undefined],
  ])('finds the shape of %s.%s', (type, name, shape) => expect(fieldsOf(type)?.get(name)?.type).toEqual(shape));
});

it('finds where a field belongs', () => {
  expect(findFieldBelow('V1PodSpec', 'imagePullPolicy')[0]).toEqual(['containers', '*']);
  expect(findFieldBelow('V1Container', 'runAsNonRoot')[0]).toEqual(['securityContext']);
  expect(findFieldBelow('V1DeploymentSpec', 'containers')).toEqual([['template', 'spec']]);
  expect(findFieldBelow('V1PodSpec', 'nothing')).toEqual([]);
});

it.each([
  ['V1Container', 'imagePullpolicy', 'imagePullPolicy'],
  ['V1Container', 'volumeMount', 'volumeMounts'],
  ['V1PodSpec', 'contianers', 'containers'],
  ['V1PodSpec', 'image', null],
  ['V1Container', 'env2', 'env'],
  ['V1Container', 'abcdef', null],
])('%s: %s means %s', (type, name, meant) => expect(suggestField(type, name)).toBe(meant));

if (!hasCorpus) console.log(noCorpus);
describe.skipIf(!hasCorpus)('on valid manifests', () => {
  it('knows every field of the official fixtures', () => {
    const unknown = new Set<string>();
    for (const { text } of corpusRows<{ text: string }>('corpus/kubernetes/pss/pss.jsonl')) {
      for (const object of objectsOf(text)) {
        visitTyped(object.node, object.path, typeOfKind(object.apiVersion, object.kind)!, fieldsOf, ({ node, type }) => {
          for (const { name } of node.entries) if (!fieldsOf(type)!.has(name)) unknown.add(`${type}.${name}`);
        });
      }
    }
    expect([...unknown]).toEqual([]);
  });
});
