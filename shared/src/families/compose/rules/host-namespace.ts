import { hostNamespace } from '../../../rule/checks/container/host-namespace';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...hostNamespace,
  id: 'compose/host-namespace',
  peers: {
    kics: [
      'shared_host_network_namespace',
      'host_namespace_is_shared',
      'shared_host_ipc_namespace',
      'shared_host_user_namespace',
      'cgroup_not_default',
    ],
  },
});
