import { removeNode, type YamlOperation } from '../../../syntax/yaml/operations';
import { defineRule } from '../../../rule/define-rule';
import { imageUser } from '../../../evidence/known-image';
import type { KnownImage } from '../../../evidence/service';
import { knownImage } from '../fix/image';
import { hasPodLevel } from '../fix/settings';
import { openLowPorts } from '../fix/user';
import { capabilities, runAsNonRoot, runAsUser } from '../model/security';
import type { ContainerView } from '../model/types';

/** Whether the container runs as another user than root, as manifest or image say. */
function isNonRoot(container: ContainerView, known: KnownImage | null): boolean {
  const user = runAsUser(container)?.value;
  if (user !== undefined && user !== null) return user !== 0;
  return runAsNonRoot(container)?.value === true || !!(known && imageUser(known)?.uid);
}

export const rule = defineRule({
  id: 'kubernetes/ineffective-capability',
  title: 'NET_BIND_SERVICE has no effect',
  severity: 'hint',
  category: 'privilege',
  profile: 'strict',
  references: { cisKubernetes: ['5.2.9'], nist800190: ['3.4.3', '4.4.3'], cwe: ['CWE-250'] },
  messages: {
    'no-root': { text: 'Container "{container}" is not root, and no program in {image} has NET_BIND_SERVICE' },
    ports: { text: 'Container "{container}" runs as a non-root user and listens on {port}: NET_BIND_SERVICE has no effect' },
  },
  fixes: { remove: { title: 'capabilities.add: remove NET_BIND_SERVICE', class: 'review' } },
  assumptions: {
    'no-file-capability': 'The program of container "{container}" has no file capability that it needs to start',
  },
  on: {
    container(container, report, context) {
      const { kubernetesMinor } = context;
      if (!container.securityContext?.get('capabilities')) return;
      const found = capabilities(container, 'add').items.find(({ name }) => name === 'NET_BIND_SERVICE');
      if (!found) return;
      const image = knownImage(container, context);
      // a Dockerfile that may build another image says nothing of this one
      const sure = image?.stage && image.likeness !== null ? null : image;
      if (!isNonRoot(container, sure)) return;
      const profile = sure?.profile ?? null;
      // a program that carries the capability does not start where it is not in the bounding set
      if (profile?.fileCapabilities.includes('NET_BIND_SERVICE')) return;
      const ports = container.ports.map(({ containerPort }) => containerPort ?? 0);
      const high = ports.length > 0 && ports.every(port => port > 1023);
      const known = profile?.kind === 'server';
      if (!known && !high) return;
      const data = {};
      // what the capability was meant for is done by a sysctl
      const opens = !high && kubernetesMinor >= 22 && hasPodLevel(container.pod);
      const operations = (): YamlOperation[] => [removeNode(found.path, true), ...(opens ? openLowPorts(container.pod) : [])];
      const fix = report.fix('remove', operations, known ? {} : { class: 'attended', assumes: [{ id: 'no-file-capability', data }] });
      if (high) report(found.node.range, 'ports', { ...data, port: ports[0]! }, fix);
      else report(found.node.range, 'no-root', { ...data, image: profile!.name }, fix);
    },
  },
});
