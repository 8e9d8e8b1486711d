import { remedyOf } from '../../container/edits';
import type { ContainerOptions } from '../../container/types';
import type { Report } from '../../rule/define-rule';

const namespaces = ['network', 'pid', 'ipc', 'uts', 'userns', 'cgroup'] as const;

/** `host-namespace` but for what is a family's own. */
export const hostNamespace = {
  title: 'Host namespace shared',
  severity: 'error',
  category: 'isolation',
  profile: 'baseline',
  references: {
    cisDocker: ['5.10', '5.16', '5.17', '5.21', '5.25', '5.31'],
    nist800190: ['3.4.3', '4.4.3'],
    mitre: ['T1611'],
    cwe: ['CWE-653'],
  },
  messages: {
    network: { text: 'Container "{container}" uses the network of its host, and reaches what listens there on localhost' },
    pid: { text: 'Container "{container}" sees and signals the processes of its host' },
    ipc: { text: 'Container "{container}" shares the memory of programs on its host' },
    uts: { text: 'Container "{container}" can rename its host', severity: 'warning' },
    userns: { text: 'Container "{container}" is left out of the mapping of users', severity: 'warning' },
    cgroup: { text: 'Container "{container}" sees the cgroups of its host', severity: 'warning' },
    shareable: { text: 'Other containers may join the memory of container "{container}"', severity: 'hint', profile: 'strict' },
    'cgroup-parent': {
      text: 'Container "{container}" is put below a cgroup whose limits are set elsewhere',
      severity: 'hint',
      profile: 'strict',
    },
  },
  fixes: { remove: { title: 'Give the container a namespace of its own', class: 'attended' } },
  assumptions: {
    'own-network': 'Container "{container}" needs nothing of the network of its host; ports that it publishes take effect then',
    'own-namespace': 'Nothing in container "{container}" works on its host',
  },
  on: {
    container(container: ContainerOptions, report: Report<(typeof namespaces)[number] | 'shareable' | 'cgroup-parent', 'remove'>): void {
      for (const field of namespaces) {
        const setting = container.get(field);
        if (setting?.value !== 'host') continue;
        // it is what Podman does by itself
        if (field === 'userns' && container.runtime === 'podman') continue;
        const assumes = [{ id: field === 'network' ? 'own-network' : 'own-namespace' }];
        report(setting.range, field, {}, ...report.remedy('remove', remedyOf(container.edit.remove(setting), { assumes })));
      }
      const ipc = container.get('ipc');
      if (ipc?.value === 'shareable') report(ipc.range, 'shareable');
      const parent = container.get('cgroupParent');
      if (parent?.value) report(parent.range, 'cgroup-parent');
    },
  },
} as const;
