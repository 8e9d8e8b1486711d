import { isFinal, isVariable, mayChange, mayGain } from '../../../syntax/yaml/certainty';
import { defineRule } from '../../../rule/define-rule';
import { openLowPorts } from '../fix/user';
import { mayShareNamespace } from '../model/host';
import { itemsOf, numberOf, scalarOf, stringOf } from '../../../syntax/yaml/values';
import { capabilities, runAsNonRoot, runAsUser } from '../model/security';
import type { ContainerView, PortView } from '../model/types';

function isPortNumber(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535;
}

/** Whether the API takes a name for a port (IANA_SVC_NAME). */
function isPortName(name: string): boolean {
  return name.length <= 15 && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name) && /[a-z]/.test(name);
}

/** Whether something must let a container have a port below 1024: no capability, sysctl or host does, and it is no Windows. */
function isBarred(container: ContainerView, { containerPort }: PortView): boolean {
  const { pod } = container;
  if (pod.isWindows || mayShareNamespace(pod, 'hostNetwork') || !container.complete) return false;
  if (capabilities(container, 'add').items.some(({ name }) => /^(?:CAP_)?(?:NET_BIND_SERVICE|ALL)$/.test(name))) return false;
  const sysctls = pod.securityContext?.get('sysctls');
  if (mayGain(pod.object.document, sysctls) || itemsOf(sysctls).some(({ map }) => mayChange(map.get('name')))) return false;
  const sysctl = itemsOf(sysctls).find(({ map }) => stringOf(map.get('name')) === 'net.ipv4.ip_unprivileged_port_start');
  return !sysctl || Number(stringOf(sysctl.map.get('value'))) > (containerPort ?? 0);
}

function isOtherUser(container: ContainerView): boolean {
  return runAsNonRoot(container)?.value === true || (runAsUser(container)?.value ?? 0) > 0;
}

export const rule = defineRule({
  id: 'kubernetes/invalid-port',
  title: 'Invalid or undeclared port',
  severity: 'warning',
  category: 'correctness',
  profile: 'recommended',
  references: { cwe: ['CWE-710'] },
  peers: {
    'kube-linter': ['invalid-target-ports', 'privileged-ports'],
    'kube-score': ['container-ports-check'],
    'kyverno-policies': ['require-container-port-names'],
    trivy: ['KSV-0117'],
  },
  messages: {
    number: { text: 'Port {port} does not exist: ports range from 1 to 65535' },
    name: { text: '"{name}" is not a port name: use at most 15 characters (a-z, 0-9 and -), with at least one letter' },
    repeated: { text: 'Container "{container}" has two ports named "{name}"' },
    twice: { text: 'Container "{container}" declares port {port} twice' },
    low: { text: 'On many nodes, container "{container}" needs root to open port {port}', severity: 'hint', profile: 'strict' },
    refused: { text: 'Container "{container}" runs as a non-root user and may be unable to open port {port}', severity: 'info' },
  },
  fixes: { open: { title: 'Allow every user in the pod to open low ports', class: 'review' } },
  on: {
    container(container, report, { kubernetesMinor }) {
      if (container.ports.length === 0) return;
      const names = new Set<string>();
      const numbers = new Set<string>();
      for (const port of container.ports) {
        const { node, containerPort, protocol } = port;
        const nameNode = scalarOf(node.get('name'));
        const name = stringOf(nameNode);
        const data = { name: name ?? '', port: containerPort ?? 0 };
        if (name !== null && nameNode && !isVariable(name)) {
          if (!isPortName(name)) report(nameNode.range, 'name', data);
          else if (names.size === names.add(name).size) report(nameNode.range, 'repeated', data);
        }
        if (containerPort === null) continue;
        const { range } = node.get('containerPort')!;
        if (!isPortNumber(containerPort)) report(range, 'number', data);
        else if (
          isFinal(container.pod.object.document, node, 'protocol') &&
          numbers.size === numbers.add(`${containerPort}/${protocol}`).size
        )
          report(range, 'twice', data);
        else if (containerPort < 1024 && isBarred(container, port)) {
          const refused = isOtherUser(container);
          const open = kubernetesMinor >= 22 && container.pod.flavor === 'core' && container.pod.complete;
          const fix = open && refused && report.fix('open', () => openLowPorts(container.pod));
          report(range, refused ? 'refused' : 'low', data, fix);
        }
      }
    },
    service({ ports }, report) {
      for (const { port, node, targetPort } of ports) {
        if (port !== null && !isPortNumber(port)) report(node.get('port')!.range, 'number', { port });
        const target = targetPort && targetPort.value !== null ? numberOf(targetPort) : null;
        if (!targetPort || targetPort.value === null || isVariable(targetPort.source)) continue;
        // 0 is as good as unset
        if (target !== null ? target !== 0 && !isPortNumber(target) : !isPortName(targetPort.source))
          report(targetPort.range, target !== null ? 'number' : 'name', { port: target ?? 0, name: targetPort.source });
      }
    },
  },
});
