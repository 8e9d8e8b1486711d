import { ownItems, type ContainerOptions } from '../../container/types';
import { noFix, weighs, type Report } from '../../define-rule';

/** Memory, ports and disks: past every file and every process. */
const raw = /^\/dev\/(?:mem|kmem|port|sd[a-z]|hd[a-z]|vd[a-z]|xvd[a-z]|nvme\d|dm-|mapper(?:\/|$)|loop|md\d|mmcblk|disk(?:\/|$))/;
/** `net/tun` makes interfaces for who has NET_ADMIN alone, of which another rule speaks (Linux, networking/tuntap). */
const mild =
  /^\/dev\/(?:snd|dri|video|dvb|tty|ttyUSB|ttyACM|ttyS|usb\/hid|null|zero|full|random|urandom|input|gpiomem|vchiq|i2c|spidev|nvidia|kfd|serial|rtc|hidraw|cec|net\/ppp|net\/tun$|rfkill|apex)/;

/**
 * Programs that read how disks fare, from the disks themselves, and get each as a device by their own documentation (README.md of AnalogJ/scrutiny and of
 * prometheus-community/smartctl_exporter).
 */
const ofDisks = /(?:scrutiny|smartctl[-_]exporter|smartmontools|smartd)(?![a-z])/i;

/** Whether a device is the memory or a disk of the machine, or all devices. */
export function isRawDevice(device: string): boolean {
  const tier = tierOf(device);
  return tier === 'raw' || tier === 'folder';
}

/** How much a device of the host gives away. */
function tierOf(device: string): 'folder' | 'raw' | 'device' | 'mild' {
  if (/^\/dev\/*$/.test(device)) return 'folder';
  return raw.test(device) ? 'raw' : mild.test(device) ? 'mild' : 'device';
}

/** `host-devices` but for what is a family's own. */
export const hostDevices = {
  title: 'Host devices passed to a container',
  severity: 'warning',
  category: 'isolation',
  profile: 'baseline',
  references: { cisDocker: ['5.18'], nist800190: ['3.4.3', '4.4.3'], mitre: ['T1611'], cwe: ['CWE-668'] },
  messages: {
    folder: { text: 'Container "{container}" gets access to every device on the host', severity: 'error' },
    raw: { text: '{device} gives container "{container}" raw access to the host\'s memory or disks', severity: 'error' },
    device: { text: 'Container "{container}" gets access to device {device} on the host' },
    mild: { text: 'Container "{container}" gets access to device {device} on the host', severity: 'hint', profile: 'strict' },
    'all-rule': {
      text: 'This device rule lets container "{container}" create device nodes for every device on the host and use the devices',
      severity: 'error',
    },
    rule: { text: 'This device rule lets container "{container}" use devices that are not passed to it' },
  },
  on: {
    container(container: ContainerOptions, report: Report<'folder' | 'raw' | 'device' | 'mild' | 'all-rule' | 'rule', never>): void {
      // it has all of them, as is said there
      if (container.get('privileged')?.value === true) return;
      const left = noFix('manual', 'the decision depends on what the container is for');
      // a name of the Container Device Interface is no path
      for (const { value, range } of ownItems(container, 'devices')) {
        const device = value.source;
        if (!device?.startsWith('/')) continue;
        const tier = tierOf(device);
        const isOfDisks = tier === 'raw' && !/mem$|port$/.test(device) && ofDisks.test(container.image?.text ?? container.name);
        report(range, tier, { device }, isOfDisks && weighs('warning'), left);
      }
      // the kernel opens no device that is only mounted, unless a rule allows it
      const mounts = container.list('deviceRules').items.length > 0 ? ownItems(container, 'mounts') : [];
      for (const { value: mount } of mounts) {
        const device = mount.kind === 'bind' ? mount.source : null;
        if (device !== null && /^\/dev(?:\/|$)(?!shm|log|disk\/by-)/.test(device))
          report(mount.sourceRange, tierOf(device), { device }, left);
      }
      for (const { value: rule, range } of ownItems(container, 'deviceRules')) {
        const isAll = /^a(?:\s|$)|\*:\*\s+\w*[wm]/.test(rule);
        report(range, isAll ? 'all-rule' : 'rule', {}, left);
      }
    },
  },
} as const;
