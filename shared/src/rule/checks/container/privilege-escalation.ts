import { remedyOf } from '../../container/edits';
import type { ContainerOptions, SecurityOption, Setting } from '../../container/types';
import { parseGoBoolean } from '../../container/values';
import { fileGroup } from '../../fix/types';
import type { Report, RuleContext } from '../../define-rule';
import { doubtAgainst } from '../../../evidence/evidence';
import { provedAssumptions, provedBy } from '../../fix/proved';
import { doubtReason, runsOnWindows, startOf } from './start';

/** Whether the list is missing, or all that there is belongs to the container itself. */
function lacksOption(container: ContainerOptions, items: readonly Setting<SecurityOption>[]): boolean {
  return items.length === 0 ? container.lacks('securityOpt') : container.complete && items.some(({ inherited }) => !inherited);
}

/** `privilege-escalation` but for what is a family's own. */
export const privilegeEscalation = {
  title: 'no-new-privileges not set',
  severity: 'warning',
  category: 'privilege',
  profile: 'restricted',
  references: {
    cisDocker: ['5.26'],
    nist800190: ['3.4.3', '4.4.3'],
    mitre: ['T1548.001'],
    cwe: ['CWE-250', 'CWE-269'],
    links: ['https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html'],
  },
  messages: {
    missing: { text: 'Programs in container "{container}" can gain more privileges than they were started with' },
    off: { text: 'no-new-privileges is disabled', severity: 'error', profile: 'baseline' },
  },
  fixes: {
    set: { title: 'Set no-new-privileges', class: 'review' },
    on: { title: 'Set no-new-privileges', class: 'attended' },
  },
  assumptions: {
    ...provedAssumptions,
    'no-setuid': 'Nothing in container "{container}" needs sudo, su or another set-user-ID program',
  },
  on: {
    container(container: ContainerOptions, report: Report<'missing' | 'off', 'set' | 'on'>, context: RuleContext): void {
      // a swarm does not read security options
      if (container.runtime === 'swarm' || runsOnWindows(container, context)) return;
      const { items, open } = container.list('securityOpt');
      const last = items.findLast(({ value }) => value?.key === 'no-new-privileges');
      if (last?.value) {
        const isOff = last.value.value !== '' && parseGoBoolean(last.value.value) === false;
        if (!isOff || last.inherited) return;
        const proved = provedBy(startOf(container, context).evidence, 'escalation');
        const extras = proved ? { assumes: proved, class: 'review' as const } : { assumes: [{ id: 'no-setuid' }] };
        report(last.range, 'off', {}, ...report.remedy('on', remedyOf(container.edit.replace(last, 'no-new-privileges'), extras)));
      } else if (!open && items.every(({ value }) => value !== null)) {
        if (container.get('privileged')?.value === true || !lacksOption(container, items)) return;
        const start = startOf(container, context);
        const seen = doubtAgainst(start.evidence, start.user.kind === 'kept' ? 'file-capabilities' : 'escalation');
        const { fix, noFix } = remedyOf(container.edit.append('securityOpt', ['no-new-privileges']), {
          assumes: provedBy(start.evidence, 'escalation') ?? [{ id: 'no-setuid' }],
          ...(seen === null ? { group: `${fileGroup}no-new-privileges` } : { class: 'attended' }),
        });
        const remedy = { fix, noFix: noFix ?? (seen === null ? null : { reason: doubtReason(start), detail: seen }) };
        report(container.reportRange, 'missing', {}, ...report.remedy('set', remedy));
      }
    },
  },
} as const;
