import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bulkhead, folder, today } from './cli';

/** `customRules` on the command line: what is reported, listed, explained and tested. */

const config = `customRules:
  - id: custom/replicas
    kind: Deployment
    cel: object.spec.replicas >= 2
    message: Two replicas at least
    tests:
      - { text: "apiVersion: apps/v1\\nkind: Deployment\\nspec: { replicas: 1 }", reports: true }
      - { text: "apiVersion: apps/v1\\nkind: Deployment\\nspec: { replicas: 2 }", reports: false }
  - id: custom/root
    family: dockerfile
    cel: has(object.user)
    message: Stages name their user
    tests:
      - { text: FROM scratch, reports: true }
`;
const deployment = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 1\n';

function run(args: readonly string[], own = config) {
  const { path } = folder({ '.bulkhead.yaml': own, 'web.yaml': deployment, '.git/HEAD': '' });
  return bulkhead(args, { cwd: path });
}

interface Sarif {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string; readonly helpUri?: string }[] } };
    readonly results: readonly { readonly ruleId: string; readonly ruleIndex: number }[];
  }[];
}

describe('rules of the configuration', () => {
  test('are reported, and stand in the log of SARIF', () => {
    expect(run(['lint', '--format', 'concise', ...today]).stdout).toContain(
      'web.yaml:6:13: warning: Two replicas at least [custom/replicas]\n',
    );
    const [log] = (JSON.parse(run(['lint', '--format', 'sarif', ...today]).stdout) as Sarif).runs;
    const found = log!.results.find(({ ruleId }) => ruleId === 'custom/replicas');
    expect(log!.tool.driver.rules[found!.ruleIndex]?.id).toBe('custom/replicas');
    expect(log!.tool.driver.rules[found!.ruleIndex]?.helpUri).toBeUndefined();
  });

  test('are asked anew when they have changed', () => {
    const { path } = folder({ '.bulkhead.yaml': config, 'web.yaml': deployment, '.git/HEAD': '' });
    const lint = (): string => bulkhead(['lint', '--format', 'concise', ...today], { cwd: path }).stdout;
    expect([lint(), lint()].map(text => text.includes('custom/replicas'))).toEqual([true, true]);
    writeFileSync(join(path, '.bulkhead.yaml'), config.replace('>= 2', '>= 1'));
    expect(lint()).not.toContain('custom/replicas');
  });

  test('are switched off by the command line', () => {
    expect(run(['lint', '--rule', 'custom/replicas=off', '--format', 'concise', ...today]).stdout).not.toContain('custom/');
  });

  test('go into a baseline', () => {
    const { path } = folder({ '.bulkhead.yaml': config, 'web.yaml': deployment, '.git/HEAD': '' });
    bulkhead(['baseline', '--output-file', 'known.json', ...today], { cwd: path });
    const args = ['lint', '--baseline', 'known.json', '--format', 'concise', ...today];
    expect(bulkhead(args, { cwd: path }).stdout).not.toContain('custom/');
  });

  test('are listed and explained', () => {
    expect(run(['rules']).stdout).toMatch(/^custom\/replicas +warning +baseline +Two replicas at least$/m);
    expect(run(['explain', 'custom/replicas']).stdout).toContain('object.spec.replicas >= 2');
    const { code, stderr } = run(['explain', 'custom/replica']);
    expect([code, stderr]).toEqual([
      2,
      'bulkhead: no configuration here has a rule "custom/replica"; did you mean custom/replicas?; see bulkhead explain --help\n',
    ]);
  });

  test.each<readonly [what: string, own: string, code: number, output: string]>([
    ['that pass', config, 0, '3 tests of 2 rules, 0 failed\n'],
    [
      'that fail',
      config.replace('reports: false', 'reports: true'),
      1,
      '.bulkhead.yaml:8: custom/replicas: test 2: it reports nothing, and should\n3 tests of 2 rules, 1 failed\n',
    ],
    [
      'of another text',
      config.replace('FROM scratch', 'nothing'),
      1,
      '.bulkhead.yaml:14: custom/root: test 1: it reports nothing, and should\n3 tests of 2 rules, 1 failed\n',
    ],
    ['in a configuration that is wrong', `profil: x\n${config}`, 2, '3 tests of 2 rules, 0 failed\n'],
  ])('have tests %s', (_what, own, code, output) => {
    const ran = run(['rules', '--test'], own);
    expect([ran.code, ran.stdout]).toEqual([code, output]);
  });
});
