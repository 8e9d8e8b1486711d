import { remedyOf } from '../../../container/edits';
import type { ContainerOptions, ScalarField, Setting } from '../../../container/types';
import type { Report } from '../../../rule/define-rule';

type MessageId = 'network' | 'pid' | 'ipc' | 'uts' | 'userns' | 'cgroup' | 'shareable' | 'cgroup-parent';

const fields: readonly (readonly [ScalarField & MessageId, 'host'])[] = [
  ['network', 'host'],
  ['pid', 'host'],
  ['ipc', 'host'],
  ['uts', 'host'],
  ['userns', 'host'],
  ['cgroup', 'host'],
];

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
    network: { text: 'Container "{container}" has the network of the host: all its ports, and services that listen on it alone' },
    pid: { text: 'Container "{container}" sees and signals the processes of the host' },
    ipc: { text: 'Container "{container}" shares memory with the processes of the host' },
    uts: { text: 'Container "{container}" has the host name of the host, and may change it', severity: 'warning' },
    userns: { text: 'Root in "{container}" is root of the host, where the engine keeps them apart', severity: 'warning' },
    cgroup: { text: 'Container "{container}" sees the control groups of the host', severity: 'warning' },
    shareable: { text: 'Other containers may join the IPC namespace of "{container}"', severity: 'hint', profile: 'strict' },
    'cgroup-parent': { text: 'The limits of "{container}" are those of another control group, too', severity: 'hint', profile: 'strict' },
  },
  fixes: { remove: { title: 'Give it a namespace of its own', class: 'attended' } },
  assumptions: { 'own-namespace': 'It works without the namespace of the host' },
  on: {
    container(container: ContainerOptions, report: Report<MessageId, 'remove'>): void {
      const found = (setting: Setting<unknown> | null, messageId: MessageId): void => {
        if (!setting || setting.inherited) return;
        report(
          setting.range,
          messageId,
          {},
          ...report.remedy('remove', remedyOf(container.edit.remove(setting), { assumes: [{ id: 'own-namespace' }] })),
        );
      };
      for (const [field, host] of fields) {
        const setting = container.get(field);
        // Podman's default for users
        if (setting?.value === host && !(field === 'userns' && container.runtime === 'podman')) found(setting, field);
      }
      const ipc = container.get('ipc');
      if (ipc?.value === 'shareable') found(ipc, 'shareable');
      const parent = container.get('cgroupParent');
      if (parent && !parent.inherited) report(parent.range, 'cgroup-parent', {});
    },
  },
} as const;
