import { privilegedPort } from '../../../rule/checks/container/privileged-port';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...privilegedPort, id: 'run/privileged-port' });
