import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bulkhead, folder, privilegedPod, today } from './cli';

/** `extends`: a configuration of the organisation in a file of the repository, pinned by digest, that repositories cannot weaken. */

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const shared = `profile: restricted
rules:
  kubernetes/missing-memory-limit: error
  kubernetes/latest-tag: off
overrides:
  - files: dev/**
    rules: { kubernetes/missing-memory-limit: hint }
locked: [kubernetes/privileged, kubernetes/missing-memory-limit, profile, exclude]
`;

/** The rules found in `pod.yaml` with their severities, and what was said. */
function lint(own: string, base = shared, files: Readonly<Record<string, string>> = {}) {
  const config = `extends: { file: .bulkhead/base.yaml, sha256: ${hash(base)} }\n${own}`;
  const { path } = folder({ 'pod.yaml': privilegedPod, '.bulkhead/base.yaml': base, '.bulkhead.yaml': config, '.git/HEAD': '', ...files });
  const { code, stdout, stderr } = bulkhead(['lint', '--format', 'json', ...today], { cwd: path });
  const found = (JSON.parse(stdout) as { files: { path: string; findings: { rule: string; severity: string; message: string }[] }[] })
    .files;
  const of = (name: string): readonly string[] =>
    (found.find(file => file.path === name)?.findings ?? []).map(({ rule, severity }) => `${rule} ${severity}`);
  const wrong = found.find(file => file.path === '.bulkhead.yaml')?.findings.map(({ message }) => message) ?? [];
  return { code, stderr, of, wrong };
}

describe('extends', () => {
  test('what the shared file says holds, what stands here comes on top', () => {
    const plain = lint('');
    expect(plain.wrong).toEqual([]);
    expect(plain.of('pod.yaml')).toContain('kubernetes/missing-memory-limit error');
    // in `restricted` and in nothing below it
    expect(plain.of('pod.yaml')).toContain('kubernetes/privileged error');
    expect(plain.of('pod.yaml').filter(line => line.startsWith('kubernetes/missing-liveness-probe'))).toEqual([]);
    const more = lint('profile: strict\nrules: { kubernetes/latest-tag: error }\n', shared, {
      'latest.yaml': privilegedPod.replace(':1.2.3', ':latest'),
    });
    expect(more.wrong).toEqual([]);
    expect(more.of('latest.yaml')).toContain('kubernetes/latest-tag error');
  });

  test('overrides of the shared file hold, and come before what stands here', () => {
    const files = { 'dev/pod.yaml': privilegedPod };
    expect(lint('', shared, files).of('dev/pod.yaml')).toContain('kubernetes/missing-memory-limit hint');
    expect(lint('rules: { kubernetes/missing-memory-limit: error }\n', shared, files).of('dev/pod.yaml')).toContain(
      'kubernetes/missing-memory-limit error',
    );
  });

  test.each<[string, string, string]>([
    ['a rule off', 'rules: { kubernetes/privileged: off }', '"kubernetes/privileged" is locked by .bulkhead/base.yaml: at least error'],
    ['a rule lower', 'rules: { kubernetes/privileged: warning }', 'at least error'],
    [
      'with options around it',
      'rules: { kubernetes/missing-memory-limit: { severity: info } }',
      '"kubernetes/missing-memory-limit" is locked by .bulkhead/base.yaml: at least error',
    ],
    ['in an override', 'overrides: [{ files: pod.yaml, rules: { kubernetes/privileged: hint } }]', 'at least error'],
    ['an exception', 'exceptions: [{ rule: kubernetes/privileged, reason: we know }]', 'no exception can be made'],
    ['a lower profile', 'profile: baseline', 'profile is locked by .bulkhead/base.yaml: at least restricted'],
    ['files left out', 'exclude: [pod.yaml]', 'exclude is locked by .bulkhead/base.yaml'],
  ])('a repository cannot weaken what is locked: %s', (_name, own, message) => {
    const { code, wrong, of } = lint(`${own}\n`);
    expect(code).toBe(2);
    expect(wrong).toEqual([expect.stringContaining(message)]);
    expect(of('pod.yaml')).toContain('kubernetes/privileged error');
    expect(of('pod.yaml')).toContain('kubernetes/missing-memory-limit error');
  });

  test('stricter is no attempt to weaken it', () => {
    const { wrong } = lint(
      'profile: recommended\nrules: { kubernetes/privileged: error, kubernetes/missing-memory-limit: error, kubernetes/host-path: hint }\n',
    );
    expect(wrong).toEqual([]);
  });

  test.each<[string, string, string]>([
    [
      'another text than the digest says',
      `{ file: .bulkhead/base.yaml, sha256: ${'0'.repeat(64)} }`,
      'does not match sha256: its digest is ',
    ],
    ['no digest', '{ file: .bulkhead/base.yaml }', `the digest of .bulkhead/base.yaml is ${hash(shared)}`],
    ['no such file', `{ file: gone.yaml, sha256: ${hash(shared)} }`, 'gone.yaml cannot be read'],
    ['out of the folder', `{ file: ../base.yaml, sha256: ${hash(shared)} }`, 'must be in the folder of this configuration'],
    ['absolute', `{ file: /etc/base.yaml, sha256: ${hash(shared)} }`, 'must be in the folder of this configuration'],
    ['no map', 'base.yaml', 'extends must be a map'],
  ])('refused: %s', (_name, value, message) => {
    const { path } = folder({
      'pod.yaml': privilegedPod,
      '.bulkhead/base.yaml': shared,
      '.bulkhead.yaml': `extends: ${value}\n`,
      '.git/HEAD': '',
    });
    const { code, stderr } = bulkhead(['lint', ...today], { cwd: path });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test.each<[string, string, string]>([
    ['a shared file that is wrong', 'profil: strict\n', 'Unknown key "profil"'],
    ['one that extends another', `extends: { file: x.yaml, sha256: ${'0'.repeat(64)} }\n`, 'itself extends another configuration'],
    ['one that locks what is no rule', 'locked: [kubernetes/privilegd]\n', 'is neither a rule nor one of'],
  ])('%s says so', (_name, base, message) => {
    const { code, wrong } = lint('', base);
    expect(code).toBe(2);
    expect(wrong.join()).toContain(message);
  });
});
