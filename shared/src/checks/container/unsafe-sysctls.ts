import type { ContainerOptions } from '../../container/types';
import { noFix, type Report } from '../../rule/define-rule';

/** What is a container's own (runc): the rest is its host's. */
const ipc = /^(?:kernel\.(?:msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced)|fs\.mqueue\.)/;
const routing = /^net\.ipv[46]\.conf\.[^.]{1,40}\.(?:route_localnet|accept_redirects|accept_source_route)$/;

/** `unsafe-sysctls` but for what is a family's own. */
export const unsafeSysctls = {
  title: 'Sysctl that the engine refuses',
  severity: 'warning',
  category: 'correctness',
  profile: 'recommended',
  references: { cwe: ['CWE-668'], links: ['https://docs.docker.com/reference/cli/docker/container/run/#sysctl'] },
  messages: {
    host: { text: '{name} is a setting of the whole host: the container does not start' },
    shared: { text: '{name} belongs to a namespace that the container shares with its host: it does not start' },
    routing: { text: '{name} lets packets take ways that the host does not expect', severity: 'info' },
  },
  on: {
    container(container: ContainerOptions, report: Report<'host' | 'shared' | 'routing', never>): void {
      for (const { value, range } of container.list('sysctls').items) {
        if (!value) continue;
        const { name } = value;
        const isNetwork = name.startsWith('net.');
        const isShared =
          (isNetwork && container.get('network')?.value === 'host') || (ipc.test(name) && container.get('ipc')?.value === 'host');
        // Podman hands over whatever the kernel takes
        if (!isNetwork && !ipc.test(name)) report(range, 'host', { name }, noFix('no-fix'));
        else if (isShared) report(range, 'shared', { name }, noFix('no-fix'));
        else if (routing.test(name) && value.value === '1') report(range, 'routing', { name }, noFix('no-fix'));
      }
    },
  },
} as const;
