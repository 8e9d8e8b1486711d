import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { createIndexOnDemand } from '../../../shared/src/workspace/index-on-demand';
import type { FactSource } from '../../../shared/src/workspace/listed-files';
import type { KeptFile } from '../../../shared/src/workspace/kept-file';
import { mayHaveGaps, sketchBuilds, sketchObjects } from '../../../shared/src/workspace/sketch';
import type { LabelSelector } from '../../../shared/src/workspace/selector';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
import { everyQuestion } from '../../support/ask-everything';

const engine = createEngine(rules);
type Files = Readonly<Record<string, string>>;

const workload = (kind: string, name: string, more = ''): string =>
  `apiVersion: apps/v1\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  template:\n    metadata: {labels: {app: ${name}}}\n    spec:\n      serviceAccountName: robot\n      containers: [{name: a, image: "registry.example/acme/${name}:1"}]\n${more}`;

/** One of each kind of fact, several of them in ways that a search for words could miss. */
const files: Files = {
  'a/web.yaml': workload('Deployment', 'web'),
  'a/all.yaml': [
    workload('StatefulSet', 'db'),
    'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n',
    'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: robot\n  namespace: shop\n',
    'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\nspec: {minAvailable: 1, selector: {matchLabels: {app: web}}}\n',
    'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\nspec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}\n',
  ].join('---\n'),
  'a/json.yaml': '{"apiVersion": "v1", "kind"\n: "Secret", "metadata": {"name": "key", "namespace": "shop"}, "data": {"a": ""}}\n',
  'a/escaped.yaml': 'apiVersion: v1\n"k\\x69nd": ConfigMap\nmetadata: {name: settings, namespace: shop}\n',
  'a/value.yaml': 'apiVersion: v1\nkind: "Conf\\u0069gMap"\nmetadata: {name: other, namespace: shop}\n',
  'a/below.yaml': 'apiVersion: v1\nkind:\n  ConfigMap\nmetadata:\n  name:\n    lower\n',
  'a/full.yaml': '? apiVersion\n: v1\n? kind # of it\n: ConfigMap\n? metadata\n: name: full\n',
  'a/tagged.yaml': 'apiVersion: v1\nkind: !!str Secret\nmetadata: {name: !!str tagged}\n',
  'a/anchor.yaml':
    'x: &k Role\napiVersion: rbac.authorization.k8s.io/v1\nkind: *k\nmetadata: {name: &n reader, labels: {x: *n}}\nrules: []\n',
  'a/list.yaml':
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBindingList\nitems:\n- metadata: {name: binds, namespace: shop}\n  roleRef: {kind: Role, name: reader}\n  subjects: [{kind: ServiceAccount, name: robot}]\n',
  'a/group.yaml':
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: all}\nroleRef: {kind: ClusterRole, name: view}\nsubjects: [{kind: Group, name: "system:serviceaccounts:shop"}]\n',
  'a/sealed.yaml': 'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: sealed, namespace: shop}\nspec: {}\n',
  'a/cert.yaml': 'apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: tls}\nspec: {secretName: tls-key}\n',
  'a/external.yaml': 'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: ex}\nspec: {target: {name: ex-key}}\n',
  'a/policy.yaml':
    'apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: everyone}\nspec: {endpointSelector: {}, ingress: []}\n',
  'a/rollout.yaml': workload('Rollout', 'blue').replace('apps/v1', 'argoproj.io/v1alpha1'),
  'a/knative.yaml':
    'apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: fn}\nspec: {template: {spec: {containers: [{image: example.com/fn}]}}}\n',
  'chart/templates/kind.yaml': workload('{{ .Values.kind }}', 'any'),
  'chart/templates/scaler.yaml':
    'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: "{{ .Release.Name }}"}\nspec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: {{ .Release.Name }}}}\n',
  'chart/values.yaml': 'probes: true\nenabled: false\n',
  'chart/prod-values.yaml': 'enabled: true\n',
  'k/kustomization.yaml':
    'namespace: shop\nresources: [../a/web.yaml]\npatches: [{path: part.yaml}]\nsecretGenerator: [{name: made, literals: [a=b]}]\n',
  'k/part.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2}\n',
  'k/other/named.yaml': 'kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\nresources: [../part.yaml]\n',
  't/chainsaw-test.yaml':
    'apiVersion: chainsaw.kyverno.io/v1alpha1\nkind: Test\nmetadata: {name: t}\nspec: {steps: [{try: [{assert: {file: there.yaml}}]}]}\n',
  't/there.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: there}\n',
  'compose.yaml':
    'services:\n  web:\n    image: registry.example/acme/web\n    build: {context: web, target: Final}\n    volumes: ["data:/data"]\n',
  'web/Dockerfile': 'FROM alpine:3.20 AS base\nFROM base AS final\nUSER 1000\nCMD ["/app/start.sh"]\n',
  'web/start.sh': '#!/bin/sh\nchown -R app /data\n',
  'uploads/.gitkeep': '',
  'web/.gitignore': 'app.db\n',
  'db/Containerfile': 'FROM scratch\nUSER 7\n',
  '.github/workflows/ci.yml':
    'on: push\njobs:\n  a:\n    steps:\n    - uses: docker/build-push-action@v6\n      with: {context: db, tags: registry.example/acme/db:1, file: db/Containerfile}\n',
  Makefile: 'IMAGE = registry.example/acme/make\nall:\n\tdocker build -t $(IMAGE) -f web/Dockerfile web\n',
  '.bulkhead.yaml': 'images:\n  registry.example/acme/own: web/Dockerfile#base\n',
};

const paths = Object.keys(files).sort();
const labels = (app: string): LabelSelector => ({ requirements: [{ key: 'app', operator: 'In', values: [app] }], partial: false });
const factsOf = (path: string, text: string): ReturnType<FactSource['facts']> => engine.open({ path, text }).facts();

function onDemand(
  from: Files,
  complete: boolean,
  read: (path: string, text: string) => void = () => {},
  kept: Learned = new Map(),
): ReturnType<typeof createIndexOnDemand> {
  return createIndexOnDemand({
    files: () => ({ paths: Object.keys(from).sort(), complete }),
    text: path => from[path] ?? null,
    facts: (path, text, wanted) => {
      read(path, text);
      return engine.open({ path, text }).factsIn(wanted);
    },
    kept: path => kept.get(path) ?? null,
  });
}

type Learned = ReadonlyMap<string, KeptFile>;

/** What an index has learned on top of what it was given, as it comes back from a disk. */
function keep(facts: ReturnType<typeof onDemand>, before: Learned = new Map()): Learned {
  const kept = new Map<string, KeptFile>();
  for (const [path, learned] of facts.learned()) {
    const old = before.get(path);
    const text = learned && JSON.stringify(learned);
    const read = (): NonNullable<typeof learned> => JSON.parse(text!) as NonNullable<typeof learned>;
    if (learned) kept.set(path, { head: () => read().head, body: () => read().body });
    else if (old) kept.set(path, old);
  }
  return kept;
}

function atOnce(from: Files, complete: boolean): ReturnType<typeof createWorkspaceIndex> {
  const facts = createWorkspaceIndex({ complete: false });
  for (const [path, text] of Object.entries(from)) facts.update(path, factsOf(path, text));
  facts.settle(complete);
  return facts;
}

describe('an index that reads what it is asked for', () => {
  const questions = everyQuestion(
    paths,
    paths.flatMap(path => factsOf(path, files[path]!)),
  );

  it.each([true, false])('answers as one that has read everything: complete %s', complete => {
    const { index } = atOnce(files, complete);
    const wrong = questions.filter(({ ask }) => JSON.stringify(ask(onDemand(files, complete).index)) !== JSON.stringify(ask(index)));
    expect(wrong.map(({ name }) => name)).toEqual([]);
    // there is something to be missed
    expect(
      questions.filter(({ ask }) => JSON.stringify(ask(index)) !== JSON.stringify(ask(createWorkspaceIndex({ complete }).index))).length,
    ).toBeGreaterThan(70);
  });

  it.each<[name: string, question: (of: ReturnType<typeof onDemand>) => unknown, parsed: readonly string[]]>([
    ['mounts', ({ index }) => index.mountsOf('web/Dockerfile'), ['compose.yaml']],
    ['services', ({ index }) => index.servicesOf('web/Dockerfile'), ['compose.yaml']],
    ['a script', ({ index }) => index.scriptIn('web', 'start.sh'), ['web/start.sh']],
    ['kept folders', ({ index }) => index.keptFolders(), ['web/.gitignore']],
    ['an ignore file', ({ index }) => index.leftOutBeside('web/Dockerfile'), ['web/.gitignore']],
    ['a namesake', ({ index }) => index.namesakeOf('registry.example/acme/db'), ['db/Containerfile']],
    [
      'a build',
      ({ index }) => index.buildsOf('registry.example/acme/none'),
      ['.bulkhead.yaml', '.github/workflows/ci.yml', 'Makefile', 'compose.yaml'],
    ],
    ['pods that are selected', ({ index }) => index.selectedBeside('a/all.yaml', labels('db'), 'shop'), ['a/all.yaml']],
    [
      'several that are selected',
      ({ index }) => index.selected({ requirements: [], partial: false }, null),
      ['a/all.yaml', 'a/knative.yaml'],
    ],
    ['a Service', ({ index }) => index.object('Service', 'shop', 'web'), ['a/all.yaml', 'a/knative.yaml']],
  ])('parses little for %s', (_, question, parsed) => {
    const odd = ['a/anchor.yaml', 'a/below.yaml', 'a/escaped.yaml', 'a/tagged.yaml', 'a/value.yaml', 'chart/templates/kind.yaml'];
    const seen: string[] = [];
    question(onDemand(files, true, path => seen.push(path)));
    expect(seen.filter(path => !odd.includes(path)).sort()).toEqual(parsed);
  });

  it('is complete where nothing can be missing, and not where a file cannot be read', () => {
    expect(onDemand(files, true).index.complete).toBe(true);
    expect(onDemand({ ...files, 'deep.yaml': `apiVersion: v1\nkind: Pod\nspec: ${'['.repeat(300)}` }, true).index.complete).toBe(false);
    const missing = createIndexOnDemand({ files: () => ({ paths: ['gone.yaml'], complete: true }), text: () => null, facts: () => [] });
    expect(missing.index.complete).toBe(false);
  });

  it('reads no file twice whole, and follows what is put in the place of one', () => {
    const seen: string[] = [];
    const facts = onDemand(files, true, path => seen.push(path));
    for (const { ask } of questions) ask(facts.index);
    expect(seen.filter(path => path === 'compose.yaml')).toHaveLength(1);
    facts.update('web/Dockerfile', factsOf('web/Dockerfile', 'FROM alpine:3.20 AS base\nUSER 5\n'));
    expect(facts.index.buildsOf('registry.example/acme/own')[0]?.stage.user?.value).toBe('5');
  });

  it('answers the same from what another index has learned, whatever that was asked, and parses only what is new', () => {
    const { index } = atOnce(files, true);
    const expected = questions.map(({ ask }) => JSON.stringify(ask(index)));
    let kept: Learned = new Map();
    for (let start = 0; start < questions.length; start += 40) {
      const first = onDemand(files, true, undefined, kept);
      for (const { ask } of questions.slice(start, start + 40)) ask(first.index);
      kept = keep(first, kept);
      const next = onDemand(files, true, undefined, kept);
      expect(questions.map(({ ask }) => JSON.stringify(ask(next.index)))).toEqual(expected);
    }
    const parsed: string[] = [];
    const last = onDemand(files, true, path => parsed.push(path), kept);
    expect(questions.map(({ ask }) => JSON.stringify(ask(last.index)))).toEqual(expected);
    expect(parsed).toEqual([]);
    expect([...last.learned()].filter(([, learned]) => learned)).toEqual([]);
  });

  it('learns nothing of a file whose facts were replaced', () => {
    const facts = onDemand(files, true);
    facts.index.stageOf('web/Dockerfile', null);
    facts.update('web/Dockerfile', []);
    expect(keep(facts).has('web/Dockerfile')).toBe(false);
  });

  it('assumes facts of a file that it has not read', () => {
    const { index } = onDemand(files, true);
    expect(index.assuming('web/start.sh', [], () => index.scriptIn('web', 'start.sh'))).toBeNull();
    expect(index.scriptIn('web', 'start.sh')?.does).toBe('runs chown');
  });
});

describe('a sketch', () => {
  it.each([
    ['kind: Deployment # a comment\n', ['Deployment']],
    ['{kind: Pod}', ['Pod']],
    ["'kind' : 'Job'\r\n", ['Job']],
    ['properties:\n  kind:\n    description: a kind of thing\n', []],
  ])('names the kinds of %j', (text, kinds) => {
    const sketch = sketchObjects('a.yaml', text, true);
    expect([...sketch.kinds]).toEqual(kinds);
    expect(sketch.traits.has('odd')).toBe(false);
  });

  it.each(['kind: *alias', 'kind: !!str Pod', 'kind: {{ .Values.kind }}', 'kind: "P\\x6fd"', 'kind:\n  Pod', 'kind: Pod & more'])(
    'says that %j may be any',
    text => expect(sketchObjects('a.yaml', text, true).traits.has('odd')).toBe(true),
  );

  it.each<[text: string, builds: boolean, path?: string]>([
    ['services:\n  web: {build: .}\n', true],
    ['\ufeff"services" : {web: {build: .}}\n', true],
    ['# by hand\r\n\r\n---\r\n  services:\r\n    web: {build: .}\r\n', true],
    ['a: 1\n--- {services: {web: {build: .}}}\n', true],
    ['a: 1\n...\n  services: {web: {build: .}}\n', true],
    ['{{ if .x }}\n  services: {web: {build: .}}\n', true],
    ['{name: build, services: {web: {}}}', true],
    ['kind: Role\nspec:\n  services: [build]\n', false],
    ['a: 1\n---\n- services: build\n', false],
    ['a: |\n  ---\n  services:\n   build\n', false],
    ['FROM alpine\nRUN make build\n', false, 'Dockerfile'],
    ['FROM {{ base }}\nRUN docker build -t x .\n', true, 'Dockerfile.j2'],
  ])('looks for builds in %j', (text, builds, path = 'a.yaml') => expect(sketchBuilds(path, text).has('builds')).toBe(builds));

  it.each([
    ['a: &x 1\nb: *x\n', true],
    ['a: "{ b: *x }"\n', false],
    ['- '.repeat(150), true],
    [`a: ${'{a: '.repeat(120)}`, true],
    ['a: "[[[]]]"\n'.repeat(100), false],
    ['a\0b', true],
  ])('looks for gaps in %j', (text, gap) => expect(mayHaveGaps(text)).toBe(gap));
});
