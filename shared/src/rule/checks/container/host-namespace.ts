import { remedyOf } from '../../container/edits';
import { ownSetting, type ContainerOptions } from '../../container/types';
import { weighs, type Report } from '../../define-rule';
import { watchesHost } from './watches-host';

const namespaces = ['network', 'pid', 'ipc', 'uts', 'userns', 'cgroup'] as const;

/** What people call them. */
const words = { network: 'network', pid: 'process', ipc: 'IPC', uts: 'UTS', userns: 'user', cgroup: 'control group' };

/** `host-namespace` but for what is a family's own. */
export const hostNamespace = {
  title: 'Host namespace shared',
  severity: 'error',
  category: 'isolation',
  profile: 'baseline',
  references: {
    cisDocker: ['5.10', '5.16', '5.17', '5.21', '5.25', '5.31'],
    nist800190: ['3.4.2', '3.4.3', '4.4.2', '4.4.3'],
    mitre: ['T1611'],
    cwe: ['CWE-653'],
  },
  messages: {
    network: {
      text: 'Container "{container}" shares the host network, including services that listen only on localhost',
      severity: 'warning',
    },
    pid: { text: 'Container "{container}" can see and signal the processes on the host' },
    ipc: { text: 'Container "{container}" can share memory with the processes on the host', severity: 'warning' },
    uts: { text: 'Container "{container}" shares the host\'s hostname, and can change it', severity: 'warning' },
    userns: {
      text: 'Root in container "{container}" is root on the host, even if the engine would otherwise keep them separate',
      severity: 'warning',
    },
    cgroup: { text: 'Container "{container}" can see the host\'s control groups', severity: 'warning' },
    shareable: { text: 'Other containers can join the IPC namespace of container "{container}"', severity: 'hint', profile: 'strict' },
    'cgroup-parent': {
      text: 'Container "{container}" runs under a control group whose limits are set elsewhere',
      severity: 'hint',
      profile: 'strict',
    },
  },
  fixes: { remove: { title: 'Stop sharing the {which} namespace', class: 'attended' } },
  assumptions: {
    'own-network': 'Container "{container}" does not need the host network; after the fix, the ports that it publishes take effect',
    'own-namespace': 'Container "{container}" works with its own namespace instead of the host\'s',
    'not-joined': 'No other container joins the IPC namespace of container "{container}"',
  },
  on: {
    container(container: ContainerOptions, report: Report<(typeof namespaces)[number] | 'shareable' | 'cgroup-parent', 'remove'>): void {
      for (const field of namespaces) {
        const setting = ownSetting(container, field);
        if (setting?.value !== 'host') continue;
        // it is what Podman does by itself
        if (field === 'userns' && container.runtime === 'podman') continue;
        // what is privileged reaches all control groups anyway, and with the host's processes every other namespace, as is said there
        if (
          container.get('privileged')?.value === true &&
          (field === 'cgroup' || (field !== 'pid' && container.get('pid')?.value === 'host'))
        )
          continue;
        const assumes = [{ id: field === 'network' ? 'own-network' : 'own-namespace' }];
        const which = `host ${words[field]}`;
        const remedy = report.remedy('remove', remedyOf(container.edit.remove(setting), { assumes }), { which });
        // on the host of a job little listens but what the job starts
        const isMild = field === 'pid' ? watchesHost(container) : field === 'network' && container.inJob === true;
        report(setting.range, field, {}, isMild && weighs('info'), ...remedy);
      }
      const ipc = ownSetting(container, 'ipc');
      if (ipc?.value === 'shareable') {
        const remedy = remedyOf(container.edit.remove(ipc), { assumes: [{ id: 'not-joined' }] });
        report(ipc.range, 'shareable', {}, ...report.remedy('remove', remedy, { which: 'shareable IPC' }));
      }
      const parent = ownSetting(container, 'cgroupParent');
      if (parent && parent.value !== '') report(parent.range, 'cgroup-parent');
    },
  },
} as const;
