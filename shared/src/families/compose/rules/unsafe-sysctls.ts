import { unsafeSysctls } from '../checks/host-access';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...unsafeSysctls,
  id: 'compose/unsafe-sysctls',
});
