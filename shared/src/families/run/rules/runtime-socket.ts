import { runtimeSocket } from '../../../rule/checks/container/runtime-socket';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...runtimeSocket, id: 'run/runtime-socket', supersedes: ['run/sensitive-host-mount'] });
