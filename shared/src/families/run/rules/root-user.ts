import { rootUser } from '../../../rule/checks/container/root-user';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...rootUser, id: 'run/root-user' });
