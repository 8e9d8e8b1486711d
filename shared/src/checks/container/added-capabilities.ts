import { remedyOf } from '../../container/edits';
import type { ContainerOptions } from '../../container/types';
import { findCapability, isDangerousCapability } from '../../knowledge/capabilities';
import type { Report } from '../../rule/define-rule';

/** Beyond Docker's own set, and no known way out of the container. */
const harmless: ReadonlySet<string> = new Set([
  'IPC_LOCK',
  'SYS_NICE',
  'SYS_RESOURCE',
  'WAKE_ALARM',
  'LEASE',
  'IPC_OWNER',
  'BLOCK_SUSPEND',
  'AUDIT_CONTROL',
  'LINUX_IMMUTABLE',
  'SYS_PACCT',
  'SYS_TTY_CONFIG',
  'NET_BROADCAST',
  'CHECKPOINT_RESTORE',
  'AUDIT_READ',
]);

/** `added-capabilities` but for what is a family's own. */
export const addedCapabilities = {
  title: 'Dangerous capabilities added',
  severity: 'error',
  category: 'privilege',
  profile: 'baseline',
  references: { cisDocker: ['5.4'], nist800190: ['3.4.3', '4.4.3'], mitre: ['T1611'], cwe: ['CWE-250'] },
  messages: {
    all: { text: 'Container "{container}" gets every capability' },
    dangerous: { text: '{capability} lets container "{container}" {risk}' },
    unknown: { text: 'No kernel knows a capability called {capability}', severity: 'warning' },
    extra: { text: '{capability} is beyond what containers get: {risk}', severity: 'warning', profile: 'restricted' },
    redundant: { text: 'Containers have {capability} anyway', severity: 'hint', profile: 'strict' },
  },
  fixes: { remove: { title: 'Remove {capability}', class: 'attended' } },
  assumptions: { 'not-needed': 'Container "{container}" works without {capability}' },
  on: {
    container(container: ContainerOptions, report: Report<'all' | 'dangerous' | 'unknown' | 'extra' | 'redundant', 'remove'>): void {
      if (container.get('privileged')?.value === true) return;
      const dropped = container.list('capDrop');
      for (const item of container.list('capAdd').items) {
        const { value: capability, range } = item;
        if (capability === null || capability === '') continue;
        const known = findCapability(capability);
        const messageId =
          capability === 'ALL'
            ? 'all'
            : known === null
              ? 'unknown'
              : known.dockerDefault
                ? dropped.items.length > 0 || dropped.open
                  ? null
                  : 'redundant'
                : isDangerousCapability(capability) && !harmless.has(capability)
                  ? 'dangerous'
                  : 'extra';
        if (messageId === null) continue;
        const data = { capability, ...(known && { risk: known.risk }) };
        const remedy = remedyOf(container.edit.remove(item), {
          ...(messageId === 'redundant' && { class: 'review' }),
          ...(messageId !== 'redundant' && { assumes: [{ id: 'not-needed', data: { capability } }] }),
        });
        report(range, messageId, data, ...report.remedy('remove', remedy, { capability }));
      }
    },
  },
} as const;
