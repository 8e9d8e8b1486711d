import { lacksProgram, mayBringPrograms, requestOf } from '../../../knowledge/health-checks';
import { removeNode, setValue } from '../../../syntax/yaml/operations';
import { mayChange, mayGain } from '../../../syntax/yaml/certainty';
import { defineRule, noFix } from '../../../rule/define-rule';
import { knownImage } from '../fix/image';
import { commandLinesOf, parseLine, type CommandLine } from '../model/commands';
import { containerName } from '../model/names';
import type { ContainerView } from '../model/types';

/** Programs whose absence is known of images. */
const asked = /(?:^|[\s/])(?:curl|wget|(?:ba)?sh)(?:\s|$)/;

/** Whether something that is seen, or that a template adds, may bring programs into a container. */
function mayBring(container: ContainerView): boolean {
  const { document } = container.pod.object;
  const parts = ['volumeMounts', 'command', 'args'].map(name => container.node.get(name));
  if (mayGain(document, container.node) || parts.some(part => mayChange(part) || (part && mayGain(document, part)))) return true;
  const words = [...(container.command ?? []), ...(container.args ?? [])].map(({ value }) => String(value));
  return mayBringPrograms(
    words,
    container.mounts.map(({ mountPath }) => mountPath),
  );
}

/** The programs that a line starts with: its own first word, and the first one of each script that it has a shell run. */
function startsOf(container: ContainerView, line: CommandLine) {
  const { script, placeOf } = parseLine(container, line);
  const seen = new Set<unknown>();
  const firsts = script.commands.filter(command => !seen.has(command.script) && seen.add(command.script));
  return firsts.flatMap(({ name, nameWord }) => (name !== null && nameWord ? [{ name, range: placeOf(nameWord.range) }] : []));
}

export const rule = defineRule({
  id: 'kubernetes/missing-probe-program',
  title: 'Probe or hook runs a program that the image lacks',
  severity: 'warning',
  category: 'reliability',
  profile: 'recommended',
  references: { links: ['https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/'] },
  messages: { lacks: { text: 'The image of container "{container}" has no {program}: the {field} always fails' } },
  fixes: { request: { title: 'Have the kubelet probe port {port}', class: 'attended' } },
  assumptions: { reached: 'Container "{container}" also listens on the IP address of its pod, not only on localhost' },
  on: {
    container(container, report, context) {
      const reference = container.image?.reference;
      const lines = commandLinesOf(container).filter(({ role, texts }) => role !== 'start' && texts.some(text => asked.test(text)));
      if (lines.length === 0 || reference?.invalid !== null || container.image?.variable || mayBring(container)) return;
      const known = knownImage(container, context);
      // what a Dockerfile here or another image adds is not known
      if (known && (known.stage || known.likeness)) return;
      for (const line of lines) {
        const lacked = startsOf(container, line).find(({ name }) => lacksProgram(reference, known?.facts ?? null, name));
        if (!lacked) continue;
        const { field, role } = line;
        const request = role === 'probe' ? requestOf(line.texts) : null;
        const path = [...container.path, field];
        report(
          lacked.range,
          'lacks',
          { program: lacked.name, field },
          request
            ? report.fix('request', () => [setValue([...path, 'httpGet'], request), removeNode([...path, 'exec'])], {
                data: { port: request.port },
                assumes: [{ id: 'reached', data: { container: containerName(container) } }],
              })
            : noFix('manual'),
        );
      }
    },
  },
});
