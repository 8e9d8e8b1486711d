import { unlimitedRestart } from '../../../checks/container/opinions';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...unlimitedRestart, id: 'run/unlimited-restart' });
