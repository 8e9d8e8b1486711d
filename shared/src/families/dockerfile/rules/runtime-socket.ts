import { findRuntimeSocket } from '../../../knowledge/host-paths';
import { defineRule, noFix } from '../../../rule/define-rule';

export const rule = defineRule({
  id: 'dockerfile/runtime-socket',
  title: 'Container runtime socket used in the image',
  severity: 'error',
  category: 'isolation',
  profile: 'baseline',
  references: { cisDocker: ['5.32'], nist800190: ['3.4.3', '4.4.3'], mitre: ['T1611'], cwe: ['CWE-250'] },
  peers: { semgrep: ['dockerfile-dockerd-socket-mount'] },
  messages: {
    volume: { text: 'The image declares the {runtime} socket as a volume: anyone with access to the socket is root on the host' },
    mount: { text: 'The build step uses the {runtime} socket, which gives it root on the host' },
  },
  on: {
    instruction(instruction, report) {
      const { keyword, words, mounts, file } = instruction;
      if (keyword === 'VOLUME') {
        for (const word of words) {
          const socket = findRuntimeSocket(file.expand(word, instruction) ?? word.text);
          if (socket) report(word.range, 'volume', { runtime: socket.runtime }, noFix('manual'));
        }
      } else if (keyword === 'RUN') {
        for (const field of mounts.flatMap(mount => mount.fields)) {
          const socket = field.value?.endsWith('.sock') ? findRuntimeSocket(field.value) : null;
          // A forwarded agent may be put anywhere; what it is put at tells what it is meant for.
          if (!socket || !field.valueRange || field.key === 'id') continue;
          report(field.valueRange, 'mount', { runtime: socket.runtime }, noFix('manual'));
          break;
        }
      }
    },
  },
});
