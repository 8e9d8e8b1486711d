import { defaultConfig } from '../../shared/src/engine/config/effective';
import { createEngine } from '../../shared/src/engine/create-engine';
import type { Rule } from '../../shared/src/rule/define-rule';
import { plainContext } from '../lint-context';
import { readJsonLines } from './rows';

/** A fixture of the admission controller: one manifest that one level at one version takes or refuses. */
interface PssRow {
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

/** How many of the admission controller's fixtures get the verdict that it gives, and which do not. */
export function measurePss(rules: readonly Rule[]): { readonly right: number; readonly rows: number; readonly wrong: readonly string[] } {
  const engine = createEngine(rules);
  const rows = readJsonLines('kubernetes/pss/pss.jsonl') as unknown as readonly PssRow[];
  const wrong = rows.flatMap(row => {
    const config = { ...defaultConfig, profile: 'strict' as const, kubernetesMinor: Number(row.version.split('.')[1]) };
    const { findings } = engine.open({ path: 'pod.yaml', text: row.text }).lint({ ...plainContext(), config });
    const crashed = findings.some(f => f.rule === 'bulkhead/internal-error');
    const hits = findings.filter(f => f.pss === 'baseline' || (f.pss !== null && row.level === 'restricted')).map(f => f.rule);
    const answering = (rulesOf[row.checkId ?? ''] ?? []).map(name => `kubernetes/${name}`);
    const right = !crashed && (row.expect === 'pass' ? hits.length === 0 : hits.some(rule => answering.includes(rule)));
    return right ? [] : [`${row.id}: ${row.expect}, but ${hits.length === 0 ? 'nothing' : [...new Set(hits)].join(', ')} violates it`];
  });
  return { right: rows.length - wrong.length, rows: rows.length, wrong };
}
