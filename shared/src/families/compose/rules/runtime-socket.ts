import { runtimeSocket } from '../../../rule/checks/container/runtime-socket';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...runtimeSocket,
  id: 'compose/runtime-socket',
  peers: {
    kics: ['docker_socket_mounted_in_container'],
    semgrep: ['exposing-docker-socket-volume'],
  },
  supersedes: ['compose/sensitive-host-mount', 'compose/writable-host-mount'],
});
