import type { Finding } from '../../shared/src/rule/finding/types';
import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../../shared/src/engine/config/effective';
import { createEngine } from '../../shared/src/engine/create-engine';
import type { LintContext } from '../../shared/src/engine/types';
import { rules } from '../../shared/src/families/generated/index';
import { sourceOf } from '../../shared/src/families/registry';
import { createWorkspaceIndex } from '../../shared/src/workspace/workspace-index';
import { corpusFiles, hasCorpus, noCorpus, type CorpusFile } from '../../tools/corpus-folder';

const engine = createEngine(rules);
const kubernetes = rules.filter(rule => rule.family === 'kubernetes');

/** Rules that look at pods and containers alone. */
const podRules = new Set(
  kubernetes.filter(({ on }) => Object.keys(on).every(target => target === 'pod' || target === 'container')).map(({ id }) => id),
);

/** The charts and kustomizations of the corpus, each a folder of its own; the manifests are single files of many projects. */
function projects(folder: string): readonly (readonly CorpusFile[])[] {
  const found = new Map<string, CorpusFile[]>();
  for (const file of corpusFiles(folder)) {
    const project = file.path.split('/').slice(0, 2).join('/');
    found.set(project, [...(found.get(project) ?? []), file]);
  }
  return [...found.values()];
}

/** Lints the files of a project with the index of its folder, as the command line does. */
function lint(
  files: readonly CorpusFile[],
): readonly { readonly file: CorpusFile; readonly context: LintContext; readonly findings: readonly Finding[] }[] {
  const facts = createWorkspaceIndex({ complete: false });
  for (const file of files) facts.update(file.path, engine.open(file).facts());
  facts.settle(true);
  const context: LintContext = {
    config: { ...defaultConfig, profile: 'strict' },
    today: '2026-11-24',
    workspace: facts.index,
    digest: () => null,
  };
  return files.map(file => ({ file, context, findings: engine.open(file).lint(context).findings }));
}

describe.skipIf(!hasCorpus)('charts, kustomizations, policies and manifests of the corpus', () => {
  const all = ['helm', 'kustomize', 'kyverno', 'kubernetes'].flatMap(folder => projects(folder).flatMap(lint));
  const of = (folder: string): typeof all => all.filter(({ file }) => file.path.startsWith(`${folder}/`));

  test('no exception, and every finding within its file', () => {
    for (const { file, findings } of all) {
      expect(findings.filter(({ rule }) => rule === 'bulkhead/internal-error')).toEqual([]);
      for (const { range, rule } of findings)
        expect(range.start >= 0 && range.start <= range.end && range.end <= file.text.length, `${file.path} ${rule}`).toBe(true);
    }
  });

  test('what runs no pod has no finding about one', () => {
    expect(podRules.size).toBeGreaterThan(25);
    // A sanity check that reads group and kind alone; a CRD or a policy that has pods in examples is caught by it, and so is a ConfigMap.
    const plain =
      /^(ConfigMap|Secret|Service|Ingress|NetworkPolicy|Namespace|ServiceAccount|Role|ClusterRole|RoleBinding|ClusterRoleBinding|PersistentVolume|PersistentVolumeClaim|StorageClass|CustomResourceDefinition|PodDisruptionBudget|HorizontalPodAutoscaler|ValidatingWebhookConfiguration|MutatingWebhookConfiguration|APIService|PriorityClass|ClusterPolicy|Policy|Application|AppProject|Certificate|Issuer|ClusterIssuer|ServiceMonitor|PrometheusRule|HelmRelease|HelmRepository|GitRepository|Gateway|VirtualService)$/;
    const wrong = all.flatMap(({ file, findings }) =>
      findings
        // a Service of Knative runs pods
        .filter(
          ({ rule, object }) =>
            podRules.has(rule) && plain.test(object?.kind ?? '') && !object!.apiVersion!.startsWith('serving.knative.dev/'),
        )
        .map(({ rule, object }) => `${file.path} ${rule} ${object!.kind}`),
    );
    expect(wrong).toEqual([]);
  });

  test('no finding of Kubernetes in policies that only speak of pods', () => {
    expect(
      of('kyverno')
        .filter(({ findings }) => findings.some(({ rule }) => rule.startsWith('kubernetes/')))
        .map(({ file }) => file.path),
    ).toEqual([]);
  });

  test('a template is never edited unless a person agrees, nor are values', () => {
    for (const { file, context, findings } of of('helm')) {
      const { family, dialect } = sourceOf(file.path, file.text);
      if (family !== 'kubernetes' || !(dialect.templated || dialect.holds)) continue;
      const { text } = engine.open(file).harden(context);
      const documents = file.text.split(/^---/m);
      // documents without an action are manifests like others
      if (dialect.holds || documents.every(document => document.includes('{{'))) expect(text === file.text, file.path).toBe(true);
      if (dialect.holds) expect(findings.flatMap(({ fixes }) => fixes.filter(fix => fix.class !== 'attended'))).toEqual([]);
    }
  });

  test('values and kustomizations are judged by what they say', () => {
    const judged = (folder: string, name: RegExp): string[] =>
      of(folder)
        .filter(({ file, findings }) => name.test(file.path) && findings.length > 0)
        .map(({ file }) => file.path);
    expect(judged('helm', /\/values[^/]*\.yaml$/).length).toBeGreaterThanOrEqual(15);
    // Of 71 kustomizations four name images by tag: two by "latest", one by none in JSON patches, one by a version without a digest. The fifth patches
    // an option in that has a program trust any kubelet.
    // Read one by one, the others list resources, patch what is no risk, take settings away, or hold words for a script to replace.
    expect(judged('kustomize', /\/kustomization\.ya?ml$/)).toEqual([
      'kustomize/actions__actions-runner-controller/config/manager/kustomization.yaml',
      'kustomize/argoproj__argo-cd/manifests/core-install/kustomization.yaml',
      'kustomize/argoproj__argo-cd/manifests/dev-tilt/kustomization.yaml',
      'kustomize/kubernetes-sigs__metrics-server/manifests/components/release/kustomization.yaml',
      'kustomize/kubernetes-sigs__metrics-server/manifests/components/test/kustomization.yaml',
    ]);
    const missing = all.filter(({ file, findings }) => {
      const { holds } = sourceOf(file.path, file.text).dialect;
      const tags = ['kubernetes/missing-digest', 'kubernetes/latest-tag'];
      return holds && findings.some(({ rule, messageId }) => /missing|unset/.test(messageId) && !tags.includes(rule));
    });
    expect(missing.map(({ file }) => file.path)).toEqual([]);
  });

  test('a template lacks nothing that an action of it can add', () => {
    for (const { file, findings } of of('helm').filter(({ file }) => /\{\{-? *toYaml|include/.test(file.text))) {
      for (const { rule, messageId, range } of findings) {
        if (!/^(missing|unset)$/.test(messageId) || rule === 'kubernetes/missing-digest' || rule === 'kubernetes/latest-tag') continue;
        // What is reported as absent is nowhere said in the pod that the finding stands at.
        const word = { 'kubernetes/seccomp-profile': 'seccompProfile', 'kubernetes/service-account-token': 'automountServiceAccountToken' }[
          rule
        ];
        const own = file.text.slice(range.start).split(/^---/m)[0]!;
        if (word !== undefined) expect(own.includes(`${word}:`), `${file.path} ${rule}`).toBe(false);
      }
    }
  });
});

test.runIf(!hasCorpus)(noCorpus, () => undefined);
