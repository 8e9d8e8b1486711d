import { remedyOf } from '../../container/edits';
import type { ContainerOptions } from '../../container/types';
import { findRuntimeSocket } from '../../knowledge/host-paths';
import { noFix, type Report } from '../../rule/define-rule';
import { hostMountOf, socketIn } from './host-mounts';

/** `runtime-socket` but for what is a family's own. */
export const runtimeSocket = {
  title: 'Container runtime socket mounted',
  severity: 'error',
  category: 'isolation',
  profile: 'baseline',
  references: { cisDocker: ['5.32'], nist800190: ['3.4.3', '4.4.3'], mitre: ['T1611', 'T1610'], cwe: ['CWE-250'] },
  messages: {
    socket: { text: 'Whoever controls container "{container}" controls {runtime}, and so the host: ":ro" is no help' },
    folder: { text: 'The folder holds the socket of {runtime}: whoever controls container "{container}" controls the host' },
    api: { text: 'Container "{container}" gets the socket of the engine and the passwords of registries' },
    'not-a-mount': { text: 'Without a colon this is an empty volume: nothing of the host is mounted', severity: 'hint' },
  },
  fixes: { remove: { title: 'Do not hand over the socket of the engine', class: 'attended' } },
  assumptions: { 'no-engine': 'Nothing in container "{container}" talks to the engine' },
  on: {
    container(container: ContainerOptions, report: Report<'socket' | 'folder' | 'api' | 'not-a-mount', 'remove'>): void {
      for (const item of container.list('mounts').items) {
        const { value } = item;
        if (value?.kind === 'anonymous' && value.target !== null && findRuntimeSocket(value.target)) report(item.range, 'not-a-mount');
        const host = hostMountOf(item);
        const found = host && socketIn(host.source);
        if (!host || !found) continue;
        report(
          host.mount.sourceRange,
          found.direct ? 'socket' : 'folder',
          { runtime: found.socket.runtime },
          noFix('manual', 'a proxy of the socket is a design of its own'),
        );
      }
      const api = container.get('apiSocket');
      if (api?.value === true)
        report(api.range, 'api', {}, ...report.remedy('remove', remedyOf(container.edit.remove(api), { assumes: [{ id: 'no-engine' }] })));
    },
  },
} as const;
