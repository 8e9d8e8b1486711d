import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultConfig } from '../../shared/src/config/effective';
import { createEngine } from '../../shared/src/engine/create-engine';
import { rules } from '../../shared/src/rules/generated/index';
import { emptyWorkspace } from '../../shared/src/workspace/workspace-index';
import { hasShared, noShared, sharedFolder } from '../../tools/shared-folder';

/** A fixture of the admission controller: one manifest that one level at one version takes or refuses. */
interface Row {
  readonly id: string;
  readonly level: 'baseline' | 'restricted';
  readonly version: string;
  readonly expect: 'pass' | 'fail';
  /** The control that a failing row is about. */
  readonly checkId: string | null;
  readonly text: string;
}

/** The rules that answer for each control. */
const rulesOf: Readonly<Record<string, readonly string[]>> = {
  windowsHostProcess: ['privileged'],
  hostNamespaces: ['host-network', 'host-pid', 'host-ipc'],
  privileged: ['privileged'],
  capabilities_baseline: ['added-capabilities'],
  capabilities_restricted: ['added-capabilities', 'capabilities-not-dropped'],
  hostPathVolumes: ['host-path', 'runtime-socket'],
  hostPorts: ['host-port'],
  seccompProfile_baseline: ['seccomp-profile'],
  seccompProfile_restricted: ['seccomp-profile'],
  allowPrivilegeEscalation: ['privilege-escalation'],
  runAsNonRoot: ['run-as-root'],
  runAsUser: ['run-as-root'],
  appArmorProfile: ['apparmor-profile'],
  seLinuxOptions: ['selinux-options'],
  procMount: ['proc-mount'],
  procMount_restricted: ['proc-mount'],
  sysctls: ['unsafe-sysctls'],
  hostProbesAndHostLifecycle: ['host-probe'],
  restrictedVolumes: ['volume-type', 'host-path', 'runtime-socket'],
};

const engine = createEngine(rules);
/** The rules whose findings violate the row's level, as `pss` says. */
function violations(row: Row): readonly string[] {
  const kubernetesMinor = Number(row.version.split('.')[1]);
  const config = { ...defaultConfig, profile: 'strict' as const, kubernetesMinor };
  const { findings } = engine.lint(
    { path: 'pod.yaml', text: row.text },
    { config, today: '2026-11-24', workspace: emptyWorkspace, digest: () => null },
  );
  expect(findings.filter(f => f.rule === 'bulkhead/internal-error')).toEqual([]);
  return findings.filter(f => f.pss === 'baseline' || (f.pss !== null && row.level === 'restricted')).map(f => f.rule);
}

test.skipIf(!hasShared)('Pod Security: the verdict of every fixture, by the `pss` of findings', () => {
  const lines = readFileSync(join(sharedFolder, 'corpus/kubernetes/pss/pss.jsonl'), 'utf8').split('\n');
  const rows = lines.filter(line => line !== '').map(line => JSON.parse(line) as Row);
  const wrong: string[] = [];
  for (const row of rows) {
    const hits = violations(row);
    const answering = (rulesOf[row.checkId ?? ''] ?? []).map(name => `kubernetes/${name}`);
    const right = row.expect === 'pass' ? hits.length === 0 : hits.some(rule => answering.includes(rule));
    if (!right) wrong.push(`${row.id}: ${row.expect}, but ${hits.length === 0 ? 'nothing' : [...new Set(hits)].join(', ')} violates it`);
  }
  console.log(`Pod Security: ${rows.length - wrong.length} of ${rows.length} verdicts right`);
  expect(wrong).toEqual([]);
});

test.runIf(!hasShared)(noShared, () => undefined);
