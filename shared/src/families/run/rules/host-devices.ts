import { hostDevices } from '../../../rule/checks/container/host-devices';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...hostDevices, id: 'run/host-devices' });
