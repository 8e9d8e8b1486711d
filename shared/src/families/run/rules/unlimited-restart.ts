import { unlimitedRestart } from '../../../rule/checks/container/unlimited-restart';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...unlimitedRestart, id: 'run/unlimited-restart' });
