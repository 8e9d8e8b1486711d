import { securityProfileDisabled } from '../../../rule/checks/container/security-profile-disabled';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...securityProfileDisabled, id: 'run/security-profile-disabled' });
