import { isFinal, mayChange } from '../../../syntax/yaml/certainty';
import { defineRule, type Report } from '../../../rule/define-rule';
import { objectName } from '../model/names';
import { booleanOf, itemsOf, mapOf, numberOf, scalarOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import type { KubernetesObject } from '../model/types';
import type { YamlMap } from '../../../syntax/yaml/types';

type Message = 'allows' | 'root' | 'keeps' | 'adds' | 'host-path' | 'seccomp';

/** Fields that allow something when they are true, with what that is. */
const switches = {
  SecurityContextConstraints: {
    allowPrivilegedContainer: 'privileged containers',
    allowHostNetwork: 'the host network',
    allowHostPID: 'the host PID namespace',
    allowHostIPC: 'the host IPC namespace',
  },
  PodSecurityPolicy: {
    hostNetwork: 'the host network',
    hostPID: 'the host PID namespace',
    hostIPC: 'the host IPC namespace',
    allowPrivilegeEscalation: 'privilege escalation',
  },
} as const;

/** What a policy says in `map`, or leaves open. `report` gets the node, or the key, or `null` for what is missing. */
function checkPolicy(object: KubernetesObject, spec: YamlMap, report: Report<Message, never>): void {
  const name = objectName(object);
  const key = (field: string) => spec.entry(field)?.key?.range ?? object.reportRange;
  if (!spec.entry('allowPrivilegeEscalation'))
    report(object.reportRange, 'allows', { object: name, what: switches.PodSecurityPolicy.allowPrivilegeEscalation });
  const user = mapOf(spec.get('runAsUser'));
  const rule = scalarOf(user?.get('rule'));
  const low = itemsOf(user?.get('ranges')).find(({ map }) => numberOf(map.get('min')) === 0);
  if (rule && stringOf(rule) === 'RunAsAny') report(rule.range, 'root', { object: name });
  else if (low) report((low.map.get('min') ?? low.map).range, 'root', { object: name });
  const drop = sequenceOf(spec.get('requiredDropCapabilities'))?.items.map(stringOf) ?? [];
  if (!drop.includes('ALL') && isFinal(object.document, spec, 'requiredDropCapabilities'))
    report(key('requiredDropCapabilities'), 'keeps', { object: name });
  for (const item of sequenceOf(spec.get('allowedCapabilities'))?.items ?? [])
    if (item) report(item.range, 'adds', { object: name, capability: stringOf(item) ?? '' });
  const volumes = sequenceOf(spec.get('volumes'))?.items.map(stringOf) ?? [];
  const paths = itemsOf(spec.get('allowedHostPaths'));
  if (paths.length === 0 && isFinal(object.document, spec, 'allowedHostPaths') && (volumes.includes('*') || volumes.includes('hostPath')))
    report(key('volumes'), 'host-path', { object: name, path: 'every path' });
  for (const { map } of paths) {
    if (booleanOf(map.get('readOnly')) !== true && isFinal(object.document, map, 'readOnly'))
      report((map.get('pathPrefix') ?? map).range, 'host-path', { object: name, path: stringOf(map.get('pathPrefix')) ?? 'a path' });
  }
  const seccomp = object.annotations.get('seccomp.security.alpha.kubernetes.io/defaultProfileName');
  if (seccomp && !mayChange(seccomp.node) && !/^(?:docker|runtime)\/default$|^localhost\//.test(seccomp.value))
    report(seccomp.node.range, 'seccomp', { object: name });
}

export const rule = defineRule({
  id: 'kubernetes/scc-privileged',
  title: 'Security policy object that allows dangerous privileges',
  severity: 'warning',
  category: 'privilege',
  profile: 'recommended',
  references: { cisKubernetes: ['5.2.1', '5.2.2'], nist800190: ['3.3.1', '4.3.1'], mitre: ['T1611'], cwe: ['CWE-269'] },
  peers: {
    'kube-linter': ['scc-deny-privileged-container'],
    checkov: ['CKV_K8S_1', 'CKV_K8S_3', 'CKV_K8S_4', 'CKV_K8S_5', 'CKV_K8S_6', 'CKV_K8S_7', 'CKV_K8S_24', 'CKV_K8S_36', 'CKV_K8S_32'],
    kubescape: ['C-0214', 'C-0215', 'C-0216', 'C-0217', 'C-0218', 'C-0219', 'C-0220'],
    kics: [
      'psp_allows_sharing_host_pid',
      'psp_allows_sharing_host_ipc',
      'psp_containers_share_host_network_namespace',
      'psp_allows_privilege_escalation',
      'root_containers_admitted',
      'net_raw_capabilities_disabled_for_psp',
      'psp_with_added_capabilities',
      'not_limited_capabilities_for_pod_security_policy',
      'psp_with_unrestricted_access_to_host_path',
    ],
  },
  messages: {
    allows: { text: '{object} allows {what}' },
    root: { text: '{object} lets containers run as root', severity: 'info' },
    keeps: { text: '{object} does not require containers to drop all capabilities', severity: 'info' },
    adds: { text: '{object} lets containers add {capability}', severity: 'info' },
    'host-path': { text: '{object} lets pods write to {path} on the node', severity: 'info' },
    seccomp: { text: '{object} sets no seccomp profile for containers', severity: 'info' },
  },
  on: {
    object(object, report) {
      const { kind } = object;
      if (kind !== 'SecurityContextConstraints' && kind !== 'PodSecurityPolicy') return;
      const spec = kind === 'PodSecurityPolicy' ? mapOf(object.node.get('spec')) : object.node;
      if (!spec) return;
      for (const [field, what] of Object.entries(switches[kind])) {
        const node = spec.get(field);
        if (node && booleanOf(node) === true) report(node.range, 'allows', { what });
      }
      if (kind === 'PodSecurityPolicy' && object.complete) checkPolicy(object, spec, report);
    },
  },
});
