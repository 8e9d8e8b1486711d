import { addedCapabilities } from '../../../checks/container/added-capabilities';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...addedCapabilities,
  id: 'compose/added-capabilities',
  peers: { kics: ['container_capabilities_unrestricted'] },
});
