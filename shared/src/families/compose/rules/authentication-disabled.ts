import { authenticationDisabled } from '../checks/environment';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...authenticationDisabled,
  id: 'compose/authentication-disabled',
});
