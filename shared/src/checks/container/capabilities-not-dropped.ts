import { joined, remedyOf } from '../../container/edits';
import type { ContainerOptions } from '../../container/types';
import { neededCapabilities } from '../../knowledge/root-capabilities';
import type { Remedy } from '../../fix/remedy';
import type { Report, RuleContext } from '../../rule/define-rule';
import { fixedUser, startGroup, startOf, type Start } from './start';

function remedyFor(container: ContainerOptions, start: Start): Remedy {
  const { profile, uid, doubt } = start;
  const staysRoot = (uid === null || uid === 0) && fixedUser(container, start) === null;
  const known = staysRoot ? neededCapabilities(profile) : [];
  const isHostNetwork = container.get('network')?.value === 'host';
  const needed = [...(known ?? []), ...(profile?.fileCapabilities ?? [])].filter(
    // engines open low ports to everybody, but not those of their host
    name => name !== 'NET_BIND_SERVICE' || isHostNetwork || profile?.fileCapabilities.includes(name),
  );
  const present = new Set(container.list('capAdd').items.map(({ value }) => value));
  const added = [...new Set(needed)].filter(name => !present.has(name));
  const partial = container.list('capDrop').items.map(item => container.edit.remove(item));
  const edit = joined([
    ...partial,
    container.edit.append('capDrop', ['ALL']),
    ...(added.length === 0 ? [] : [container.edit.append('capAdd', added)]),
  ]);
  const assumes =
    staysRoot && known === null
      ? [{ id: 'needs-none' }]
      : staysRoot
        ? [{ id: 'needs-these', data: { capabilities: needed.join(', ') || 'none' } }]
        : [];
  if (doubt === null) return remedyOf(edit, { assumes, group: startGroup(container) });
  const { fix, noFix } = remedyOf(edit, { assumes, class: 'attended' });
  return { fix, noFix: noFix ?? { reason: 'needs-root', detail: doubt } };
}

/** `capabilities-not-dropped` but for what is a family's own. */
export const capabilitiesNotDropped = {
  title: 'Capabilities not dropped',
  severity: 'warning',
  category: 'privilege',
  profile: 'restricted',
  references: { cisDocker: ['5.4'], nist800190: ['3.4.3', '4.4.3'], mitre: ['T1611'], cwe: ['CWE-250'] },
  messages: {
    missing: { text: 'Container "{container}" keeps capabilities that hardly any program needs' },
    partial: { text: 'Container "{container}" keeps every capability but those that are named' },
  },
  fixes: { drop: { title: 'Drop all capabilities, and add what the image needs', class: 'review' } },
  assumptions: {
    'needs-none': 'Container "{container}" needs no capability: it changes no owner and no user when it starts',
    'needs-these': 'As root, container "{container}" needs these capabilities and no other: {capabilities}',
  },
  on: {
    container(container: ContainerOptions, report: Report<'missing' | 'partial', 'drop'>, context: RuleContext): void {
      const { items, open } = container.list('capDrop');
      const isDone = items.some(({ value }) => value === 'ALL' || value === null);
      if (!container.complete || open || isDone || container.get('privileged')?.value === true) return;
      if (container.list('capAdd').items.some(({ value }) => value === 'ALL')) return;
      const remedy = remedyFor(container, startOf(container, context));
      report(items[0]?.range ?? container.reportRange, items.length > 0 ? 'partial' : 'missing', {}, ...report.remedy('drop', remedy));
    },
  },
} as const;
