import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addDockerfile, bulkhead, canDropRights, folder, privilegedPod, today } from './cli';

const hardened = addDockerfile.replace('ADD', 'COPY');
const has = (command: string): boolean => spawnSync(command, ['--version']).status === 0;

describe('harden', () => {
  test('prints a diff alone on standard output, what is left on standard error, and changes nothing', () => {
    const { path: cwd, read } = folder({ Dockerfile: addDockerfile, 'a.yaml': privilegedPod });
    const { stdout, stderr, code } = bulkhead(['harden', '--safe-only', ...today], { cwd });
    expect(code).toBe(0);
    expect(stdout).toBe(
      '--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,3 +1,3 @@\n # build\n FROM node:20.11.1\n-ADD a.txt /x/\n+COPY a.txt /x/\n',
    );
    expect(stderr).toMatch(/^Dockerfile: 1 finding fixed$/m);
    expect(stderr).toMatch(/^left for you to resolve:$/m);
    expect(stderr).toMatch(/^ {2}a\.yaml:10:\d+: .* \[kubernetes\/privileged\]: /m);
    expect(read('Dockerfile')).toBe(addDockerfile);
  });

  test('leaves what a program writes, and says so', () => {
    const { path: cwd } = folder({ Dockerfile: `# DO NOT EDIT. Edit base.template and use update.sh\n${addDockerfile}` });
    const { stdout, stderr, code } = bulkhead(['harden', '--check', ...today], { cwd });
    expect([stdout, code]).toEqual(['', 0]);
    expect(stderr).toMatch(/\[dockerfile\/add-for-copy\]: the file is generated: change its source instead$/m);
  });

  test('counts by rule what is left of a tree, with totals, and lists each with --verbose', () => {
    const files = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${i}.yaml`, privilegedPod]));
    const { path: cwd } = folder({ ...files, Dockerfile: addDockerfile });
    const { stderr } = bulkhead(['harden', '--safe-only', ...today], { cwd });
    expect(stderr).toMatch(/^left for you to resolve:\n {2} {3}12 {2}kubernetes\//m);
    expect(stderr).not.toMatch(/^ {2}0\.yaml:/m);
    const [, total] = /^1 file to change: 1 finding fixed, (\d+) left for you to resolve \(--verbose lists each\)$/m.exec(stderr)!;
    const verbose = bulkhead(['harden', '--safe-only', '--verbose', ...today], { cwd }).stderr;
    expect(verbose.match(/^ {2}\S+:\d+:\d+: /gm)).toHaveLength(Number(total));
    expect(bulkhead(['harden', '--safe-only', '--write', ...today], { cwd }).stderr).toMatch(/^1 file changed: /m);
  });

  test('lists what only you can fill, with what to write, and writes none of it', () => {
    const text = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: example.com/web:1.2
      resources:
        requests: {cpu: 1, memory: 1Mi}
`;
    const { path: cwd, read } = folder({ 'a.yaml': text });
    const { stdout, stderr } = bulkhead(['harden', '--accept', 'all', ...today], { cwd });
    expect(stdout).not.toMatch(/limits|bulkheadPlace/);
    const noted = /\[kubernetes\/missing-memory-limit\]: needs a value from the configuration\n((?: {6}\|.*\n)*)/.exec(stderr);
    expect(noted?.[1]).toBe('      | limits:\n      |   memory: ‹...›\n');
    const json = <T>(args: readonly string[]): T => JSON.parse(bulkhead([...args, '--format', 'json', ...today], { cwd }).stdout) as T;
    const report = json<{ files: { left: { rule: string }[] }[] }>(['harden']);
    const left = report.files[0]!.left.find(({ rule }) => rule === 'kubernetes/missing-memory-limit');
    expect(left).toMatchObject({ reasonId: 'needs-value', snippet: 'limits:\n  memory: ${1}' });
    const linted = json<{ files: { findings: { rule: string; fixes: object[] }[] }[] }>(['lint']);
    const memory = linted.files[0]!.findings.find(({ rule }) => rule === 'kubernetes/missing-memory-limit');
    const snippet = expect.stringMatching(/^\s+limits:\n\s+memory: \$\{1\}\n?$/) as string;
    expect(memory!.fixes).toEqual([
      {
        id: 'enter',
        title: 'Limit memory to a value that you enter',
        class: 'attended',
        assumes: [],
        needs: 'input',
        changes: [],
        input: [{ path: 'a.yaml', edits: [{ range: expect.anything() as object, snippet }] }],
      },
    ]);
    bulkhead(['lint', '--fix', ...today], { cwd });
    bulkhead(['harden', '--write', ...today], { cwd });
    expect(read('a.yaml')).not.toMatch(/limits|bulkheadPlace/);
  });

  test.each([['notes.yaml', 'replicas: 1\n', 'the text has no apiVersion and kind keys']])(
    'says of a named %s that it is not checked',
    (name, text, why) => {
      const { path: cwd, read } = folder({ [name]: text });
      const { stdout, stderr, code } = bulkhead(['harden', '--write', name], { cwd });
      expect({ stdout, code }).toEqual({ stdout: '', code: bulkhead(['lint', name], { cwd }).code });
      expect(stderr).toMatch(`bulkhead: ${name}: not checked: ${why}\n`);
      expect(read(name)).toBe(text);
      expect(bulkhead(['harden', '.'], { cwd }).stderr).not.toContain('not checked');
    },
  );

  test.each([
    ['plain', addDockerfile],
    ['CRLF', addDockerfile.replaceAll('\n', '\r\n')],
    ['no final newline', addDockerfile.trimEnd()],
    ['byte order mark', `\ufeff${addDockerfile}`],
    ['carriage returns inside', addDockerfile.replace('a.txt', 'a\u2028é.txt')],
  ])('the diff can be applied: %s', (_name, text) => {
    const { path: cwd, read } = folder({ 'my dir/Dockerfile': text });
    const { stdout } = bulkhead(['harden', '--safe-only'], { cwd });
    expect(stdout).not.toBe('');
    writeFileSync(join(cwd, 'p.diff'), stdout);
    const tool = has('git')
      ? spawnSync('git', ['apply', 'p.diff'], { cwd, encoding: 'utf8' })
      : spawnSync('patch', ['--binary', '-p1', '-i', 'p.diff'], { cwd, encoding: 'utf8' });
    expect({ status: tool.status, stderr: tool.stderr }).toEqual({ status: 0, stderr: '' });
    expect(read('my dir/Dockerfile')).toBe(text.replace('ADD', 'COPY'));
  });

  test('--write changes the files in one step, keeps mode bits, and finds nothing the second time', () => {
    const { path: cwd, read } = folder({ Dockerfile: addDockerfile });
    chmodSync(join(cwd, 'Dockerfile'), 0o640);
    expect(bulkhead(['harden', '--safe-only', '--write', ...today], { cwd })).toMatchObject({
      code: 0,
      stdout: 'Dockerfile: hardened, 1 finding fixed\n',
    });
    expect(read('Dockerfile')).toBe(hardened);
    expect(statSync(join(cwd, 'Dockerfile')).mode & 0o777).toBe(0o640);
    expect(readdirSync(cwd)).toEqual(['Dockerfile']);
    expect(bulkhead(['harden', '--safe-only', '--write', ...today], { cwd }).stdout).toBe('');
  });

  test('--check', () => {
    const { path: cwd, read } = folder({ Dockerfile: addDockerfile, 'fine/Dockerfile': hardened });
    expect(bulkhead(['harden', '--check', '--safe-only', 'Dockerfile'], { cwd }).code).toBe(1);
    expect(bulkhead(['harden', '--check', '--safe-only', 'fine'], { cwd }).code).toBe(0);
    expect(read('Dockerfile')).toBe(addDockerfile);
  });

  test('standard input: the hardened text alone', () => {
    const { path: cwd } = folder();
    const run = (input: string, ...args: string[]) =>
      bulkhead(['harden', '--safe-only', '--stdin-filename', 'Dockerfile', ...args], { cwd, input });
    expect(run(addDockerfile)).toMatchObject({ code: 0, stdout: hardened });
    expect(run(hardened)).toMatchObject({ code: 0, stdout: hardened });
    expect(run(addDockerfile, '--check')).toMatchObject({ code: 1, stdout: hardened });
    expect(bulkhead(['harden', '--stdin-filename', 'notes.txt'], { cwd, input: 'as it is\r\n' })).toMatchObject({
      code: 2,
      stdout: 'as it is\r\n',
    });
  });

  test('--format json', () => {
    const { path: cwd } = folder({ Dockerfile: addDockerfile, 'a.yaml': privilegedPod });
    const { stdout, code, stderr } = bulkhead(['harden', '--safe-only', '--format', 'json', ...today], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report = JSON.parse(stdout) as { files: { path: string; left: { rule: string; range: unknown; reasonId: string }[] }[] };
    expect(report).toMatchObject({
      schemaVersion: 1,
      today: '2026-11-24',
      files: [
        {
          path: 'Dockerfile',
          family: 'dockerfile',
          changed: true,
          written: false,
          applied: [{ rule: 'dockerfile/add-for-copy', fix: { class: 'safe', assumes: [] } }],
          changes: [
            {
              path: 'Dockerfile',
              edits: [{ range: { start: { line: 2, character: 0 }, end: { line: 2, character: 3 } }, newText: 'COPY' }],
            },
          ],
        },
        { path: 'a.yaml', family: 'kubernetes', changed: false },
      ],
      summary: { files: 2, changed: 1, applied: 1 },
    });
    const left = report.files[1]?.left.find(item => item.rule === 'kubernetes/privileged');
    expect(left).toMatchObject({ reasonId: 'attended', range: { start: { line: 9 } } });
  });

  test('--accept applies the fixes that need an agreement, of the rules that it names', () => {
    const { path: cwd } = folder({ 'a.yaml': privilegedPod });
    const run = (...args: string[]) => bulkhead(['harden', ...args, ...today], { cwd });
    const gone = /^-\s+privileged: true$/m;
    expect(run().stdout).not.toMatch(gone);
    expect(run('--accept', 'kubernetes/host-pid, kubernetes/privileged').stdout).toMatch(gone);
    expect(run('--accept', 'kubernetes/host-pid', '--accept', 'all').stdout).toMatch(gone);
    expect(run('--accept', 'kubernetes/host-pid').stdout).not.toMatch(gone);
    expect(run('--accept', 'kubernetes/privileged,host-pid')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('bulkhead: --accept: unknown rule "host-pid"; did you mean kubernetes/host-pid?') as string,
    });
    expect(run('--accept', 'all', '--safe-only')).toMatchObject({ code: 2, stdout: '' });
  });

  test('what speaks against a fix is said', () => {
    const { path: cwd } = folder({ 'a.yaml': privilegedPod.replace('spec:', 'spec:\n  serviceAccountName: web') });
    const { stderr } = bulkhead(['harden', ...today], { cwd });
    const seen = 'No container in the pod talks to the API server as the service account "web", which no file here defines';
    expect(stderr).toContain(`[kubernetes/service-account-token]: needs your confirmation that it is correct: ${seen}\n`);
    const { stdout } = bulkhead(['harden', '--format', 'json', ...today], { cwd });
    const { files } = JSON.parse(stdout) as { files: { left: { rule: string; evidence: string[] }[] }[] };
    expect(files[0]!.left.filter(({ evidence }) => evidence.length > 0)).toMatchObject([
      { rule: 'kubernetes/service-account-token', evidence: [seen] },
    ]);
  });

  test('places of what is left are those of the file on disk', () => {
    // the longer keyword moves what follows it on the line
    const text = 'FROM node:20.11.1\nADD a.txt b.txt x\n';
    const { path: cwd } = folder({ Dockerfile: text });
    const places = (...args: string[]): unknown[] => {
      const { stdout } = bulkhead(['harden', '--safe-only', '--format', 'json', ...args], { cwd });
      const [file] = (JSON.parse(stdout) as { files: { left: { range: { start: { line: number; character: number } } }[] }[] }).files;
      return file!.left.filter(item => item.range.start.line === 0).map(item => item.range.start.character);
    };
    expect(places()).toEqual(places('--write'));
  });

  test.each<[args: string[]]>([
    [['--write', '--check']],
    [['--write', '--stdin-filename', 'Dockerfile']],
    [['--pin']],
    [['--format', 'sarif']],
  ])('%j is invalid usage', args => {
    const { path: cwd, read } = folder({ Dockerfile: addDockerfile });
    expect(bulkhead(['harden', ...args], { cwd }).code).toBe(2);
    expect(read('Dockerfile')).toBe(addDockerfile);
  });

  test('under a wrong configuration nothing is written', () => {
    const { path: cwd, read } = folder({ Dockerfile: addDockerfile, '.bulkhead.yaml': 'exclud: [Dockerfile]\n' });
    for (const args of [
      ['harden', '--write'],
      ['lint', '--fix'],
    ]) {
      const { code, stderr } = bulkhead(args, { cwd });
      expect(code).toBe(2);
      expect(stderr).toContain('bulkhead: Dockerfile: not written: the configuration .bulkhead.yaml is invalid\n');
      expect(read('Dockerfile')).toBe(addDockerfile);
    }
  });

  test('a file that is not valid UTF-8 is never written', () => {
    const bytes = Buffer.from('FROM node:20.11.1\n# caf\xe9\nADD a b\n', 'latin1');
    const { path: cwd } = folder({ Dockerfile: bytes });
    expect(bulkhead(['harden', '--write'], { cwd })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'bulkhead: Dockerfile: is not valid UTF-8 (line 2)\n',
    });
    expect(statSync(join(cwd, 'Dockerfile')).size).toBe(bytes.length);
  });

  test.runIf(canDropRights)('a read-only file stays as it is, and the rest is written', () => {
    const { path: cwd, read, write } = folder({ Dockerfile: addDockerfile, 'b/Dockerfile': addDockerfile });
    chmodSync(write('a/Dockerfile', addDockerfile), 0o444);
    for (const name of ['a', 'b']) chmodSync(join(cwd, name), 0o777);
    for (const name of ['Dockerfile', 'b/Dockerfile']) chmodSync(join(cwd, name), 0o666);
    const { code, stderr } = bulkhead(['harden', '--write', '--safe-only'], { cwd, unprivileged: true });
    expect({ code, last: stderr.trim().split('\n').at(-1) }).toEqual({
      code: 2,
      last: 'bulkhead: a/Dockerfile: not written: is read-only',
    });
    expect(['Dockerfile', 'a/Dockerfile', 'b/Dockerfile'].map(read)).toEqual([hardened, addDockerfile, hardened]);
  });

  test.runIf(canDropRights)('a folder that takes no new file: nothing is written half', () => {
    const { path: cwd, read } = folder({ 'a/Dockerfile': addDockerfile });
    chmodSync(join(cwd, 'a/Dockerfile'), 0o666);
    chmodSync(join(cwd, 'a'), 0o555);
    expect(bulkhead(['harden', '--write', '--safe-only'], { cwd, unprivileged: true }).code).toBe(2);
    chmodSync(join(cwd, 'a'), 0o755);
    expect(read('a/Dockerfile')).toBe(addDockerfile);
    expect(readdirSync(join(cwd, 'a'))).toEqual(['Dockerfile']);
  });
});
