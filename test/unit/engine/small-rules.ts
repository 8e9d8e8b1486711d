import { defineRule, violates, type Rule } from '../../../shared/src/rule/define-rule';
import type { LintContext } from '../../../shared/src/engine/types';
import { booleanOf } from '../../../shared/src/syntax/yaml/values';
import { plainContext } from '../../../tools/lint-context';

/** Three small rules, so that tests of the engine do not depend on what the real ones say. */
export const fakeRules: readonly Rule[] = [
  defineRule({
    id: 'kubernetes/fake-host',
    title: 'Fake: host process namespace',
    severity: 'error',
    category: 'isolation',
    profile: 'baseline',
    supersedes: ['kubernetes/fake-any'],
    messages: { shared: { text: 'Pod of {name} shares processes' } },
    fixes: { remove: { title: 'Remove hostPID', class: 'attended' } },
    on: {
      pod(pod, report) {
        const entry = pod.node.entry('hostPID');
        if (!entry || booleanOf(entry.value) !== true) return;
        report(
          entry.range,
          'shared',
          { name: pod.object.name ?? '' },
          violates('baseline'),
          report.fix('remove', () => [{ type: 'yaml.remove', path: [...pod.path, 'hostPID'] }]),
        );
      },
    },
  }),
  defineRule({
    id: 'kubernetes/fake-any',
    title: 'Fake: any host field',
    severity: 'info',
    category: 'isolation',
    profile: 'baseline',
    messages: { found: { text: 'Host field' } },
    on: {
      pod(pod, report) {
        for (const entry of pod.node.entries) if (entry.name.startsWith('host') && entry.key) report(entry.key.range, 'found');
      },
    },
  }),
  defineRule({
    id: 'kubernetes/fake-escalation',
    title: 'Fake: escalation',
    severity: 'warning',
    category: 'privilege',
    profile: 'restricted',
    needsWhole: true,
    messages: { unset: { text: 'Container {name} may escalate' }, strict: { text: 'Container {name} again', profile: 'strict' } },
    fixes: { forbid: { title: 'Forbid', class: 'safe' } },
    on: {
      container(container, report) {
        if (container.securityContext?.get('allowPrivilegeEscalation') !== undefined) return;
        const path = [...container.path, 'securityContext', 'allowPrivilegeEscalation'];
        report(
          container.reportRange,
          'unset',
          { name: container.name ?? '' },
          report.fix('forbid', () => [{ type: 'yaml.set', path, value: false }]),
        );
        report(container.reportRange, 'strict', { name: container.name ?? '' });
      },
    },
  }),
  defineRule({
    id: 'dockerfile/fake-run',
    title: 'Fake: RUN',
    severity: 'warning',
    category: 'surface',
    profile: 'baseline',
    messages: { found: { text: 'RUN found' } },
    on: {
      instruction(instruction, report) {
        if (instruction.keyword === 'RUN') report(instruction.keywordRange, 'found');
      },
    },
  }),
  defineRule({
    id: 'dockerfile/fake-crash',
    title: 'Fake: crash',
    severity: 'warning',
    category: 'surface',
    profile: 'baseline',
    messages: { found: { text: 'never' } },
    on: {
      instruction(instruction) {
        if (instruction.keyword === 'USER') throw new Error('on purpose');
      },
    },
  }),
];

/** What is in force in tests of the engine. */
export const fakeContext: LintContext = plainContext();
