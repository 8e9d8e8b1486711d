import { sensitiveHostMount } from '../../../rule/checks/container/sensitive-host-mount';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...sensitiveHostMount,
  id: 'compose/sensitive-host-mount',
  peers: { kics: ['volume_has_sensitive_host_directory'] },
  supersedes: ['compose/writable-host-mount'],
});
