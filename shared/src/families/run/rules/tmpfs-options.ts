import { tmpfsOptions } from '../../../rule/checks/container/tmpfs-options';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...tmpfsOptions, id: 'run/tmpfs-options' });
