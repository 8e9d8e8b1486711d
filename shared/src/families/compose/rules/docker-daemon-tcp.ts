import { dockerDaemonTcp } from '../checks/environment';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...dockerDaemonTcp,
  id: 'compose/docker-daemon-tcp',
  supersedes: ['compose/published-on-all-interfaces'],
});
