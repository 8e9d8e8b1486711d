import { privileged } from '../../../rule/checks/container/privileged';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...privileged, id: 'run/privileged' });
