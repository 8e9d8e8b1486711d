import { hostNamespace } from '../../../rule/checks/container/host-namespace';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...hostNamespace, id: 'run/host-namespace' });
