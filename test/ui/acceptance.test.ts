import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../tools/vscode/host';
import { openWorkbench, until, type Workbench } from '../../tools/vscode/workbench';
import { missing, shots, vsix } from './support';
import { entriesOf } from '../../shared/src/output/report/entries';
import type { Finding } from '../../shared/src/rule/finding/types';

/**
 * A repository that nobody here has seen, opened by somebody who trusts nothing: in Restricted Mode, in a browser, offline. What they see is what the
 * command line says of it, and nothing else.
 */

const resources = `
              requests: { cpu: 100m, memory: 64Mi }
              limits: { memory: 64Mi }`;

/** By path. Each file is one that tools like this one are known to call broken. */
const files = {
  Dockerfile: `FROM node:22-slim
WORKDIR /app
COPY . .
RUN npm install
CMD node server.js
`,
  'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
  'chart/values.yaml':
    'image: registry.example.com/shop:1.0\nreplicas: 2\n# what it is by default, no other file is read for in Restricted Mode\nenabled: true\n',
  'chart/templates/deployment.yaml': `{{- if .Values.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "shop.fullname" . }}
  labels:
    {{- include "shop.labels" . | nindent 4 }}
spec:
  template:
    spec:
      containers:
        - name: shop
          image: {{ .Values.image | quote }}
          {{- with .Values.resources }}
          resources: {{- toYaml . | nindent 12 }}
          {{- end }}
{{- end }}
`,
  'overlay/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [../base]
patches:
  - path: replicas.yaml
`,
  'overlay/replicas.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 3
`,
  'base/kustomization.yaml': 'resources: [deployment.yaml]\n',
  'base/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
    name: shop   # indented by hand
spec:
    replicas: 1
    selector:
        matchLabels: {app: shop}
    template:
        metadata:
            labels: {app: shop}
        spec:
            # one container, for now
            containers:
              -   name: shop
                  image: redis:8.2.1   # released on Fridays
                  ports:
                      - containerPort: 6379
                  readinessProbe: {tcpSocket: {port: 6379}}
                  livenessProbe:  {tcpSocket: {port: 6379}, failureThreshold: 6}   # patient
`,
  'crds/widget.yaml': `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.shop.example.com
spec:
  group: shop.example.com
  scope: Namespaced
  names: { kind: Widget, plural: widgets }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true }
`,
  'crds/my-widget.yaml': `apiVersion: shop.example.com/v1
kind: Widget
metadata:
  name: mine
spec:
  securityContext: { privileged: 7 }
  anything: [goes, 1, { x: y }]
`,
  'quiet.yaml': `apiVersion: v1
kind: Pod
metadata:
  name: tool
spec:
  automountServiceAccountToken: false
  hostPID: true
  securityContext: { runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10001, seccompProfile: { type: RuntimeDefault } }
  containers:
    - name: tool
      image: registry.example.com/tool:1.0
      resources:${resources.replaceAll('\n              ', '\n        ')}
      securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
`,
} as const;

/** Time for one visible effect, in milliseconds. */
const effect = { timeout: 15_000 };

/** What can only be said of a file that has others beside it: in Restricted Mode they are not read. */
const needsOthers = ['kubernetes/missing-network-policy', 'dockerfile/broad-copy'];

/** What the command line of the same build says of a folder. */
function commandLine(folder: string, format: string, ...options: readonly string[]): unknown {
  const args = [path.join(root, 'dist/cli.js'), 'lint', '--format', format, '--fail-on', 'never', ...options, '.'];
  // SARIF describes every rule
  return JSON.parse(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 }));
}

/** A finding of the report: a range has lines and characters. */
type ReportedFinding = Omit<Finding, 'range'> & { readonly range: Readonly<Record<'start' | 'end', { line: number; character: number }>> };

function toFinding({ range: { start, end }, ...finding }: ReportedFinding): Finding {
  const offset = ({ line, character }: typeof start): number => line * 10_000 + character;
  return { ...finding, range: { start: offset(start), end: offset(end) } };
}

/** The findings of the command line that count, as the status bar counts entries. Hints are not in Problems. */
function expectedProblems(folder: string, ...options: readonly string[]): string {
  const report = commandLine(folder, 'json', ...options) as { files: { findings: ReportedFinding[] }[] };
  const counted = report.files.flatMap(({ findings }) =>
    entriesOf(findings.filter(({ suppression }) => suppression === null).map(toFinding)),
  );
  const labels = { error: 'Errors', warning: 'Warnings', info: 'Infos' };
  return Object.entries(labels)
    .map(([severity, label]) => [label, counted.filter(({ finding }) => finding.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([label, count]) => `${label}: ${count}`)
    .join(', ');
}

/** Opens every file and waits until Problems shows what the command line says. */
async function expectSameFindings(bench: Workbench & { readonly workspace: string }, ...options: readonly string[]): Promise<void> {
  for (const file of Object.keys(files)) await bench.open(file);
  const shown = bench.page.locator('[id="status.problems"] a');
  await expect.poll(() => shown.getAttribute('aria-label'), { timeout: 30_000 }).toBe(expectedProblems(bench.workspace, ...options));
}

describe.skipIf(missing !== undefined)('an unknown repository in Restricted Mode, offline, in a browser', () => {
  let bench: Workbench & { readonly workspace: string };
  const outside: string[] = [];

  beforeAll(async () => {
    bench = await openWorkbench({ vsix, files, shots, restricted: true, onOutside: address => outside.push(address) });
  });
  afterAll(async () => bench?.close());

  it('shows what the command line says of each file by itself, and says nothing unasked', async () => {
    const { page } = bench;
    await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).first().waitFor(effect);
    await expectSameFindings(bench, ...needsOthers.flatMap(rule => ['--rule', `${rule}=off`]));
    await bench.shoot('acceptance-1-restricted');
    await bench.command('Notifications: Show Notifications');
    expect(await page.locator('.notifications-center .monaco-list-row').count()).toBe(0);
    await page.keyboard.press('Escape');
    expect(outside).toEqual([]);
  });

  it('silences the one finding of a token with two key presses behind the light bulb', async () => {
    const { page } = bench;
    const suppress = page.locator('.action-widget .monaco-list-row', { hasText: 'Suppress' });
    await until(async () => {
      await bench.open('quiet.yaml');
      await bench.clickOn('hostPID');
      await page.keyboard.press('Control+Period');
      await suppress.first().waitFor({ timeout: 4000 });
    });
    await bench.shoot('acceptance-3-light-bulb');
    // a key takes effect a moment after it was pressed: the next one waits for that
    const focused = page.locator('.action-widget .monaco-list-row.focused');
    const before = await focused.innerText();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => focused.innerText(), effect).not.toBe(before);
    expect(await focused.innerText()).toContain('Suppress');
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-widget:visible').waitFor(effect);
    await bench.shoot('acceptance-4-suppress');
    await page.keyboard.press('Enter');
    await page.locator('.view-line', { hasText: 'bulkhead-ignore kubernetes/host-pid' }).waitFor(effect);
    await page.locator('.squiggly-error').waitFor({ state: 'hidden', ...effect });
    await until(async () => {
      await page.keyboard.press('Control+z');
      await page.locator('.squiggly-error').first().waitFor({ timeout: 4000 });
    });
  });

  it('hardens a commented, hand-indented Deployment by additions alone, takes it back with one undo, and finds nothing to do the second time', async () => {
    const { page } = bench;
    const file = 'base/deployment.yaml';
    const original = files[file];
    const read = (): string => fs.readFileSync(path.join(bench.workspace, file), 'utf8');
    const saved = async (test: (text: string) => boolean): Promise<string> => {
      let text = '';
      await until(async () => {
        await page.locator('.editor-group-container.active .view-lines').first().click();
        await page.keyboard.press('Control+s');
        // a file is empty for a moment while it is written
        await expect.poll(() => (text = read()) !== '' && test(text), { timeout: 4000 }).toBe(true);
      });
      return text;
    };
    const harden = async (): Promise<void> => {
      await bench.open(file);
      await bench.command('Bulkhead: Harden This File');
    };
    await harden();
    await page.locator('.monaco-diff-editor .modified .line-insert').first().waitFor(effect);
    await page.locator('.part.sidebar').getByRole('button', { name: 'Apply Selected Groups' }).first().click(effect);
    await page.locator('.monaco-diff-editor').waitFor({ state: 'hidden', ...effect });
    const hardened = await saved(text => text !== original);
    // every line of the author is there, in order, with its comment and its blanks
    const rest = hardened.split('\n');
    for (const line of original.split('\n')) expect(rest.splice(0, rest.indexOf(line) + 1)).toContain(line);
    await bench.shoot('acceptance-2-hardened');

    await harden();
    const notices = page.locator('.notifications-center .monaco-list-row', { hasText: 'Nothing to change' });
    await until(async () => {
      await bench.command('Notifications: Show Notifications');
      await notices.first().waitFor({ timeout: 4000 });
    });
    expect(read()).toBe(hardened);
    await bench.command('Notifications: Clear All Notifications');

    await bench.open(file);
    await page.locator('.editor-group-container.active .view-lines').first().click();
    await page.keyboard.press('Control+z');
    expect(await saved(text => text === original)).toBe(original);
  });
});

describe.skipIf(missing !== undefined)('the same repository, trusted', () => {
  let bench: Workbench & { readonly workspace: string };

  beforeAll(async () => {
    const suppressed = files['quiet.yaml'].replace('hostPID: true', 'hostPID: true # bulkhead-ignore kubernetes/host-pid -- a debugger');
    bench = await openWorkbench({ vsix, files: { ...files, 'quiet.yaml': suppressed }, shots });
  });
  afterAll(async () => bench?.close());

  it('has the same findings in Problems and on the command line, whose SARIF says what is suppressed, and why', async () => {
    await expectSameFindings(bench);
    const sarif = commandLine(bench.workspace, 'sarif') as {
      runs: { results: { ruleId: string; suppressions?: { kind: string; justification?: string }[] }[] }[];
    };
    const suppressed = sarif.runs.flatMap(({ results }) => results.filter(({ suppressions }) => (suppressions ?? []).length > 0));
    expect(suppressed).toMatchObject([
      { ruleId: 'kubernetes/host-pid', suppressions: [{ kind: 'inSource', justification: 'a debugger' }] },
    ]);
  });
});
