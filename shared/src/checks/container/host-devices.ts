import type { ContainerOptions } from '../../container/types';
import { noFix, type Report } from '../../rule/define-rule';
import { hostMountOf } from './host-mounts';

const raw = /^\/dev\/(?:mem|kmem|port|sd[a-z]|hd[a-z]|vd[a-z]|xvd[a-z]|nvme\d|dm-|mapper\/|loop|md\d|mmcblk|disk\/)/;
const mild =
  /^\/dev\/(?:snd|dri|video|tty|ttyUSB|ttyACM|null|zero|full|random|urandom|input|gpiomem|vchiq|i2c|spidev|nvidia|kfd|serial|rtc|hidraw)/;

/** How much a device gives away. */
function tierOf(device: string): 'raw' | 'device' | 'mild' {
  return raw.test(device) ? 'raw' : mild.test(device) ? 'mild' : 'device';
}

/** `host-devices` but for what is a family's own. */
export const hostDevices = {
  title: 'Host devices given to a container',
  severity: 'warning',
  category: 'isolation',
  profile: 'baseline',
  references: { cisDocker: ['5.18'], nist800190: ['3.4.3', '4.4.3'], mitre: ['T1611'], cwe: ['CWE-668'] },
  messages: {
    raw: { text: '{device} gives container "{container}" the memory or the disks of its host', severity: 'error' },
    device: { text: 'Container "{container}" gets the device {device} of its host' },
    mild: { text: 'Container "{container}" gets the device {device} of its host', severity: 'hint', profile: 'strict' },
    folder: { text: 'Container "{container}" gets every device of its host', severity: 'error' },
    'all-rule': { text: 'The rule allows container "{container}" to use every device', severity: 'error' },
    rule: { text: 'The rule allows container "{container}" to use devices that it is not given' },
  },
  on: {
    container(container: ContainerOptions, report: Report<'raw' | 'device' | 'mild' | 'folder' | 'all-rule' | 'rule', never>): void {
      const left = noFix('manual', 'what the container is for decides');
      for (const { value, range } of container.list('devices').items) {
        const device = value?.source;
        if (device?.startsWith('/')) report(range, tierOf(device), { device }, left);
      }
      for (const item of container.list('mounts').items) {
        const host = hostMountOf(item);
        if (!host?.source.startsWith('/dev')) continue;
        const { source, mount } = host;
        if (/^\/dev\/*$/.test(source)) report(mount.sourceRange, 'folder', {}, left);
        else if (source.startsWith('/dev/') && !/^\/dev\/(?:shm|log|disk\/by-)/.test(source))
          report(mount.sourceRange, tierOf(source), { device: source }, left);
      }
      for (const { value, range } of container.list('deviceRules').items) {
        if (value === null) continue;
        const isAll = /^a |\*:\*/.test(value) && /[wm]/.test(value.split(' ')[2] ?? '');
        report(range, isAll ? 'all-rule' : 'rule', {}, left);
      }
    },
  },
} as const;
