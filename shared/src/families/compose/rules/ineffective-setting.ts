import { defineRule } from '../../../rule/define-rule';
import { removeNode } from '../../../syntax/yaml/operations';
import { rawText } from '../model/items';
import { isNull, textOf, type Value } from '../model/value';

/** What `docker stack deploy` reads over (docker/cli, cli/compose/types: UnsupportedProperties, and what its schema lacks). */
const notInSwarm = [
  'privileged',
  'security_opt',
  'devices',
  'restart',
  'network_mode',
  'userns_mode',
  'cgroup_parent',
  'mem_limit',
  'memswap_limit',
  'cpus',
  'cpu_shares',
  'ipc',
  'pid',
  'links',
  'build',
  'shm_size',
];

export const rule = defineRule({
  id: 'compose/ineffective-setting',
  title: 'Setting that has no effect',
  severity: 'info',
  category: 'correctness',
  profile: 'recommended',
  references: { links: ['https://docs.docker.com/engine/network/drivers/host/'] },
  messages: {
    ports: { text: 'On the host network, nothing is published: these ports are discarded' },
    privileged: { text: '"{setting}" has no effect on a privileged container' },
    swarm: { text: '"docker stack deploy" ignores "{setting}"' },
  },
  fixes: { remove: { title: 'Remove the ports that have no effect', class: 'review' } },
  assumptions: { 'host-network-stays': 'The service remains on the host network' },
  on: {
    container(service, report) {
      // which of two settings a template prints is not seen
      if (service.compose.document.templated) return;
      const users = service.users ?? [service];
      const own = (name: string) => {
        const entry = service.value.entries.get(name);
        return entry && !service.isInherited(entry.value) ? entry : null;
      };
      const ports = own('ports');
      const isHost = (mode: Value | undefined): boolean => textOf(mode) === 'host' && !rawText(mode!).includes('$');
      if (ports?.key && !isNull(ports.value) && users.every(user => isHost(user.at('network_mode')))) {
        const fix = report.fix('remove', () => [removeNode([...service.path, 'ports'])], { assumes: [{ id: 'host-network-stays' }] });
        report(ports.key.range, 'ports', {}, fix);
      }
      const isPrivileged = users.every(user => user.get('privileged')?.value === true);
      for (const setting of isPrivileged ? ['cap_drop', 'cap_add'] : []) {
        const entry = own(setting);
        if (entry?.key) report(entry.key.range, 'privileged', { setting });
      }
      for (const setting of service.compose.swarm ? notInSwarm : []) {
        const entry = own(setting);
        if (entry?.key) report(entry.key.range, 'swarm', { setting });
      }
    },
  },
});
