import { defineRule, violates, type Rule } from '../../shared/src/rule/define-rule';
import { booleanOf } from '../../shared/src/syntax/yaml/values';

/** Small rules with fixes of every class, so that tests of the server do not depend on what the real ones say. */
export const fakeRules: readonly Rule[] = [
  defineRule({
    id: 'kubernetes/fake-privileged',
    title: 'Fake: privileged',
    severity: 'error',
    category: 'privilege',
    profile: 'baseline',
    references: { cisKubernetes: ['5.2.2'], cwe: ['CWE-250'] },
    peers: { 'kube-linter': ['privileged-container'], trivy: ['KSV-0017'] },
    messages: { found: { text: 'Container {name} is privileged' } },
    fixes: { off: { title: 'Set privileged to false', class: 'review' }, remove: { title: 'Remove privileged', class: 'attended' } },
    assumptions: { devices: 'no device of the node is needed' },
    on: {
      container(container, report) {
        const value = container.securityContext?.get('privileged');
        if (!value || booleanOf(value) !== true) return;
        const path = [...container.path, 'securityContext', 'privileged'];
        report(
          value.range,
          'found',
          { name: container.name ?? '' },
          violates('baseline'),
          report.fix('off', () => [{ type: 'yaml.set', path, value: false }], { assumes: [{ id: 'devices' }] }),
          report.fix('remove', () => [{ type: 'yaml.remove', path }]),
        );
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
    messages: { unset: { text: 'Container {name} may escalate' } },
    fixes: { forbid: { title: 'Forbid escalation', class: 'safe' } },
    on: {
      container(container, report) {
        const context = container.securityContext;
        if (context?.get('allowPrivilegeEscalation') !== undefined || booleanOf(context?.get('privileged')) === true) return;
        const path = [...container.path, 'securityContext', 'allowPrivilegeEscalation'];
        report(
          container.reportRange,
          'unset',
          { name: container.name ?? '' },
          report.fix('forbid', () => [{ type: 'yaml.set', path, value: false }]),
        );
      },
    },
  }),
  defineRule({
    id: 'kubernetes/fake-host',
    title: 'Fake: processes of the node',
    severity: 'error',
    category: 'isolation',
    profile: 'baseline',
    messages: { found: { text: "Pod sees the node's processes" } },
    fixes: { remove: { title: 'Remove hostPID', class: 'attended' } },
    on: {
      pod(pod, report) {
        const entry = pod.node.entry('hostPID');
        if (entry)
          report(
            entry.range,
            'found',
            {},
            report.fix('remove', () => [{ type: 'yaml.remove', path: [...pod.path, 'hostPID'] }]),
          );
      },
    },
  }),
  defineRule({
    id: 'kubernetes/fake-account',
    title: 'Fake: account of another file',
    severity: 'info',
    category: 'access',
    profile: 'restricted',
    messages: { mounts: { text: 'Account {name} mounts its token' }, account: { text: 'The account' } },
    on: {
      pod(pod, report, { workspace }) {
        const entry = pod.node.entry('serviceAccountName');
        if (entry?.value?.kind !== 'scalar') return;
        const name = entry.value.source;
        const account = workspace.serviceAccount(pod.object.namespace, name);
        if (account?.automount !== true) return;
        report(entry.value.range, 'mounts', { name }, report.related(account.range, 'account', {}, account.path));
      },
    },
  }),
  defineRule({
    id: 'dockerfile/fake-root',
    title: 'Fake: root',
    severity: 'warning',
    category: 'privilege',
    profile: 'baseline',
    messages: { root: { text: 'Runs as {user}' } },
    fixes: { number: { title: 'Use UID {uid}', class: 'safe' }, name: { title: 'Use the name app', class: 'review' } },
    on: {
      instruction(instruction, report, { defaults }) {
        const word = instruction.words[0];
        if (instruction.keyword !== 'USER' || word?.text !== 'root') return;
        const replace = (text: string) => () => [{ type: 'dockerfile.replace', range: word.range, text }] as const;
        report(
          word.range,
          'root',
          { user: 'root' },
          report.fix('number', replace(String(defaults.uid)), { data: { uid: defaults.uid } }),
          report.fix('name', replace('app')),
        );
      },
    },
  }),
  defineRule({
    id: 'dockerfile/fake-digest',
    title: 'Fake: no digest',
    severity: 'hint',
    category: 'supply-chain',
    profile: 'strict',
    messages: { missing: { text: 'No digest' } },
    fixes: { pin: { title: 'Pin', class: 'review' } },
    on: {
      instruction(instruction, report) {
        const word = instruction.words[0];
        if (instruction.keyword !== 'FROM' || !word) return;
        report(
          word.range,
          'missing',
          {},
          report.fix('pin', () => [], { needsDigest: word.text }),
        );
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
        if (instruction.keyword === 'LABEL') throw new Error('on purpose\nwith a second line');
      },
    },
  }),
];
