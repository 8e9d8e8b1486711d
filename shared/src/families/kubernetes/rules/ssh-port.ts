import { isGitServer } from '../../../knowledge/published-ports';
import { defineRule } from '../../../rule/define-rule';
import { scalarOf } from '../../../syntax/yaml/values';

export const rule = defineRule({
  id: 'kubernetes/ssh-port',
  title: 'SSH in a container',
  severity: 'warning',
  category: 'network',
  profile: 'recommended',
  references: { cisDocker: ['5.7'], nist800190: ['3.4.3', '4.4.3'], mitre: ['T1133'], cwe: ['CWE-749'] },
  peers: {
    'kube-linter': ['ssh-port'],
    kubescape: ['C-0042'],
  },
  messages: {
    container: { text: 'Container "{container}" accepts SSH logins, bypassing kubectl and its audit log' },
    service: { text: '{object} exposes SSH in a container' },
  },
  on: {
    container(container, report) {
      const reference = container.image?.reference;
      if (reference?.invalid === null && isGitServer(reference.repository)) return;
      for (const { containerPort, protocol, node } of container.ports)
        if (containerPort === 22 && protocol === 'TCP') report(node.get('containerPort')!.range, 'container');
    },
    service({ ports }, report) {
      for (const { port, protocol, targetPort, node } of ports) {
        if (protocol !== 'TCP' || (targetPort ? targetPort.value !== 22 : port !== 22)) continue;
        report((targetPort ?? scalarOf(node.get('port'))!).range, 'service');
      }
    },
  },
});
