import { describe, expect, it, test } from 'vitest';
import { defaultConfig } from '../../../shared/src/engine/config/effective';
import { createEngine } from '../../../shared/src/engine/create-engine';
import type { LintContext } from '../../../shared/src/engine/types';
import { createWords } from '../../../shared/src/output/report/words';
import { rules } from '../../../shared/src/families/generated/index';
import { emptyWorkspace } from '../../../shared/src/workspace/workspace-index';

/** Only these rules speak, so that a new rule changes no row. */
const known = [
  'privileged',
  'run-as-root',
  'privilege-escalation',
  'added-capabilities',
  'capabilities-not-dropped',
  'writable-root-filesystem',
  'seccomp-profile',
  'host-network',
  'host-path',
  'latest-tag',
  'secret-in-env',
  'missing-field',
  'misplaced-field',
].map(name => `kubernetes/${name}`);
const engine = createEngine(rules.filter(rule => known.includes(rule.id)));
const words = createWords(rules);
const context: LintContext = { config: defaultConfig, today: '2026-11-25', workspace: emptyWorkspace, digest: () => null };

/** Findings as `line: token: rule`, with lines from 1. */
function lint(path: string, text: string): string[] {
  return engine
    .open({ path, text })
    .lint(context)
    .findings.map(({ range, rule }) => {
      const line = text.slice(0, range.start).split('\n').length;
      return `${line}: ${text.slice(range.start, range.end)}: ${rule.replace('kubernetes/', '')}`;
    });
}

describe('values of a chart are judged by what they say', () => {
  test.each<[string, string, string[]]>([
    ['a container', 'securityContext:\n  privileged: true\n', ['2: true: privileged']],
    ['a pod', 'podSecurityContext:\n  runAsUser: 0\n', ['2: 0: run-as-root']],
    ['a component', 'web:\n  containerSecurityContext:\n    allowPrivilegeEscalation: true\n', ['3: true: privilege-escalation']],
    ['capabilities', 'securityContext:\n  capabilities:\n    add: [SYS_ADMIN]\n', ['3: SYS_ADMIN: added-capabilities']],
    ['the host', 'controller:\n  hostNetwork: true\n', ['2: true: host-network']],
    ['volumes', 'extraVolumes:\n  - name: etc\n    hostPath:\n      path: /etc\n', ['4: /etc: host-path']],
    ['an image in parts', 'image:\n  repository: nginx\n  tag: latest\n', ['3: latest: latest-tag']],
    ['an image as text', 'sidecar:\n  image: nginx:latest\n', ['2: latest: latest-tag']],
    ['sidecars', 'sidecars:\n  - name: a\n    image: a:1\n    securityContext:\n      privileged: true\n', ['5: true: privileged']],
    [
      'with a word of its own for containers, the other is the pod’s',
      'securityContext:\n  runAsUser: 0\ncontainerSecurityContext:\n  readOnlyRootFilesystem: true\n',
      ['2: 0: run-as-root'],
    ],
  ])('%s', (_, text, expected) => {
    expect(lint('chart/values.yaml', text)).toEqual(expected);
    expect(lint('chart/values-prod.yaml', text)).toEqual(expected);
  });

  test.each<[string, string]>([
    ['nothing is missing from values', 'podSecurityContext: {}\nsecurityContext: {}\nresources: {}\n'],
    ['keys of a chart are no fields of the API', 'podSecurityContext:\n  enabled: true\n  fsGroup: 1001\n'],
    [
      'a context that is switched off',
      'securityContext:\n  enabled: false\n  runAsUser: 0\npodSecurityContext: {enabled: false, runAsUser: 0}\n',
    ],
    ['a tag that the chart fills in', 'image:\n  repository: nginx\n  tag: ""\n'],
    ['a name without a tag', 'image: nginx\n'],
    ['another file with such words', 'securityContext: 1\nhostNetwork: [a]\nextraVolumes: text\nimage: []\n'],
    ['an empty file', ''],
  ])('silent: %s', (_, text) => expect(lint('chart/values.yaml', text)).toEqual([]));

  test('nothing hides below many levels, or behind many keys', () => {
    const levels = Array.from({ length: 60 }, (_, i) => `${'  '.repeat(i)}k${i}:\n`).join('');
    const deep = `${levels}${'  '.repeat(60)}securityContext: { privileged: true }\n`;
    const many = `${Array.from({ length: 20_000 }, (_, i) => `k${i}: { a: 1 }\n`).join('')}web: { securityContext: { privileged: true } }\n`;
    expect(lint('chart/values.yaml', deep)).toEqual(['61: true: privileged']);
    expect(lint('chart/values.yaml', many)).toEqual(['20001: true: privileged']);
  });

  it('is switched off where it stands only by a person', () => {
    const text = 'securityContext:\n  allowPrivilegeEscalation: true\n';
    const [finding] = engine.open({ path: 'values.yaml', text }).lint(context).findings;
    expect(finding!.fixes.map(fix => fix.class)).toEqual(['attended']);
    const result = engine.open({ path: 'values.yaml', text }).harden(context);
    expect(result.text).toBe(text);
    expect(result.left.map(left => words.reason(left.reason))).toEqual(['needs your confirmation that it is correct']);
  });
});

describe('kustomizations', () => {
  const head = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n';
  test.each<[string, string, string[]]>([
    [
      'an image with a tag that moves',
      'images:\n  - name: app\n    newName: example.com/app\n    newTag: latest\n',
      ['6: latest: latest-tag'],
    ],
    ['an image whose tag the manifests have', 'images:\n  - name: app\n    newName: example.com/app\n', []],
    [
      'a patch as text, at its own place',
      'patches:\n  - target:\n      kind: Deployment\n    patch: |-\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata:\n        name: web\n      spec:\n        template:\n          spec:\n            hostNetwork: true\n',
      ['14: true: host-network'],
    ],
    [
      'patchesStrategicMerge as text',
      'patchesStrategicMerge:\n  - |-\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata:\n      name: web\n    spec:\n      template:\n        spec:\n          hostNetwork: true\n  - other.yaml\n',
      ['12: true: host-network'],
    ],
    ['a JSON patch that sets nothing in a pod', 'patches:\n  - patch: |-\n      - op: remove\n        path: /spec/replicas\n', []],
    [
      'a JSON patch as text',
      'patchesJson6902:\n  - target: {kind: Deployment, name: web}\n    patch: |-\n      - op: add\n        path: /spec/template/spec/hostNetwork\n        value: true\n',
      ['8: true: host-network'],
    ],
  ])('%s', (_, text, expected) => expect(lint('base/kustomization.yaml', head + text)).toEqual(expected));

  it('is known by its name alone, and as a component', () => {
    expect(lint('kustomization.yaml', 'images:\n  - name: app\n    newTag: latest\n')).toEqual(['3: latest: latest-tag']);
    const component = 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nimages:\n  - name: app\n    newTag: latest\n';
    expect(lint('tag/kustomization.yaml', component)).toEqual(['5: latest: latest-tag']);
  });

  it('fixes what a patch says, in its place', () => {
    const patch = (value: boolean): string =>
      `${head}patches:\n  - patch: |-\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata:\n        name: web\n      spec:\n        template:\n          spec:\n            containers:\n              - name: web\n                securityContext:\n                  allowPrivilegeEscalation: ${value} # why\n`;
    expect(engine.open({ path: 'kustomization.yaml', text: patch(true) }).harden(context).text).toBe(patch(false));
  });
});

describe('a JSON patch', () => {
  const patch = (...operations: readonly (readonly [op: string, path: string, value: string])[]): string =>
    operations.map(([op, path, value]) => `- op: ${op}\n  path: ${path}\n  value: ${value}\n`).join('');
  const pod = '/spec/template/spec';
  test.each<[string, string, string[]]>([
    ['a flag', patch(['add', `${pod}/containers/0/securityContext/privileged`, 'true']), ['3: true: privileged']],
    ['a context', patch(['replace', `${pod}/containers/0/securityContext`, '{privileged: true}']), ['3: true: privileged']],
    ['a container', patch(['add', `${pod}/initContainers/-`, '{name: a, image: "a:latest"}']), ['3: latest: latest-tag']],
    ['an image', patch(['replace', `${pod}/containers/1/image`, 'nginx:latest']), ['3: latest: latest-tag']],
    [
      'a capability',
      patch(['add', `${pod}/containers/0/securityContext/capabilities/add/-`, 'SYS_ADMIN']),
      ['3: SYS_ADMIN: added-capabilities'],
    ],
    ['a volume', patch(['add', `${pod}/volumes/-`, '{name: etc, hostPath: {path: /etc}}']), ['3: /etc: host-path']],
    ['of a CronJob', patch(['add', '/spec/jobTemplate/spec/template/spec/hostNetwork', 'true']), ['3: true: host-network']],
    ['of a Pod', patch(['add', '/spec/containers/0/securityContext/runAsUser', '0']), ['3: 0: run-as-root']],
    [
      'two operations on one container',
      patch(['add', `${pod}/containers/0/securityContext/privileged`, 'true'], ['add', `${pod}/containers/0/image`, 'nginx:latest']),
      ['3: true: privileged', '6: latest: latest-tag'],
    ],
  ])('%s', (_, text, expected) => {
    expect(lint('base/web.yaml', text)).toEqual(expected);
    const indented = text.replace(/^/gm, '      ').trimEnd();
    const found = lint('kustomization.yaml', `patches:\n  - target: {kind: Deployment}\n    patch: |-\n${indented}\n`);
    expect(found.map(line => line.replace(/^\d+/, ''))).toEqual(expected.map(line => line.replace(/^\d+/, '')));
  });

  test.each<[string, string]>([
    ['what it takes away', `- op: remove\n  path: ${pod}/containers/0/securityContext\n`],
    ['what it asks for', patch(['test', `${pod}/hostNetwork`, 'true'])],
    ['what is no pod', patch(['add', '/spec/replicas', '1'], ['add', '/metadata/labels/a~1b', 'c'], ['add', '/spec/type', 'NodePort'])],
    ['what is good', patch(['add', `${pod}/containers/0/securityContext/privileged`, 'false'])],
    [
      'what is half typed',
      `- op: add\n  path: ${pod}/containers/0/securityContext\n  value:\n- op: add\n  path: ${pod}/containers/\n  value: x\n- op\n-\n`,
    ],
  ])('silent: %s', (_, text) => expect(lint('base/web.yaml', text)).toEqual([]));

  it('is not edited, and says why', () => {
    const text = patch(['add', `${pod}/containers/0/securityContext/allowPrivilegeEscalation`, 'true']);
    const result = engine.open({ path: 'patch.yaml', text }).harden(context);
    expect(result.text).toBe(text);
    expect(result.left.map(({ finding }) => finding.rule)).toEqual(['kubernetes/privilege-escalation']);
  });
});

describe('a template is not edited; harden says what to write elsewhere', () => {
  const template = (podContext: string, containerContext: string): string =>
    [
      'apiVersion: apps/v1',
      'kind: Deployment',
      'metadata:',
      '  name: {{ include "app.fullname" . }}',
      'spec:',
      '  selector:',
      '    matchLabels: {app: web}',
      '  template:',
      '    metadata:',
      '      labels: {app: web}',
      '    spec:',
      podContext,
      '      containers:',
      '        - name: web',
      '          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"',
      containerContext,
      '',
    ]
      .filter((line, index, lines) => line !== '' || index === lines.length - 1)
      .join('\n');
  const snippets = (text: string): readonly string[] => {
    const result = engine.open({ path: 'chart/templates/deployment.yaml', text }).harden(context);
    expect(result.text).toBe(text);
    return result.snippets.map(snippet => snippet.text.replace(/^#.*\n/gm, ''));
  };
  const podValues = 'runAsNonRoot: true\n  seccompProfile:\n    type: RuntimeDefault\n';
  const containerSettings = (pad: string): string =>
    ['allowPrivilegeEscalation: false', 'capabilities:', '  drop:', '    - ALL', 'readOnlyRootFilesystem: true']
      .map(l => `${pad}${l}\n`)
      .join('');

  test('through values that toYaml prints', () => {
    const text = template(
      '      securityContext:\n        {{- toYaml .Values.podSecurityContext | nindent 8 }}',
      '          securityContext:\n            {{- toYaml .Values.web.securityContext | nindent 12 }}',
    );
    expect(snippets(text)).toEqual([`podSecurityContext:\n  ${podValues}web:\n  securityContext:\n${containerSettings('    ')}`]);
  });

  test('through values that a `with` names', () => {
    const text = template(
      '      {{- with .Values.podSecurityContext }}\n      securityContext:\n        {{- toYaml . | nindent 8 }}\n      {{- end }}',
      '          {{- with .Values.securityContext }}\n          securityContext:\n            {{- toYaml . | nindent 12 }}\n          {{- end }}',
    );
    expect(snippets(text)).toEqual([`podSecurityContext:\n  ${podValues}securityContext:\n${containerSettings('  ')}`]);
  });

  test('by a kustomize patch where no value reaches', () => {
    const text = template('', '          securityContext:\n            readOnlyRootFilesystem: true');
    expect(snippets(text)).toEqual([
      [
        'apiVersion: apps/v1',
        'kind: Deployment',
        'metadata:',
        '  name: NAME',
        'spec:',
        '  template:',
        '    spec:',
        '      securityContext:',
        '        runAsNonRoot: true',
        '        seccompProfile:',
        '          type: RuntimeDefault',
        '      containers:',
        '        - name: web',
        '          securityContext:',
        '            allowPrivilegeEscalation: false',
        '            capabilities:',
        '              drop:',
        '                - ALL',
        '',
      ].join('\n'),
    ]);
  });

  test('nothing for what is privileged on purpose, for Windows, for plain files', () => {
    const privileged = template(
      '      securityContext:\n        seccompProfile: {type: RuntimeDefault}',
      '          securityContext:\n            privileged: true',
    );
    expect(snippets(privileged)).toEqual([]);
    expect(snippets(template('      os: {name: windows}', ''))).toEqual([]);
    expect(engine.open({ path: 'a.yaml', text: template('', '').replace(/\{\{.*?\}\}/g, 'x') }).snippets()).toEqual([]);
  });
});
