import { remedyOf } from '../../../container/edits';
import type { ContainerOptions, SecurityOption, Setting } from '../../../container/types';
import { fileGroup } from '../../../fix/types';
import { noFix, type Report, type RuleContext } from '../../../rule/define-rule';
import { parseGoBoolean } from '../../../container/values';
import { runningImage, runsOnWindows } from './running';

const links = ['https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html'];

/** `privilege-escalation` but for what is a family's own. */
export const privilegeEscalation = {
  title: 'no-new-privileges not set',
  severity: 'warning',
  category: 'privilege',
  profile: 'restricted',
  references: { cisDocker: ['5.26'], nist800190: ['3.4.3', '4.4.3'], mitre: ['T1548.001'], cwe: ['CWE-250', 'CWE-269'], links },
  messages: {
    missing: { text: 'Programs of "{container}" may gain privileges that it was not started with' },
    off: { text: 'no-new-privileges is switched off', severity: 'error', profile: 'baseline' },
  },
  fixes: {
    set: { title: 'Set no-new-privileges', class: 'review' },
    on: { title: 'Set no-new-privileges', class: 'attended' },
  },
  assumptions: { 'no-setuid': 'Nothing in it needs set-user-ID programs such as sudo once it runs' },
  on: {
    container(container: ContainerOptions, report: Report<'missing' | 'off', 'set' | 'on'>, context: RuleContext): void {
      // a swarm does not read security options
      if (container.runtime === 'swarm' || runsOnWindows(container, context)) return;
      const { items, open } = container.list('securityOpt');
      if (open || items.some(({ value }) => value === null)) return;
      const last = items.findLast(({ value }) => value?.key === 'no-new-privileges');
      const assumes = [{ id: 'no-setuid' }];
      if (last?.value) {
        const isOff = last.value.value !== '' && parseGoBoolean(last.value.value) === false;
        if (isOff && !last.inherited)
          report(last.range, 'off', {}, ...report.remedy('on', remedyOf(container.edit.replace(last, 'no-new-privileges'), { assumes })));
      } else if (container.get('privileged')?.value !== true && lacksOption(container, items)) {
        const { root } = runningImage(container, context);
        const extras = { assumes, group: `${fileGroup}no-new-privileges` };
        const remedy =
          root === null
            ? report.remedy('set', remedyOf(container.edit.append('securityOpt', ['no-new-privileges']), extras))
            : [noFix('needs-root', root)];
        report(container.reportRange, 'missing', {}, ...remedy);
      }
    },
  },
} as const;

/** Whether the list is missing, or all that there is belongs to the container itself. */
function lacksOption(container: ContainerOptions, items: readonly Setting<SecurityOption>[]): boolean {
  return items.length === 0 ? container.lacks('securityOpt') : container.complete && items.some(({ inherited }) => !inherited);
}
