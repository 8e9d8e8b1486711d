import { remedyOf } from '../../container/edits';
import type { ContainerOptions } from '../../container/types';
import { parseGoBoolean } from '../../container/values';
import { fileGroup } from '../../fix/types';
import type { Report, RuleContext } from '../../rule/define-rule';
import { startOf } from './start';

/** `privilege-escalation` but for what is a family's own. */
export const privilegeEscalation = {
  title: 'no-new-privileges not set',
  severity: 'warning',
  category: 'privilege',
  profile: 'restricted',
  references: { cisDocker: ['5.26'], nist800190: ['3.4.3', '4.4.3'], mitre: ['T1548.001'], cwe: ['CWE-250'] },
  messages: {
    missing: { text: 'Programs of container "{container}" can get more rights than they started with' },
    off: { text: 'Container "{container}" is told that its programs may get more rights', severity: 'error', profile: 'baseline' },
  },
  fixes: { forbid: { title: 'Forbid new privileges', class: 'review' } },
  assumptions: { 'no-setuid': 'Nothing in container "{container}" needs sudo, su or another set-user-ID program' },
  on: {
    container(container: ContainerOptions, report: Report<'missing' | 'off', 'forbid'>, context: RuleContext): void {
      if (container.runtime === 'swarm' || container.get('privileged')?.value === true) return;
      const { items, open } = container.list('securityOpt');
      const written = items.findLast(({ value }) => value?.key === 'no-new-privileges');
      const isOff = written?.value && written.value.value !== '' && parseGoBoolean(written.value.value) === false;
      if (written && !isOff) return;
      if (!written && (open || !container.complete || items.some(({ value }) => value === null))) return;
      const edit = written
        ? container.edit.replace(written, 'no-new-privileges')
        : container.edit.append('securityOpt', ['no-new-privileges']);
      const { doubt } = startOf(container, context);
      const { fix, noFix } = remedyOf(edit, {
        assumes: [{ id: 'no-setuid' }],
        ...(doubt === null ? { group: `${fileGroup}no-new-privileges` } : { class: 'attended' as const }),
      });
      const remedy = { fix, noFix: noFix ?? (doubt === null ? null : { reason: 'needs-root' as const, detail: doubt }) };
      report(written?.range ?? container.reportRange, written ? 'off' : 'missing', {}, ...report.remedy('forbid', remedy));
    },
  },
} as const;
