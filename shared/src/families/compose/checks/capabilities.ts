import { joined, remedyOf } from '../../../container/edits';
import type { ContainerOptions, Edit } from '../../../container/types';
import { findCapability, isDangerousCapability } from '../../../knowledge/capabilities';
import { noFix, type Report, type RuleContext } from '../../../rule/define-rule';
import { containerGroup, runningImage, runningUser, runsOnWindows } from './running';

const links = ['https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html'];

/** `capabilities-not-dropped` but for what is a family's own. */
export const capabilitiesNotDropped = {
  title: 'Capabilities not dropped',
  severity: 'warning',
  category: 'privilege',
  profile: 'restricted',
  references: { cisDocker: ['5.4'], nist800190: ['3.4.3', '4.4.3'], cwe: ['CWE-250'], links },
  messages: {
    missing: { text: 'Container "{container}" keeps the default capabilities of the engine' },
    partial: { text: 'Container "{container}" drops some capabilities, and keeps the rest' },
  },
  fixes: { drop: { title: 'Drop all capabilities', class: 'review' } },
  assumptions: {
    'no-capabilities': 'It does not change users or owners of files when it starts',
    'root-capabilities': 'Its entry point needs {capabilities} and no more',
  },
  on: {
    container(container: ContainerOptions, report: Report<'missing' | 'partial', 'drop'>, context: RuleContext): void {
      if (container.get('privileged')?.value === true || runsOnWindows(container, context)) return;
      const { items, open } = container.list('capDrop');
      if (open || items.some(({ value }) => value === 'ALL' || value === null)) return;
      if (container.list('capAdd').items.some(({ value }) => value === 'ALL')) return;
      const own = items.filter(({ inherited }) => !inherited);
      if (items.length > 0 ? own.length === 0 : !container.lacks('capDrop')) return;
      const messageId = items.length > 0 ? 'partial' : 'missing';
      const range = own[0]?.range ?? container.reportRange;
      report(range, messageId, {}, ...dropRemedy(container, report, context));
    },
  },
} as const;

function dropRemedy(container: ContainerOptions, report: Report<'missing' | 'partial', 'drop'>, context: RuleContext) {
  const user = runningUser(container, context);
  const { profile } = runningImage(container, context);
  if (user.kind === 'root' && user.capabilities === null) return [noFix('needs-root', user.why)];
  const has = new Set(container.list('capAdd').items.map(({ value }) => value));
  const needed = (user.kind === 'root' ? (user.capabilities ?? []) : (profile?.fileCapabilities ?? [])).filter(name => !has.has(name));
  const edits: Edit[] = [container.edit.dropAll()];
  if (needed.length > 0) edits.push(container.edit.append('capAdd', needed));
  // an entry point that changes users needs capabilities unless it starts as that user
  if (user.kind === 'settable' && profile?.privilegeDrop) {
    const written = container.get('user');
    edits.push(written && !written.inherited ? container.edit.replace(written, user.user) : container.edit.set('user', user.user));
  }
  const assumes =
    user.kind === 'root' && needed.length > 0
      ? [{ id: 'root-capabilities', data: { capabilities: needed.join(', ') } }]
      : user.kind === 'unknown'
        ? [{ id: 'no-capabilities' }]
        : [];
  return report.remedy('drop', remedyOf(joined(edits), { assumes, group: containerGroup(container) }));
}

/** Images whose work is that of a network's host. */
const networkImages = /(?:wireguard|openvpn|tailscale|headscale|gluetun|pihole|zerotier|vpn|dhcp|firewall|nebula|strongswan|keepalived)/i;

/** `added-capabilities` but for what is a family's own. */
export const addedCapabilities = {
  title: 'Dangerous capabilities added',
  severity: 'error',
  category: 'privilege',
  profile: 'baseline',
  references: { cisDocker: ['5.4'], nist800190: ['3.4.3', '4.4.3'], mitre: ['T1611'], cwe: ['CWE-250'], links },
  messages: {
    dangerous: { text: '{capability} opens the host: {risk}' },
    expected: { text: '{capability} opens the network of the host, as images of this kind need', severity: 'warning' },
    extra: { text: '{capability} is more than the engine gives by default: {risk}', severity: 'warning', profile: 'restricted' },
    redundant: { text: 'The engine gives {capability} anyhow, as long as nothing is dropped', severity: 'hint', profile: 'strict' },
  },
  fixes: {
    remove: { title: 'Do not add {capability}', class: 'attended' },
    redundant: { title: 'Remove {capability}', class: 'review' },
  },
  assumptions: { 'works-without': 'It works without {capability}' },
  on: {
    container(container: ContainerOptions, report: Report<'dangerous' | 'expected' | 'extra' | 'redundant', 'remove' | 'redundant'>): void {
      if (container.get('privileged')?.value === true) return;
      const dropsNothing = container.list('capDrop').items.length === 0;
      for (const setting of container.list('capAdd').items) {
        const { value: capability, range, inherited } = setting;
        if (capability === null || inherited) continue;
        const known = findCapability(capability);
        const data = { capability, risk: capability === 'ALL' ? 'everything that root may do' : (known?.risk ?? 'no engine knows it') };
        const extras = { assumes: [{ id: 'works-without', data: { capability } }] };
        if (known?.dockerDefault) {
          if (dropsNothing)
            report(range, 'redundant', data, ...report.remedy('redundant', remedyOf(container.edit.remove(setting)), { capability }));
          continue;
        }
        const isNetwork = capability === 'NET_ADMIN' && networkImages.test(container.image?.text ?? container.name);
        const messageId = isNetwork
          ? 'expected'
          : errors.has(capability) || (isDangerousCapability(capability) && !known)
            ? 'dangerous'
            : 'extra';
        report(range, messageId, data, ...report.remedy('remove', remedyOf(container.edit.remove(setting), extras), { capability }));
      }
    },
  },
} as const;

/** Capabilities with which a process takes over the host, or its network. */
const errors: ReadonlySet<string> = new Set(
  'ALL SYS_ADMIN SYS_MODULE SYS_PTRACE SYS_RAWIO SYS_BOOT SYS_TIME DAC_READ_SEARCH NET_ADMIN BPF PERFMON MAC_ADMIN MAC_OVERRIDE SYSLOG'.split(
    ' ',
  ),
);
