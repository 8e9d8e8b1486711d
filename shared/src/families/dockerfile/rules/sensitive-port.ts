import { removePort } from '../fix/expose';
import { chainInstructions, isShipped } from '../model/chain';
import { exposedPorts, type ExposedPort } from '../model/ports';
import type { DockerfileModel, Stage } from '../model/types';
import { memoize } from '../../../base/text/memoize';
import { defineRule, noFix } from '../../../rule/define-rule';

/** Ports by which somebody takes over what listens on them. */
const ports: readonly (readonly [number, string])[] = [
  [22, 'SSH'],
  [23, 'Telnet'],
  [2375, 'the Docker API without TLS'],
  [2376, 'the Docker API'],
  [3389, 'Remote Desktop'],
  [5005, 'the Java debugger'],
  [5900, 'VNC'],
  [5901, 'VNC'],
  [6443, 'the Kubernetes API'],
  [9229, 'the Node.js inspector'],
  [10250, 'the kubelet'],
];

const sensitive = ({ first, last }: ExposedPort): (typeof ports)[number] | undefined =>
  ports.find(([number]) => first <= number && number <= last);

/** Whether a stage exposes nothing but such ports: one of them may be what the image is for, as in a proxy of the Docker API. */
function servesNothingElse(stage: Stage): boolean {
  const known = answers(stage.file);
  let answer = known.get(stage);
  if (answer === undefined) {
    answer = chainInstructions(stage).every(
      i => i.keyword !== 'EXPOSE' || i.words.length === exposedPorts(i).filter(exposed => sensitive(exposed)).length,
    );
    known.set(stage, answer);
  }
  return answer;
}

/** Asked for each port, and the same for all ports of a stage. */
const answers = memoize((_file: DockerfileModel) => new Map<Stage, boolean>());

export const rule = defineRule({
  id: 'dockerfile/sensitive-port',
  title: 'Administrative or debug port exposed',
  severity: 'info',
  category: 'network',
  profile: 'strict',
  references: { cisDocker: ['5.9'], nist800190: ['3.3.2', '4.3.2'], mitre: ['T1133'], cwe: ['CWE-489', 'CWE-668'] },
  messages: { exposed: { text: 'Port {port} belongs to {service}: anyone who can reach the port controls the container' } },
  fixes: { remove: { title: 'Remove port {port} from EXPOSE', class: 'review' } },
  on: {
    instruction(instruction, report) {
      if (instruction.keyword !== 'EXPOSE' || !instruction.stage || !isShipped(instruction.stage)) return;
      for (const exposed of exposedPorts(instruction)) {
        const [port, service] = sensitive(exposed) ?? [];
        if (port === undefined) continue;
        const operation = removePort(instruction, exposed);
        const attended = servesNothingElse(instruction.stage);
        const remedy = operation
          ? report.fix('remove', () => [operation], { data: { port }, class: attended ? 'attended' : undefined })
          : noFix('needs-value');
        report(exposed.word.range, 'exposed', { port, service: service! }, remedy);
      }
    },
  },
});
