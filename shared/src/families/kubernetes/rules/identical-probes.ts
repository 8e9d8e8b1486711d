import { isVariable, mayChange, mayGain } from '../../../syntax/yaml/certainty';
import { defineRule } from '../../../rule/define-rule';
import { numberOf, stringOf } from '../../../syntax/yaml/values';
import { handlerOf, isSameValue, portOf, probeOf } from '../model/probes';
import type { YamlMap } from '../../../syntax/yaml/types';

const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;

/** How long a probe may fail before it counts; NaN where a template fills that in. Units: seconds. */
function patienceOf(probe: YamlMap): number {
  const read = (field: string, preset: number): number => numberOf(probe.get(field)) ?? (mayChange(probe.get(field)) ? NaN : preset);
  return read('failureThreshold', 3) * read('periodSeconds', 10);
}

/** Whether two probes ask the same and give up at the same time: one endpoint with a liveness probe that waits longer is a common, good pattern. */
function isSame(liveness: YamlMap, readiness: YamlMap): boolean {
  const [a, b] = [handlerOf(liveness), handlerOf(readiness)];
  return a !== null && b !== null && a.field === b.field && isSameValue(a.node, b.node) && patienceOf(liveness) <= patienceOf(readiness);
}

export const rule = defineRule({
  id: 'kubernetes/identical-probes',
  title: 'Identical probes, or a probe on an undeclared port',
  severity: 'info',
  category: 'reliability',
  profile: 'strict',
  references: { links: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/'] },
  peers: {
    'kube-score': ['pod-probes-identical'],
    'kyverno-policies': ['ensure-probes-different'],
    'kube-linter': ['liveness-port', 'readiness-port', 'startup-port'],
  },
  messages: {
    same: { text: 'Container "{container}" restarts when not ready: its liveness and readiness probes are identical' },
    unnamed: { text: 'Container "{container}" has no port "{port}" to probe', severity: 'warning' },
    undeclared: { text: 'Container "{container}" does not declare port {port}, which its probe uses', severity: 'hint' },
  },
  on: {
    container(container, report) {
      const { node, ports } = container;
      if (!probes.some(field => node.entry(field))) return;
      const liveness = probeOf(container, 'livenessProbe');
      const readiness = probeOf(container, 'readinessProbe');
      const { document, fragment } = container.pod.object;
      const whole = !fragment && [liveness, readiness].every(probe => !mayGain(document, probe));
      if (liveness && readiness && whole && isSame(liveness, readiness)) report(node.entry('livenessProbe')!.key!.range, 'same');
      if (!container.complete || ports.some(port => mayChange(port.node.get('containerPort')))) return;
      for (const field of probes) {
        const probe = probeOf(container, field);
        const port = probe && portOf(probe);
        if (!port || port.value === null || isVariable(port.source)) continue;
        const number = numberOf(port) ?? (/^\d+$/.test(port.source) ? Number(port.source) : null);
        const isDeclared = ports.some(p => (number === null ? stringOf(p.node.get('name')) === port.value : p.containerPort === number));
        if (isDeclared) continue;
        // ports need not be listed; whoever lists none did not forget one
        if (number === null) report(port.range, 'unnamed', { port: String(port.value) });
        else if (ports.length > 0) report(port.range, 'undeclared', { port: number });
      }
    },
  },
});
