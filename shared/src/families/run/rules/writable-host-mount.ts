import { writableHostMount } from '../../../rule/checks/container/writable-host-mount';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...writableHostMount, id: 'run/writable-host-mount' });
