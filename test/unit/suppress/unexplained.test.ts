import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../shared/src/engine/config/parse';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { createWords } from '../../../shared/src/output/report/words';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine(rules);
const words = createWords(rules);

/** What is said of suppressions that give no reason, each with the text that it underlines. */
function unexplained(path: string, text: string, requireReason = true): (readonly [string, string])[] {
  const context = plainContext();
  const { findings } = engine.open({ path, text }).lint({ ...context, config: { ...context.config, requireReason } });
  return findings
    .filter(({ rule }) => rule === 'bulkhead/unexplained-suppression')
    .map(finding => {
      expect(finding).toMatchObject({ severity: 'warning', suppression: null });
      return [words.message(finding), text.slice(finding.range.start, finding.range.end)] as const;
    });
}

describe('suppressions that must give a reason', () => {
  const directive = '# bulkhead-ignore dockerfile/root-user, dockerfile/missing-digest';
  const dockerfile = `${directive}\nFROM node:22\nCMD ["node", "x"]\n`;

  test('one without is a finding at its comment, and still applies', () => {
    expect(unexplained('Dockerfile', dockerfile)).toEqual([
      ['Suppression of dockerfile/root-user, dockerfile/missing-digest gives no reason', directive],
    ]);
    expect(unexplained('Dockerfile', dockerfile, false)).toEqual([]);
    expect(unexplained('Dockerfile', dockerfile.replace(directive, `${directive} -- it needs root`))).toEqual([]);
  });

  test('it cannot be suppressed itself', () => {
    const file = '# bulkhead-ignore-file bulkhead/unexplained-suppression -- quiet\n';
    expect(unexplained('Dockerfile', `${file}${dockerfile}`)).toHaveLength(1);
  });

  test('one that names no rule of ours is a finding of another kind only', () => {
    expect(unexplained('Dockerfile', dockerfile.replace(/dockerfile\/[\w-]+/g, 'dockerfile/nothing'))).toEqual([]);
  });

  test('those of other tools, each comment once, and not those of which nothing here takes notice', () => {
    const text = `# hadolint ignore=DL3002,DL3006\nFROM node:22\n# checkov:skip=CKV_DOCKER_2:a batch job\n# hadolint ignore=DL9999\nUSER root\n`;
    expect(unexplained('Dockerfile', text)).toEqual([['Suppression for hadolint gives no reason', '# hadolint ignore=DL3002,DL3006']]);
  });

  test('annotations, ours and those of others', () => {
    const text = `apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    bulkhead.dev/ignore: kubernetes/host-network
    ignore-check.kube-linter.io/host-network: the agent configures it
    polaris.fairwinds.com/hostNetworkSet-exempt: "true"
spec:
  hostNetwork: true
`;
    expect(unexplained('web.yaml', text)).toEqual([
      ['Suppression of kubernetes/host-network gives no reason', 'kubernetes/host-network'],
      ['Suppression for polaris gives no reason', 'true'],
    ]);
  });
});

describe('exceptions that must give a reason', () => {
  const names = (text: string): string[] =>
    parseConfig(text, rules).unexplained.map(({ rule, range }) => {
      expect(text.slice(range.start, range.end)).toBe(rule);
      return rule;
    });
  const exceptions = 'exceptions:\n  - rule: kubernetes/host-pid\n  - rule: kubernetes/host-ipc\n    reason: why\n';

  test('are found at the name of their rule', () => {
    expect(names(`requireReason: true\n${exceptions}`)).toEqual(['kubernetes/host-pid']);
    expect(names(`# above\n---\nrequireReason: true\n${exceptions}`)).toEqual(['kubernetes/host-pid']);
    expect(names(exceptions)).toEqual([]);
  });

  test('an override decides for its own', () => {
    const override = (own: string): string =>
      `overrides:\n  - files: a\n${own}    exceptions:\n      - rule: kubernetes/host-network\n${exceptions}`;
    expect(names(`requireReason: true\n${override('')}`)).toEqual(['kubernetes/host-network', 'kubernetes/host-pid']);
    expect(names(`requireReason: true\n${override('    requireReason: false\n')}`)).toEqual(['kubernetes/host-pid']);
    expect(names(override('    requireReason: true\n'))).toEqual(['kubernetes/host-network']);
  });

  test('the key is a switch', () => {
    expect(parseConfig('requireReason: yes please\n', rules).problems.map(({ message }) => message)).toEqual([
      'requireReason must be true or false',
    ]);
  });
});
