import type { EffectiveConfig } from '../../../shared/src/engine/config/types';
import { describe, expect, it } from 'vitest';
import { defaultConfig, effectiveConfig } from '../../../shared/src/engine/config/effective';
import { parseConfig } from '../../../shared/src/engine/config/parse';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rule as hostNetwork } from '../../../shared/src/families/kubernetes/rules/host-network';
import { rule as privileged } from '../../../shared/src/families/kubernetes/rules/privileged';
import { emptyWorkspace } from '../../../shared/src/workspace/workspace-index';

const engine = createEngine([hostNetwork, privileged]);

function findings(text: string, config: EffectiveConfig = defaultConfig): readonly string[] {
  const result = engine.open({ path: 'x.yaml', text }).lint({ config, today: '2026-11-24', workspace: emptyWorkspace, digest: () => null });
  return result.findings.map(({ rule, object }) => `${rule.slice('kubernetes/'.length)} ${object?.kind} ${object?.path}`);
}

const pod = '{hostNetwork: true, containers: [{name: a, image: b, securityContext: {privileged: true}}]}';

describe('workloads by shape', () => {
  it.each([
    [
      'List',
      `apiVersion: v1\nkind: List\nitems:\n  - {apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: ${pod}}}}\n`,
      '/items/0/spec/template/spec',
    ],
    [
      'a List in a List',
      `apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod, spec: ${pod}}]}]\n`,
      '/items/0/items/0/spec',
    ],
    ['PodList', `apiVersion: v1\nkind: PodList\nitems: [{metadata: {name: a}, spec: ${pod}}]\n`, '/items/0/spec'],
    ['Rollout', `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec: {template: {spec: ${pod}}}\n`, '/spec/template/spec'],
    [
      'DeploymentConfig',
      `apiVersion: apps.openshift.io/v1\nkind: DeploymentConfig\nspec: {template: {spec: ${pod}}}\n`,
      '/spec/template/spec',
    ],
    ['Knative', `apiVersion: serving.knative.dev/v1\nkind: Service\nspec: {template: {spec: ${pod}}}\n`, '/spec/template/spec'],
    [
      'ScaledJob',
      `apiVersion: keda.sh/v1alpha1\nkind: ScaledJob\nspec: {jobTargetRef: {template: {spec: ${pod}}}}\n`,
      '/spec/jobTargetRef/template/spec',
    ],
    [
      'an operator, by template',
      `apiVersion: acme.example/v1\nkind: Widget\nspec: {nodes: [{podTemplate: {spec: ${pod}}}]}\n`,
      '/spec/nodes/0/podTemplate/spec',
    ],
    ['an operator, by pod spec', `apiVersion: acme.example/v1\nkind: Widget\nspec: {podSpec: ${pod}}\n`, '/spec/podSpec'],
  ])('%s', (_, text, path) => {
    const kind = /kind: (?!List)(\w+?)(?:List)?[,\n]/.exec(text)![1]!;
    expect(findings(text)).toEqual([`host-network ${kind} ${path}`, `privileged ${kind} ${path}/containers/0`]);
  });

  it('a template without containers, where the kind is known', () => {
    expect(findings('apiVersion: apps.openshift.io/v1\nkind: DeploymentConfig\nspec: {template: {spec: {hostNetwork: true}}}\n')).toEqual([
      'host-network DeploymentConfig /spec/template/spec',
    ]);
  });

  it('a kind that the configuration names', () => {
    const text = `apiVersion: acme.example/v1\nkind: Widget\nspec: {worker: {pod: ${pod}}}\n`;
    const { config, problems } = parseConfig('podPaths:\n  acme.example/Widget: spec.worker.pod\n', engine.rules);
    expect(problems).toEqual([]);
    expect(findings(text)).toEqual([]);
    expect(findings(text, effectiveConfig(config, 'x.yaml') as EffectiveConfig)).toEqual([
      'host-network Widget /spec/worker/pod',
      'privileged Widget /spec/worker/pod/containers/0',
    ]);
    expect(findings(text)).toEqual([]);
    expect(parseConfig('podPaths: {Widget: spec}\n', engine.rules).problems).toHaveLength(1);
  });

  it.each([
    'v1/Service',
    'v1/ConfigMap',
    'networking.k8s.io/v1/Ingress',
    'apiextensions.k8s.io/v1/CustomResourceDefinition',
    'policy/v1/PodDisruptionBudget',
  ])('no pod in %s', name => {
    const at = name.lastIndexOf('/');
    const head = `apiVersion: ${name.slice(0, at)}\nkind: ${name.slice(at + 1)}\n`;
    expect(findings(`${head}spec: {hostNetwork: true, template: {spec: ${pod}}, podSpec: ${pod}}\n`)).toEqual([]);
  });
});
