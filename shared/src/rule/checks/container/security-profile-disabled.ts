import { remedyOf } from '../../container/edits';
import { ownItems, type ContainerOptions, type SecurityOption } from '../../container/types';
import { parseGoBoolean, partOf } from '../../container/values';
import { weighs, type Report, type RuleContext } from '../../define-rule';
import { profilePlaces } from '../../../workspace/seccomp-profiles';

/** What an option switches off; `null`: nothing. */
function switchedOff({ key, value }: SecurityOption): 'seccomp' | 'AppArmor' | 'SELinux' | 'paths' | 'cgroups' | null {
  if (key === 'seccomp' && value === 'unconfined') return 'seccomp';
  if (key === 'apparmor' && value === 'unconfined') return 'AppArmor';
  if (key === 'label' && /^(?:disable|type[:=](?:spc_t|container_runtime_t|unconfined_t))$/.test(value)) return 'SELinux';
  if (key === 'disable' && value === '') return 'SELinux';
  if ((key === 'systempaths' && value === 'unconfined') || (key === 'unmask' && value !== '')) return 'paths';
  return key === 'writable-cgroups' && parseGoBoolean(value) === true ? 'cgroups' : null;
}

/** Whether an option switches labels off, as what is mounted and not labelled anew asks for. */
const isUnlabelled = ({ key, value }: SecurityOption): boolean => key === 'label' && value === 'disable';

/** Whether something of the host is mounted, or may be, where a variable says what. */
function mountsHost(container: ContainerOptions): boolean {
  return container
    .list('mounts')
    .items.some(({ value }) => value === null || value.kind === 'bind' || (value.kind === 'other' && !value.source));
}

/** What is wrong with the file of a profile that an option names; `null`: nothing, or it is not known where the file is. */
function fileProblem({ key, value }: SecurityOption, { path, workspace }: RuleContext): 'open-file' | 'missing-file' | null {
  const places = key === 'seccomp' ? profilePlaces(path, value) : [];
  const there = places.filter(place => !workspace.isAbsent(place));
  if (there.length === 0) return places.length > 0 ? 'missing-file' : null;
  return there.length === 1 && workspace.seccompAt(there[0]!)?.allowsAll ? 'open-file' : null;
}

/** `security-profile-disabled` but for what is a family's own. */
export const securityProfileDisabled = {
  title: 'seccomp, AppArmor or SELinux disabled',
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
    paths: { text: 'Container "{container}" can see and change kernel settings that container engines hide' },
    cgroups: { text: 'Container "{container}" can change its own resource limits' },
    'open-file': { text: 'The profile "{file}" lets container "{container}" make any system call' },
    'missing-file': {
      text: 'Container "{container}" does not start without "{file}", which is not in the repository',
      severity: 'warning',
    },
  },
  fixes: { remove: { title: 'Remove "{option}" to use the engine default', class: 'attended' } },
  assumptions: {
    'default-profile': 'Container "{container}" works under the engine\'s default security profile',
    labelled: 'If the host uses SELinux, the mounts are relabeled for container access with ":z" or ":Z"',
  },
  on: {
    container(
      container: ContainerOptions,
      report: Report<'profile' | 'paths' | 'cgroups' | 'open-file' | 'missing-file', 'remove'>,
      context: RuleContext,
    ): void {
      for (const item of ownItems(container, 'securityOpt')) {
        const off = switchedOff(item.value);
        const problem = off === null ? fileProblem(item.value, context) : null;
        if (off === null && problem === null) continue;
        // of what is privileged an engine confines nothing, as is said there
        if (off !== null && container.get('privileged')?.value === true) continue;
        const messageId = problem ?? (off === 'paths' || off === 'cgroups' ? off : 'profile');
        const range = problem === null ? item.range : partOf(item, item.value.value);
        const remedy = remedyOf(container.edit.remove(item), {
          assumes: [{ id: 'default-profile' }, ...(isUnlabelled(item.value) ? [{ id: 'labelled' }] : [])],
        });
        const data = problem === null ? { profile: off! } : { file: item.value.value };
        const weight = isUnlabelled(item.value) && mountsHost(container) ? weighs('warning') : null;
        report(range, messageId, data, weight, ...report.remedy('remove', remedy, { option: item.text ?? item.value.key }));
      }
    },
  },
} as const;
