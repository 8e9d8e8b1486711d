import type { ContainerOptions } from '../../../container/types';
import { noFix, type Report } from '../../../rule/define-rule';

type Tier = 'dangerous' | 'device' | 'ordinary';

const raw =
  /^\/dev\/(?:mem|kmem|port|sd[a-z]\w*|hd[a-z]\w*|vd[a-z]\w*|xvd[a-z]\w*|nvme\w*|dm-\d+|mapper(?:\/.*)?|loop\w*|mmcblk\w*|disk(?:\/.*)?)?$/;
const ordinary =
  /^\/dev\/(?:snd|dri|video|tty|ttyUSB|ttyACM|ttyS|serial|usb\/hid|input|cec|vchiq|net\/ppp|nvidia|rfkill|apex|null|zero|urandom|random)/;

function tierOf(source: string): Tier {
  if (!source.startsWith('/')) return 'ordinary';
  if (raw.test(source)) return 'dangerous';
  return ordinary.test(source) ? 'ordinary' : 'device';
}

/** `host-devices` but for what is a family's own. */
export const hostDevices = {
  title: 'Host devices given to a container',
  severity: 'warning',
  category: 'isolation',
  profile: 'baseline',
  references: { cisDocker: ['5.18'], nist800190: ['3.4.3', '4.4.3'], mitre: ['T1611'], cwe: ['CWE-668'] },
  messages: {
    dangerous: { text: 'Container "{container}" reads and writes {device} of the host past all files', severity: 'error' },
    device: { text: 'Container "{container}" uses {device} of the host' },
    ordinary: { text: 'Container "{container}" uses {device} of the host', severity: 'hint', profile: 'strict' },
    rule: { text: 'Container "{container}" may make and use devices of the host: {rule}' },
    all: { text: 'Container "{container}" may make and use every device of the host', severity: 'error' },
  },
  fixes: {},
  on: {
    container(container: ContainerOptions, report: Report<Tier | 'rule' | 'all', never>): void {
      for (const { value, range, inherited } of container.list('devices').items) {
        if (value?.source && !inherited) report(range, tierOf(value.source), { device: value.source }, noFix('no-fix'));
      }
      for (const { value: mount, inherited } of container.list('mounts').items) {
        if (mount?.kind !== 'bind' || inherited || !/^\/dev(?:\/|$)/.test(mount.source ?? '') || /^\/dev\/(?:shm|log)/.test(mount.source!))
          continue;
        report(mount.sourceRange, tierOf(mount.source!), { device: mount.source! }, noFix('no-fix'));
      }
      for (const { value: rule, range, inherited } of container.list('deviceRules').items) {
        if (rule === null || inherited) continue;
        const isAll = /^a(?:\s|$)|\*:\*\s+\w*[wm]/.test(rule);
        report(range, isAll ? 'all' : 'rule', { rule }, noFix('no-fix'));
      }
    },
  },
} as const;

/** Names that belong to a namespace of the container (docker/cli and runc). */
const namespaced = /^(?:kernel\.(?:msg\w*|sem|shm\w*)|fs\.mqueue\.[\w.]*|net\..*)$/;
const routing = /^net\.ipv[46]\.conf\.[\w-]+\.(?:route_localnet|accept_redirects|accept_source_route|send_redirects)$/;

/** `unsafe-sysctls` but for what is a family's own. */
export const unsafeSysctls = {
  title: 'Sysctl that the engine refuses',
  severity: 'warning',
  category: 'correctness',
  profile: 'recommended',
  references: { nist800190: ['3.4.3', '4.4.3'], links: ['https://docs.docker.com/reference/cli/docker/container/run/#sysctl'] },
  messages: {
    refused: { text: '{name} belongs to the whole host: the engine does not start the container' },
    namespace: { text: '{name} belongs to the host here: the engine does not start the container' },
    routing: { text: '{name} lets others change how packets go', severity: 'info' },
  },
  fixes: {},
  on: {
    container(container: ContainerOptions, report: Report<'refused' | 'namespace' | 'routing', never>): void {
      const onHost = { net: container.get('network')?.value === 'host', ipc: container.get('ipc')?.value === 'host' };
      for (const { value: pair, range, inherited } of container.list('sysctls').items) {
        if (!pair || inherited) continue;
        const { name, value } = pair;
        const isNet = name.startsWith('net.');
        if (!namespaced.test(name)) report(range, 'refused', { name }, noFix('no-fix'));
        else if (isNet ? onHost.net : onHost.ipc) report(range, 'namespace', { name }, noFix('no-fix'));
        else if (routing.test(name) && value !== null && value !== '0') report(range, 'routing', { name });
      }
    },
  },
} as const;
