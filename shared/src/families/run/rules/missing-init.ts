import { missingInit } from '../../../checks/container/opinions';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...missingInit, id: 'run/missing-init' });
