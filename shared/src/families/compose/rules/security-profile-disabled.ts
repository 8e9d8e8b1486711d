import { securityProfileDisabled } from '../../../rule/checks/container/security-profile-disabled';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...securityProfileDisabled,
  id: 'compose/security-profile-disabled',
  peers: {
    kics: ['default_seccomp_profile_disabled'],
    semgrep: ['seccomp-confinement-disabled', 'selinux-separation-disabled'],
  },
});
