import { missingHealthcheck } from '../../../checks/container/opinions';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...missingHealthcheck, id: 'run/missing-healthcheck' });
