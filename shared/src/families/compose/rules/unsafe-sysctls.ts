import { unsafeSysctls } from '../../../checks/container/unsafe-sysctls';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...unsafeSysctls,
  id: 'compose/unsafe-sysctls',
});
