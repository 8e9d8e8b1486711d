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

/** `security-profile-disabled` but for what is a family's own. */
export const securityProfileDisabled = {
  title: 'seccomp, AppArmor or SELinux switched off',
  severity: 'error',
  category: 'privilege',
  profile: 'baseline',
  references: { cisDocker: ['5.2', '5.3', '5.22'], nist800190: ['3.4.3', '4.4.3'], mitre: ['T1611'], cwe: ['CWE-693'], links },
  messages: {
    seccomp: { text: 'Container "{container}" may make every system call: seccomp is switched off' },
    apparmor: { text: 'AppArmor is switched off for "{container}"' },
    selinux: { text: 'SELinux does not keep "{container}" apart from the host' },
    paths: { text: 'Container "{container}" sees and changes kernel settings that engines hide' },
  },
  fixes: { remove: { title: 'Keep the default of the engine', class: 'attended' } },
  assumptions: { 'default-profile': 'It works under the default profile of the engine' },
  on: {
    container(container: ContainerOptions, report: Report<'seccomp' | 'apparmor' | 'selinux' | 'paths', 'remove'>): void {
      for (const setting of container.list('securityOpt').items) {
        const messageId = setting.value && disabled(setting.value);
        if (!messageId || setting.inherited) continue;
        report(
          setting.range,
          messageId,
          {},
          ...report.remedy('remove', remedyOf(container.edit.remove(setting), { assumes: [{ id: 'default-profile' }] })),
        );
      }
    },
  },
} as const;

function disabled({ key, value }: SecurityOption): 'seccomp' | 'apparmor' | 'selinux' | 'paths' | null {
  if (key === 'seccomp' && value === 'unconfined') return 'seccomp';
  if (key === 'apparmor' && value === 'unconfined') return 'apparmor';
  if (key === 'label' && (value === 'disable' || /^type:(?:spc_t|container_runtime_t)$/.test(value))) return 'selinux';
  if (key === 'disable' && value === '') return 'selinux';
  if (key === 'systempaths' && value === 'unconfined') return 'paths';
  return key === 'writable-cgroups' && parseGoBoolean(value) === true ? 'paths' : null;
}
