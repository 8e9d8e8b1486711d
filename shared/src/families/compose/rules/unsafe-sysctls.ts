import { unsafeSysctls } from '../../../rule/checks/container/unsafe-sysctls';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...unsafeSysctls,
  id: 'compose/unsafe-sysctls',
});
