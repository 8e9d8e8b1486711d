import { mayChange, mayGain } from '../../../syntax/yaml/certainty';
import { setValue } from '../../../syntax/yaml/operations';
import { defineRule } from '../../../rule/define-rule';
import { findRuntimeSocket } from '../../../knowledge/host-paths';
import { hostPathOf } from '../model/on-node';
import { containerName, shown } from '../model/names';
import { reportRangeOf } from '../../../syntax/yaml/values';
import { usesOf } from '../model/volumes';

export const rule = defineRule({
  id: 'kubernetes/host-path-writable',
  title: 'Host path mounted as writable',
  severity: 'info',
  category: 'isolation',
  profile: 'baseline',
  references: {
    cisKubernetes: ['5.2.11'],
    nist800190: ['3.5.5', '4.5.5'],
    nsaCisa: ['1.1'],
    mitre: ['T1611'],
    cwe: ['CWE-732'],
  },
  peers: {
    'kube-linter': ['writable-host-mount'],
    kubescape: ['C-0045'],
    kics: ['volume_mount_with_os_directory_write_permissions'],
    'kyverno-policies': ['ensure-readonly-hostpath'],
    cnspec: ['hostpath-readonly'],
  },
  messages: { writable: { text: 'Container "{container}" can write to {path} on its node' } },
  fixes: { 'read-only': { title: 'Mount {path} read-only', class: 'attended' } },
  assumptions: { 'only-reads': 'Container "{container}" only reads from {path}' },
  on: {
    pod(pod, report) {
      for (const volume of pod.volumes) {
        const path = hostPathOf(volume);
        // through the socket of a runtime a container writes whatever the mount says: runtime-socket reports it
        if (path === null || findRuntimeSocket(path)) continue;
        for (const { container, mount } of usesOf(volume)) {
          if (mount.readOnly || mount.volume === null) continue;
          // names that templates fill in are not known to be the same
          if (mayChange(mount.node.get('name')) || mayChange(mount.node.get('readOnly')) || mayGain(pod.object.document, mount.node))
            continue;
          const data = { container: containerName(container), path: shown(path) };
          const fix = report.fix('read-only', () => [setValue([...mount.path, 'readOnly'], true)], {
            data: { path: data.path },
            assumes: [{ id: 'only-reads', data }],
          });
          report(reportRangeOf(mount.node), 'writable', data, fix);
        }
      }
    },
  },
});
