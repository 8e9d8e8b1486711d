import { addedCapabilities } from '../../../rule/checks/container/added-capabilities';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...addedCapabilities,
  id: 'compose/added-capabilities',
  peers: { kics: ['container_capabilities_unrestricted'] },
});
