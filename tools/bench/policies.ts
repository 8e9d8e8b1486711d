import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { ProtocolConnection } from 'vscode-languageserver/node';
import { corpusFiles, hasCorpus, noCorpus } from '../corpus-folder';
import { root } from '../rules/files';
import { deployment } from './large-files';
import { withServer } from './server';
import { percentile } from './timing';

/** The policies of Kyverno's library that files are judged by: with patterns, conditions, loops, and expressions. */
const library = [
  'best-practices/disallow-latest-tag',
  'best-practices/require-drop-all',
  'best-practices/require-labels',
  'best-practices/require-pod-requests-limits',
  'best-practices/require-probes',
  'best-practices/require-ro-rootfs',
  'best-practices/restrict-image-registries',
  'pod-security/baseline/disallow-capabilities',
  'pod-security/baseline/disallow-host-path',
  'pod-security/baseline/disallow-privileged-containers',
  'pod-security-cel/baseline/disallow-host-namespaces',
  'pod-security-cel/baseline/restrict-seccomp',
  'pod-security-cel/restricted/disallow-privilege-escalation',
  'pod-security-cel/restricted/require-run-as-non-root-user',
  'best-practices-vpol/disallow-cri-sock-mount',
  'best-practices-vpol/restrict-node-port',
  'other-vpol/limit-containers-per-pod',
];

/** Policies of Kubernetes' own kind, each with a binding that refuses. */
const admission: readonly (readonly [name: string, groups: string, resources: string, expression: string])[] = [
  ['replicas', 'apps', 'deployments, statefulsets', 'object.spec.replicas <= 5'],
  [
    'memory-limits',
    'apps',
    'deployments, statefulsets, daemonsets',
    'object.spec.template.spec.containers.all(c, has(c.resources) && has(c.resources.limits) && "memory" in c.resources.limits)',
  ],
  ['owner-label', '*', '*', 'has(object.metadata.labels) && "owner" in object.metadata.labels'],
];

function admissionPolicy([name, groups, resources, expression]: (typeof admission)[number]): string {
  return `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: ${name}
spec:
  matchConstraints:
    resourceRules:
      - { apiGroups: ["${groups}"], apiVersions: ["*"], operations: [CREATE, UPDATE], resources: [${resources === '*' ? '"*"' : resources}] }
  validations:
    - expression: '${expression}'
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: ${name}
spec:
  policyName: ${name}
  validationActions: [Deny]
`;
}

/** Writes the twenty policies into a folder. */
function writePolicies(from: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [index, path] of library.entries()) {
    const file = readdirSync(join(from, path)).find(name => name === `${basename(path)}.yaml`);
    if (!file) throw new Error(`${path} is not in ${from}`);
    cpSync(join(from, path, file), join(folder, `${String(index).padStart(2, '0')}-${file}`));
  }
  for (const policy of admission) writeFileSync(join(folder, `${policy[0]}.yaml`), admissionPolicy(policy));
}

/** Processor time of a whole run of the command line, in milliseconds, and how many findings are of policies. */
function run(folder: string, more: readonly string[], used: string): { readonly cpu: number; readonly found: number } {
  const preload = join(root, 'tools/bench/preload.cjs');
  const env = { ...process.env, BULKHEAD_BENCH_USED: used, NODE_OPTIONS: `--require=${JSON.stringify(preload)}` };
  const args = [join(root, 'dist/cli.js'), 'lint', '--no-cache', '--fail-on', 'never', ...more, '.'];
  const { stdout, status, stderr } = spawnSync(process.execPath, args, { cwd: folder, env, maxBuffer: 1 << 28, encoding: 'utf8' });
  if (status !== 0 && status !== 2) throw new Error(`lint ended with ${status}: ${stderr}`);
  const { cpu } = JSON.parse(readFileSync(used, 'utf8')) as { readonly cpu: number };
  return { cpu, found: stdout.split('[policy/violates]').length - 1 };
}

function measureRuns(work: string, rounds: number): void {
  for (const { path, text } of corpusFiles('kubernetes')) {
    mkdirSync(dirname(join(work, path)), { recursive: true });
    writeFileSync(join(work, path), text);
  }
  for (const format of ['concise', 'text', 'json']) {
    const ratios: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const runs = [[], ['--policies', '../policies']].map(more =>
        run(join(work, 'kubernetes'), ['--format', format, ...more], join(work, 'used.json')),
      );
      const [without, under] = runs.map(({ cpu }) => cpu);
      ratios.push(under! / without!);
      console.log(
        `lint of 400 manifests as ${format}: ${without!.toFixed(0)} ms, under 20 policies ${under!.toFixed(0)} ms, ${ratios.at(-1)!.toFixed(2)} times`,
      );
      if (format === 'concise' && round === 0) console.log(`${runs[1]!.found} findings of policies`);
    }
    console.log(`as ${format}: median ${percentile(ratios, 0.5).toFixed(2)} times`);
  }
}

/** Processor time of all threads of a process, in milliseconds. */
function processorTime(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, id) => sum + Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]), 0) / 1e6;
}

/** A document that is typed into: each edit puts a character after the value of another line, the next one takes it away. */
function typing(
  connection: ProtocolConnection,
  pid: number,
  uri: string,
  text: string,
): () => Promise<readonly [wall: number, cpu: number, found: number]> {
  const lines = text.split('\n').flatMap((line, i) => (/: [\w./-]+$/.test(line) ? [{ i, length: line.length }] : []));
  let version = 1;
  return async () => {
    const { i, length } = lines[(((version - 1) >> 1) * 7) % lines.length]!;
    const isAdded = version % 2 === 1;
    const range = { start: { line: i, character: length }, end: { line: i, character: isAdded ? length : length + 1 } };
    const [start, before] = [performance.now(), processorTime(pid)];
    void connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: ++version },
      contentChanges: [{ range, text: isAdded ? 'x' : '' }],
    });
    const answer = await connection.sendRequest<{ readonly items: readonly { readonly code?: string }[] }>('textDocument/diagnostic', {
      textDocument: { uri },
    });
    const wall = performance.now() - start;
    return [wall, processorTime(pid) - before, answer.items.filter(({ code }) => code === 'policy/violates').length];
  };
}

/** Types into two servers in turn, of which one has policies in its folder. */
async function measureEdits(work: string, name: string, text: string, edits: number): Promise<void> {
  const folders = ['without', 'under'].map(each => join(work, name, each));
  for (const folder of folders) {
    mkdirSync(join(folder, 'deploy'), { recursive: true });
    writeFileSync(join(folder, 'deploy/web.yaml'), text);
  }
  cpSync(join(work, 'policies'), join(folders[1]!, 'policies'), { recursive: true });
  await withServer(folders[0]!, (a, aPid) =>
    withServer(folders[1]!, async (b, bPid) => {
      const servers = await Promise.all(
        (
          [
            [a, aPid, folders[0]!],
            [b, bPid, folders[1]!],
          ] as const
        ).map(async ([connection, pid, folder]) => {
          const uri = `file://${folder}/deploy/web.yaml`;
          await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
          await connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } });
          return { type: typing(connection, pid, uri, text), taken: [] as (readonly [number, number, number])[] };
        }),
      );
      for (let i = 0; i < edits; i++) for (const { type, taken } of servers) taken.push(await type());
      // the first, while the engine is compiled, count in neither
      const [x, y] = servers.map(({ taken }) => taken.slice(edits >> 2));
      const row = (which: 0 | 1, share: number): string => {
        const [without, under] = [x, y].map(all =>
          percentile(
            all!.map(each => each[which]),
            share,
          ),
        );
        return `${without!.toFixed(1)} and ${under!.toFixed(1)} ms (${(under! / without!).toFixed(2)})`;
      };
      console.log(
        `${name}: p50 ${row(0, 0.5)}, p95 ${row(0, 0.95)}; processor time p50 ${row(1, 0.5)}, p95 ${row(1, 0.95)}; ${Math.max(...y!.map(each => each[2]))} findings of policies`,
      );
    }),
  );
}

/**
 * `npm run bench -- --policies`: what policies cost over lint without, in alternating runs, and as one types. `BULKHEAD_KYVERNO_POLICIES` names a checkout of
 * Kyverno's library (test/oracle/kyverno/README.md).
 */
export async function measurePolicies(rounds = 5, edits = 400): Promise<void> {
  const from = process.env['BULKHEAD_KYVERNO_POLICIES'] ?? '';
  if (!hasCorpus) return console.log(noCorpus);
  if (!existsSync(from)) return console.log('skipped: BULKHEAD_KYVERNO_POLICIES does not name a checkout of kyverno/policies');
  const work = mkdtempSync(join(tmpdir(), 'bulkhead-policies-'));
  try {
    writePolicies(from, join(work, 'policies'));
    if (rounds > 0) measureRuns(work, rounds);
    const manifest = Array.from({ length: 11 }, (_, i) => deployment(`web-${i}`)).join('---\n');
    await measureEdits(work, 'a Deployment', deployment('web'), edits);
    await measureEdits(work, 'manifest of 11 Deployments', manifest, edits);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
