import { ownItems, type ContainerOptions } from '../../container/types';
import { noFix, type Report } from '../../define-rule';

/** What belongs to the IPC namespace (docker/cli, opts.ValidateSysctl; runc, validate.sysctl); beside `net.*` the rest is the host's. */
const ipc = /^(?:kernel\.(?:msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced)$|fs\.mqueue\.)/;
const routing = /^net\.ipv[46]\.conf\.[^.]{1,40}\.(?:route_localnet|accept_redirects|accept_source_route|send_redirects)$/;

/** `unsafe-sysctls` but for what is a family's own. */
export const unsafeSysctls = {
  title: 'Sysctl that the engine rejects',
  severity: 'warning',
  category: 'correctness',
  profile: 'recommended',
  references: {
    nist800190: ['3.4.3', '4.4.3'],
    cwe: ['CWE-668'],
    links: ['https://docs.docker.com/reference/cli/docker/container/run/#sysctl'],
  },
  messages: {
    host: { text: '{name} applies to the whole host: the container does not start' },
    shared: { text: '{name} belongs to a namespace shared with the host: the container does not start' },
    routing: { text: '{name} lets others change how packets are routed', severity: 'info' },
  },
  on: {
    container(container: ContainerOptions, report: Report<'host' | 'shared' | 'routing', never>): void {
      for (const { value, range } of ownItems(container, 'sysctls')) {
        const { name } = value;
        const isNetwork = name.startsWith('net.');
        const namespace = isNetwork ? 'network' : ipc.test(name) ? 'ipc' : null;
        const messageId =
          namespace === null
            ? 'host'
            : container.get(namespace)?.value === 'host'
              ? 'shared'
              : routing.test(name) && value.value !== null && value.value !== '0'
                ? 'routing'
                : null;
        if (messageId) report(range, messageId, { name }, noFix('no-fix'));
      }
    },
  },
} as const;
