import { mountPropagation } from '../../../rule/checks/container/mount-propagation';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...mountPropagation,
  id: 'compose/mount-propagation',
  peers: { kics: ['volume_mounted_in_multiple_containers'] },
});
