import { tlsVerificationDisabled } from '../checks/environment';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...tlsVerificationDisabled,
  id: 'compose/tls-verification-disabled',
});
