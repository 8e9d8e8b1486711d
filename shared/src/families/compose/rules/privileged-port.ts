import { privilegedPort } from '../../../rule/checks/container/privileged-port';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...privilegedPort,
  id: 'compose/privileged-port',
  peers: { kics: ['privileged_ports_mapped_in_container'] },
});
