import { mountPropagation } from '../../../rule/checks/container/mount-propagation';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...mountPropagation, id: 'run/mount-propagation' });
