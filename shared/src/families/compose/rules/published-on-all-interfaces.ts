import { publishedOnAllInterfaces } from '../../../rule/checks/container/published-on-all-interfaces';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...publishedOnAllInterfaces,
  id: 'compose/published-on-all-interfaces',
  peers: {
    kics: ['container_traffic_not_bound_to_host_interface'],
    dclint: ['no-unbound-port-interfaces'],
  },
});
