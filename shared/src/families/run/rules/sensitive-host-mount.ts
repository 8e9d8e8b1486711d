import { sensitiveHostMount } from '../../../rule/checks/container/sensitive-host-mount';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...sensitiveHostMount, id: 'run/sensitive-host-mount' });
