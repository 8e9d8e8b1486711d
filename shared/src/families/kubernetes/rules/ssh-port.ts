import { isGitServer } from '../../../knowledge/published-ports';
import { parseImageReference } from '../../../syntax/image/reference';
import { readLabelMap } from '../../../workspace/selector';
import { defineRule } from '../../../rule/define-rule';
import { scalarOf } from '../../../syntax/yaml/values';

/** Whether an image is a server of Git: its SSH takes repositories, and gives no shell. */
function servesGit(image: string | null): boolean {
  const reference = image === null ? null : parseImageReference(image);
  return reference?.invalid === null && isGitServer(reference.repository);
}

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
    service: { text: '{object} leads to SSH in a container' },
  },
  on: {
    container(container, report) {
      // an image that is not known may be a server of Git
      const image = container.image?.text ?? null;
      if (image === null || servesGit(image)) return;
      for (const { containerPort, protocol, node } of container.ports)
        if (containerPort === 22 && protocol === 'TCP') report(node.get('containerPort')!.range, 'container');
    },
    service({ ports, spec, object }, report, { workspace }) {
      const selector = readLabelMap(object.document, spec.get('selector'));
      const { first } = workspace.selected(selector, object.namespace);
      if (selector.requirements.length > 0 && first?.containers.some(({ image }) => servesGit(image))) return;
      for (const { port, protocol, targetPort, node } of ports) {
        if (protocol !== 'TCP' || (targetPort ? targetPort.value !== 22 : port !== 22)) continue;
        report((targetPort ?? scalarOf(node.get('port'))!).range, 'service');
      }
    },
  },
});
