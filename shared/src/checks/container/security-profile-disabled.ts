import { remedyOf } from '../../container/edits';
import type { ContainerOptions, SecurityOption } from '../../container/types';
import type { Report } from '../../rule/define-rule';

/** What an option switches off; `null`: nothing. */
function switchedOff({ key, value }: SecurityOption): string | null {
  if (key === 'seccomp' && value === 'unconfined') return 'seccomp';
  if (key === 'apparmor' && value === 'unconfined') return 'AppArmor';
  if ((key === 'label' && /^(?:disable|type[:=](?:spc_t|container_runtime_t|unconfined_t))$/.test(value)) || key === 'disable')
    return 'SELinux';
  if (key === 'systempaths' && value === 'unconfined') return 'paths';
  if (key === 'unmask' && value !== '') return 'paths';
  return key === 'writable-cgroups' && /^(?:1|t|true)$/i.test(value) ? 'cgroups' : null;
}

/** `security-profile-disabled` but for what is a family's own. */
export const securityProfileDisabled = {
  title: 'seccomp, AppArmor or SELinux switched off',
  severity: 'error',
  category: 'privilege',
  profile: 'baseline',
  references: { cisDocker: ['5.2', '5.3', '5.22'], nist800190: ['3.4.3', '4.4.3'], mitre: ['T1611'], cwe: ['CWE-693'] },
  messages: {
    profile: { text: '{profile} does not confine container "{container}"' },
    paths: { text: 'Container "{container}" sees the paths of /proc and /sys that are hidden from containers' },
    cgroups: { text: 'Container "{container}" can change its own limits' },
  },
  fixes: { remove: { title: 'Keep the default: remove "{option}"', class: 'attended' } },
  assumptions: { 'no-blocked-calls': 'Nothing in container "{container}" needs what the default profile forbids' },
  on: {
    container(container: ContainerOptions, report: Report<'profile' | 'paths' | 'cgroups', 'remove'>): void {
      if (container.get('privileged')?.value === true) return;
      for (const item of container.list('securityOpt').items) {
        const off = item.value && switchedOff(item.value);
        if (off === null) continue;
        const messageId = off === 'paths' || off === 'cgroups' ? off : 'profile';
        const remedy = remedyOf(container.edit.remove(item), { assumes: [{ id: 'no-blocked-calls' }] });
        report(item.range, messageId, { profile: off }, ...report.remedy('remove', remedy, { option: item.text ?? off }));
      }
    },
  },
} as const;
