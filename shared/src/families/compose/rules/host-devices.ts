import { hostDevices } from '../../../rule/checks/container/host-devices';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...hostDevices,
  id: 'compose/host-devices',
  title: 'Host devices passed to a service',
});
