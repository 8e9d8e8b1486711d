import { addedCapabilities } from '../../../checks/container/added-capabilities';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...addedCapabilities, id: 'run/added-capabilities' });
