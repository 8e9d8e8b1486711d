import { rootUser } from '../../../rule/checks/container/root-user';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...rootUser,
  id: 'compose/root-user',
  title: 'Service may run as root',
});
