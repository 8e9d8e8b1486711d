import { expect, test } from 'vitest';
import { bulkhead, folder, today } from './cli';

const config = '.bulkhead.yaml';

test('rulesVersion keeps the severities of a version, also where results are kept', () => {
  const { path: cwd, write } = folder({ 'compose.yaml': 'services:\n  web:\n    image: example.com/web:1.4\n' });
  const severity = (...args: string[]): unknown => {
    const { stdout } = bulkhead(['lint', '--format', 'json', ...today, ...args], { cwd });
    const { files } = JSON.parse(stdout) as { files: { findings: { rule: string; severity: string }[] }[] };
    return files[0]!.findings.find(({ rule }) => rule === 'compose/missing-memory-limit')?.severity;
  };
  expect(severity()).toBe('info');
  write(config, 'rulesVersion: 0.1.0\n');
  expect(severity()).toBe('warning');
  expect(severity('--rule', 'compose/missing-memory-limit=on', '--profile', 'baseline')).toBe('warning');
  expect(severity('--rule', 'compose/missing-memory-limit=hint')).toBe('hint');
});

test('a version that is not known is a problem of the configuration', () => {
  const { path: cwd } = folder({ [config]: 'rulesVersion: 0.9.9\n', Dockerfile: 'FROM scratch\n' });
  expect(bulkhead(['lint', ...today], { cwd })).toMatchObject({
    code: 2,
    stderr: 'bulkhead: .bulkhead.yaml: the configuration has a problem: rulesVersion must be one of 0.1.0, 0.2.0, not "0.9.9"\n',
  });
});

test('a baseline holds whatever its findings weigh', () => {
  const service = 'image: example.com/wg:1.4\n    cap_add: [NET_ADMIN]\n    environment: {DB_USER: a1, DB_PASSWORD: a1}\n';
  const { path: cwd, write } = folder({ 'compose.yaml': `services:\n  vpn:\n    ${service}`, [config]: 'rulesVersion: 0.1.0\n' });
  const run = (...args: string[]) => bulkhead([...args, ...today], { cwd });
  run('baseline');
  write(config, 'rulesVersion: 0.2.0\n');
  expect(run('lint', '--baseline', '.bulkhead-baseline.json', '--fail-on', 'hint')).toMatchObject({ code: 0, stderr: '' });
  expect(run('baseline', '--check')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/: 0 findings would be added, 0 would be removed\n$/) as string,
  });
});
