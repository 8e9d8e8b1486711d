import { remedyOf } from '../../container/edits';
import { ownItems, type ContainerOptions } from '../../container/types';
import { findCapability } from '../../../knowledge/capabilities';
import { weighs, type Report } from '../../define-rule';

type MessageId = 'all' | 'dangerous' | 'expected' | 'unknown' | 'extra' | 'redundant';

/** Capabilities with which a process takes over the host, or its network. */
const dangerous: ReadonlySet<string> = new Set(
  'SYS_ADMIN SYS_MODULE SYS_PTRACE SYS_RAWIO SYS_BOOT SYS_TIME DAC_READ_SEARCH NET_ADMIN BPF PERFMON MAC_ADMIN MAC_OVERRIDE SYSLOG'.split(
    ' ',
  ),
);

/** Images whose work is that of a network's host. */
const networkImages = /(?:wireguard|openvpn|tailscale|headscale|gluetun|pihole|zerotier|vpn|dhcp|firewall|nebula|strongswan|keepalived)/i;

/** Capabilities over what a namespace holds, by the option that may share the host's. */
const namespaces: ReadonlyMap<string, 'network' | 'pid'> = new Map([
  ['NET_ADMIN', 'network'],
  ['SYS_PTRACE', 'pid'],
]);

/** Whether a capability reaches nothing but what is surely the container's own. */
function isConfined(container: ContainerOptions, capability: string): boolean {
  const field = namespaces.get(capability);
  if (field === undefined) return false;
  const setting = container.get(field);
  return setting ? setting.value !== null && !/^(?:host$|container:|service:)/.test(setting.value) : container.lacks(field);
}

/** What is to be said of a capability; `null`: nothing. */
function messageOf(container: ContainerOptions, capability: string): MessageId | null {
  if (capability === 'ALL') return 'all';
  const known = findCapability(capability);
  if (known === null) return 'unknown';
  const drops = container.list('capDrop');
  if (known.dockerDefault) return drops.items.length > 0 || drops.open ? null : 'redundant';
  if (capability === 'NET_ADMIN' && networkImages.test(container.image?.text ?? container.name)) return 'expected';
  return dangerous.has(capability) ? 'dangerous' : 'extra';
}

/** `added-capabilities` but for what is a family's own. */
export const addedCapabilities = {
  title: 'Dangerous capabilities added',
  severity: 'error',
  category: 'privilege',
  profile: 'baseline',
  references: {
    cisDocker: ['5.4'],
    nist800190: ['3.4.3', '4.4.3'],
    mitre: ['T1611'],
    cwe: ['CWE-250'],
    links: ['https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html'],
  },
  messages: {
    all: { text: 'Container "{container}" gets every capability: it can do everything that root can' },
    dangerous: { text: '{capability} is a dangerous capability: {risk}' },
    expected: { text: '{capability} allows network configuration, which images of this kind need', severity: 'info' },
    unknown: { text: 'The Linux kernel has no capability named {capability}', severity: 'warning' },
    extra: { text: 'The engine does not grant {capability} by default: {risk}', severity: 'warning', profile: 'restricted' },
    redundant: {
      text: 'The engine grants {capability} anyway, as long as no capabilities are dropped',
      severity: 'hint',
      profile: 'strict',
    },
  },
  fixes: {
    remove: { title: 'Remove the added capability {capability}', class: 'attended' },
    redundant: { title: 'Remove the redundant capability {capability}', class: 'review' },
  },
  assumptions: { 'works-without': 'Container "{container}" works without {capability}' },
  on: {
    container(container: ContainerOptions, report: Report<MessageId, 'remove' | 'redundant'>): void {
      if (container.get('privileged')?.value === true) return;
      for (const item of ownItems(container, 'capAdd')) {
        const { value: capability, range } = item;
        const messageId = capability === '' ? null : messageOf(container, capability);
        if (messageId === null) continue;
        const risk = findCapability(capability)?.risk;
        const edit = container.edit.remove(item);
        const remedy =
          messageId === 'redundant'
            ? report.remedy('redundant', remedyOf(edit), { capability })
            : report.remedy('remove', remedyOf(edit, { assumes: [{ id: 'works-without', data: { capability } }] }), { capability });
        const confined = messageId === 'dangerous' && isConfined(container, capability);
        report(range, messageId, { capability, ...(risk !== undefined && { risk }) }, confined && weighs('warning'), ...remedy);
      }
    },
  },
} as const;
