import { publishedOnAllInterfaces } from '../../../checks/container/published-on-all-interfaces';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...publishedOnAllInterfaces, id: 'run/published-on-all-interfaces' });
