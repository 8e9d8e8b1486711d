import { remedyOf } from '../../container/edits';
import { ownItems, ownSetting, type ContainerOptions } from '../../container/types';
import { findRuntimeSocket } from '../../../knowledge/host-paths';
import { noFix, weighs, type Report } from '../../define-rule';
import { hostMountsOf, socketIn } from './host-mounts';

/** What holds the socket so that nothing else has to, by what such programs are called. */
const proxies = /socket[-_]?proxy|docker[-_]?proxy/i;

const givesHost = 'Anyone who controls container "{container}" controls {runtime}, and therefore the host';

/** `runtime-socket` but for what is a family's own. */
export const runtimeSocket = {
  title: 'Container runtime socket mounted',
  severity: 'error',
  category: 'isolation',
  profile: 'baseline',
  references: {
    cisDocker: ['5.32'],
    nist800190: ['3.4.3', '4.4.3'],
    mitre: ['T1610', 'T1611'],
    cwe: ['CWE-250'],
    links: ['https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html'],
  },
  messages: {
    socket: { text: givesHost },
    'read-only': { text: `${givesHost}: a read-only mount does not help` },
    folder: { text: 'The folder contains the socket of {runtime}: anyone who controls container "{container}" controls the host' },
    api: { text: 'Container "{container}" gets the socket and the registry credentials of the container engine' },
    'not-a-mount': { text: 'Without a colon, this is an empty volume: nothing from the host is mounted', severity: 'hint' },
  },
  fixes: { remove: { title: "Remove the container engine's socket", class: 'attended' } },
  assumptions: { 'no-engine': 'Nothing in container "{container}" talks to the engine' },
  on: {
    container(container: ContainerOptions, report: Report<'socket' | 'read-only' | 'folder' | 'api' | 'not-a-mount', 'remove'>): void {
      for (const { mount, source } of hostMountsOf(container)) {
        const found = socketIn(source);
        if (!found) continue;
        const left = noFix('manual', 'switching to a socket proxy or a rootless engine is a design decision');
        const direct = mount.readOnly ? 'read-only' : 'socket';
        const isProxy = proxies.test(container.image?.text ?? container.name) || proxies.test(container.name);
        report(mount.sourceRange, found.direct ? direct : 'folder', { runtime: found.socket.runtime }, isProxy && weighs('info'), left);
      }
      for (const { value, range } of ownItems(container, 'mounts'))
        if (value.kind === 'anonymous' && value.target !== null && findRuntimeSocket(value.target)) report(range, 'not-a-mount');
      const api = ownSetting(container, 'apiSocket');
      if (!api?.value) return;
      report(api.range, 'api', {}, ...report.remedy('remove', remedyOf(container.edit.remove(api), { assumes: [{ id: 'no-engine' }] })));
    },
  },
} as const;
