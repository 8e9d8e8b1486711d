import { remedyOf } from '../../container/edits';
import { ownItems, type ContainerOptions, type SecurityOption } from '../../container/types';
import { parseGoBoolean } from '../../container/values';
import type { Report } from '../../define-rule';

/** What an option switches off; `null`: nothing. */
function switchedOff({ key, value }: SecurityOption): 'seccomp' | 'AppArmor' | 'SELinux' | 'paths' | 'cgroups' | null {
  if (key === 'seccomp' && value === 'unconfined') return 'seccomp';
  if (key === 'apparmor' && value === 'unconfined') return 'AppArmor';
  if (key === 'label' && /^(?:disable|type[:=](?:spc_t|container_runtime_t|unconfined_t))$/.test(value)) return 'SELinux';
  if (key === 'disable' && value === '') return 'SELinux';
  if ((key === 'systempaths' && value === 'unconfined') || (key === 'unmask' && value !== '')) return 'paths';
  return key === 'writable-cgroups' && parseGoBoolean(value) === true ? 'cgroups' : null;
}

/** `security-profile-disabled` but for what is a family's own. */
export const securityProfileDisabled = {
  title: 'seccomp, AppArmor or SELinux switched off',
  severity: 'error',
  category: 'privilege',
  profile: 'baseline',
  references: {
    cisDocker: ['5.2', '5.3', '5.22'],
    nist800190: ['3.4.3', '4.4.3'],
    mitre: ['T1611'],
    cwe: ['CWE-693'],
    links: ['https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html'],
  },
  messages: {
    profile: { text: '{profile} does not confine container "{container}"' },
    paths: { text: 'Container "{container}" sees and changes settings of the kernel that engines hide' },
    cgroups: { text: 'Container "{container}" can change its own limits' },
  },
  fixes: { remove: { title: 'Keep the default of the engine: remove "{option}"', class: 'attended' } },
  assumptions: { 'default-profile': 'Container "{container}" works under the default profile of the engine' },
  on: {
    container(container: ContainerOptions, report: Report<'profile' | 'paths' | 'cgroups', 'remove'>): void {
      for (const item of ownItems(container, 'securityOpt')) {
        const off = switchedOff(item.value);
        if (off === null) continue;
        const messageId = off === 'paths' || off === 'cgroups' ? off : 'profile';
        const remedy = remedyOf(container.edit.remove(item), { assumes: [{ id: 'default-profile' }] });
        report(item.range, messageId, { profile: off }, ...report.remedy('remove', remedy, { option: item.text ?? off }));
      }
    },
  },
} as const;
