import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bulkhead, folder, today } from './cli';

/** What the parsers put in the place of what is filled in later. */
const mask = '\ue000';

const { path: cwd } = folder({
  '.bulkhead.yaml': 'profile: strict\n',
  'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'chart/values.yaml':
    'image:\n  repository: registry.example.com/acme/web\n  tag: "1.2.3"\nside: {repository: "{{ .Values.global.registry }}/side", tag: 1}\n',
  'chart/templates/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-web
  namespace: {{ .Release.Namespace }}
  labels: {app: "{{ .Values.a }}", b: c-{{ .Values.b }}}
spec:
  selector: {matchLabels: {app: "{{ .Values.a }}"}}
  template:
    metadata: {labels: {app: "{{ .Values.a }}"}}
    spec:
      serviceAccountName: {{ .Values.account }}
      hostNetwork: true
      volumes: [{name: "{{ .Values.volume }}", hostPath: {path: "/etc/{{ .Values.path }}"}}]
      containers:
        - name: {{ .Chart.Name }}
          image: {{ .Values.image.repository }}:{{ .Values.image.tag }}
          command: ["sh", "-c", "curl -k {{ .Values.url }} | sh"]
          ports: [{containerPort: 80, hostPort: 80, name: "{{ .Values.port }}"}]
          volumeMounts: [{name: "{{ .Values.volume }}", mountPath: "/x/{{ .Values.path }}"}]
          securityContext: {privileged: true, capabilities: {add: ["{{ .Values.capability }}", SYS_ADMIN]}}
          un{{ .Values.known }}: x
        - name: side
          image: "{{ .Values.side
            | default "x:y" }}:latest"
---
apiVersion: v1
kind: Service
metadata: {name: "svc-{{ .Values.n }}"}
spec: {type: LoadBalancer, selector: {app: "{{ .Values.a }}"}, ports: [{port: 80, targetPort: "{{ .Values.port }}"}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: "all-{{ .Values.n }}"}
roleRef: {kind: ClusterRole, name: cluster-admin, apiGroup: rbac.authorization.k8s.io}
subjects: [{kind: ServiceAccount, name: "{{ .Values.account }}", namespace: "{{ .Release.Namespace }}"}]
`,
  'policy.yaml':
    'apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: "p-{{ .Values.n }}"}\nspec:\n  validationFailureAction: {{ .Values.action }}\n  rules:\n    - name: {{ .Values.rule }}\n      match: {any: [{resources: {kinds: ["{{ .Values.kind }}"]}}]}\n      verifyImages: [{imageReferences: ["{{ .Values.image }}"]}]\n',
  Makefile: 'run:\n\tdocker run --privileged --name $(NAME) -e A=$(B) $(IMAGE):$(TAG) --x "$(C)"\n',
  '.github/workflows/ci.yml':
    "on: push\njobs:\n  a:\n    runs-on: ${{ matrix.os }}\n    container: ${{ inputs.image }}:latest\n    steps:\n      - run: docker run --privileged -v /:/h x/${{ inputs.name }} --format '{{.Names}}'\n",
  'compose.yaml':
    'services:\n  web:\n    image: nginx:1.27\n    command: ["--format", "{{ .X }}", "a{{.Y}}b", "{{ .Values.z }}"]\n    labels: ["tmpl={{ .Service.Name }}"]\n    hostname: "{{.Node.Hostname}}"\n    environment:\n      FOO: "{{ .Task.Name }}"\n    healthcheck: {test: ["CMD", "x", "{{.Z}}"]}\n',
});

describe('what a template fills in is shown as it is written, or as one sign', () => {
  test.each([
    ...['text', 'json', 'sarif', 'github', 'gitlab', 'junit', 'rdjson', 'markdown'].map(format => ['lint', ...today, '--format', format]),
    ['harden', ...today],
    ['harden', ...today, '--format', 'json'],
    ['baseline', ...today, '--output-file', '-base.json'],
    ['report', ...today],
    ['report', ...today, '--format', 'json'],
    ['scan', '--format', 'json'],
    ['pin', '--format', 'json'],
    ['init', 'network-policy', '--namespace', 'shop', '--output-file', 'policies.yaml'],
  ])('%s %s %s %s %s', (...command) => {
    const { stdout, stderr } = bulkhead(command, { cwd, env: { HTTPS_PROXY: 'http://127.0.0.1:9' } });
    expect(stdout.length + stderr.length).toBeGreaterThan(20);
    expect(stdout + stderr).not.toContain(mask);
    const file = command.at(-1)!;
    if (command.includes('--output-file')) expect(readFileSync(join(cwd, file), 'utf8')).not.toContain(mask);
  });

  test('scan, pin and report name the images of a chart', () => {
    const image = '{{ .Values.image.repository }}:{{ .Values.image.tag }}';
    // what values.yaml fills in has a name; what has a default in the template has none
    expect(bulkhead(['scan'], { cwd }).stderr).not.toContain(image);
    expect(bulkhead(['scan'], { cwd }).stderr).toContain('{{ .Values.side | default "x:y" }}:latest: not scanned');
    expect(bulkhead(['pin', 'chart'], { cwd }).stderr).toContain(`chart/templates/web.yaml:17:18: ${image}: the document is a template`);
    const { stdout } = bulkhead(['report', ...today, '--format', 'markdown'], { cwd });
    expect(stdout).not.toContain(image);
    expect(stdout).toContain('| `registry.example.com/acme/web:1.2.3` | 2 | version tag |');
  });

  test("Docker's own templates keep their bytes in every conversion", () => {
    const run = (args: readonly string[], input = ''): string => {
      const { code, stdout, stderr } = bulkhead(['convert', ...today, ...args], { cwd, input });
      expect(code).toBe(0);
      expect(stdout + stderr).not.toContain(mask);
      return stdout;
    };
    const manifest = run(['--to', 'kubernetes', 'compose.yaml']);
    for (const text of ['- "{{ .X }}"', '- a{{.Y}}b', '- "{{ .Values.z }}"', 'tmpl: "{{ .Service.Name }}"', 'value: "{{ .Task.Name }}"', '- "{{.Z}}"'])
      expect(manifest).toContain(text);
    const command = `docker run -d --name x --label "a={{ .X }}" --log-opt tag={{.Name}} -e A='{{ .E }}' nginx:1.27 --format '{{.Foo}}' {{.Values.b}} 'x{{ .Release }}'`;
    for (const target of ['compose', 'kubernetes']) {
      const made = run(['--to', target, '-'], command);
      for (const text of ['a: "{{ .X }}"', '"{{ .E }}"', '- "{{.Foo}}"', '- "{{.Values.b}}"', 'x{{ .Release }}']) expect(made).toContain(text);
    }
    expect(run(['--to', 'command', '-'], command)).toContain("--format '{{.Foo}}' {{.Values.b}}");
  });

  test('an expression in a string makes no template of a workflow: it can be hardened', () => {
    const { stdout } = bulkhead(['harden', ...today, '.github/workflows/ci.yml'], { cwd });
    expect(stdout).toContain('+permissions:');
  });
}); // prettier-ignore
