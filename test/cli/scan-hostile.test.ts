import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installScanner, type FakeScanner } from '../support/fake-scanner';
import { entry, trivyJson } from '../support/scan-report';
import { bulkhead, cli, folder } from './cli';

/** A repository of an attacker, and a scanner whose report quotes one. */

function scanned(files: Readonly<Record<string, string>>, fake: FakeScanner = {}, args: readonly string[] = []) {
  const tools = folder();
  const scanner = installScanner(tools.path, 'trivy', { report: trivyJson([]), ...fake });
  const checked = folder(files);
  const ran = bulkhead(['scan', ...args], { cwd: checked.path, env: { PATH: tools.path } });
  return { ...ran, path: checked.path, calls: scanner.calls().filter(({ args: [first] }) => first === 'image') };
}

const dockerfile = { Dockerfile: 'FROM registry.example/app:1.0\n' };
// eslint-disable-next-line no-control-regex -- what steers a terminal is what is looked for
const steers = /[\u0000-\u0008\u000b-\u001f\u007f\u009b\u202a-\u202e\u2066-\u2069]/;

describe('a name of an image', () => {
  it.each([
    '--config=/etc/passwd',
    '--output=stolen',
    '-h',
    'app:1\\n--server',
    '$(touch stolen)',
    '`touch stolen`',
    ';touch stolen',
    '../../etc/passwd',
    '/etc/passwd',
    'file:///etc/passwd',
    'app:1 --format template',
    '\\u001b]0;title\\u0007app:1',
    'registry.example/[x](command:y):1',
  ])('is never an option, a path or a command: %s', name => {
    const { calls, code, stdout, stderr } = scanned({ 'compose.yaml': `services:\n  a:\n    image: "${name}"\n` });
    for (const { args } of calls) {
      expect(args.at(-2)).toBe('--');
      expect(args.at(-1)).toMatch(/^[a-z0-9][\w./:@-]*$/);
    }
    expect(calls).toEqual([]);
    expect(stdout + stderr).not.toMatch(steers);
    // it costs nothing: whoever lints hears of it
    expect(code).toBe(0);
  });
});

describe('an ignore file', () => {
  const bomb = ['a: &a [x]', ...'bcdefghij'.split('').map((name, i) => `${name}: &${name} [${`*${'abcdefghij'[i]}, `.repeat(9)}x]`)].join(
    '\n',
  );
  it.each([
    ['of another kind', '[1, 2]\n', true],
    ['that is no YAML', 'vulnerabilities: [', true],
    ['that is a bomb of aliases', `${bomb}\n`, true],
    ['with anchors', 'vulnerabilities: &x\n  - id: CVE-2099-1\nmore: *x\n', true],
    ['of half a megabyte', `# ${'x'.repeat(500_000)}\n`, true],
    ['of ten megabytes', `# ${'x'.repeat(10 << 20)}\n`, false],
  ])('%s is passed on unread, or told of', (_, text, isPassed) => {
    const { calls, stderr, code } = scanned({ ...dockerfile, '.trivyignore.yaml': text });
    expect(calls).toHaveLength(1);
    expect(calls[0]!.files['.trivyignore.yaml']).toBe(isPassed ? text : undefined);
    expect(code).toBe(isPassed ? 0 : 2);
    if (!isPassed) expect(stderr).toContain('.trivyignore.yaml');
  });

  it('that leads out of the repository is not passed on', () => {
    const outside = folder({ secret: 'password: hunter2example\n' });
    const tools = folder();
    const scanner = installScanner(tools.path, 'trivy', { report: trivyJson([]) });
    const checked = folder(dockerfile);
    mkdirSync(join(checked.path, '.git'));
    symlinkSync(join(outside.path, 'secret'), join(checked.path, '.trivyignore.yaml'));
    const { stderr } = bulkhead(['scan'], { cwd: checked.path, env: { PATH: tools.path } });
    const call = scanner.calls().find(({ args }) => args[0] === 'image')!;
    expect(call.args).not.toContain('--ignorefile');
    expect(JSON.stringify(call.files)).not.toContain('hunter2example');
    expect(stderr).not.toContain('hunter2example');
  });
});

describe('a report that quotes an attacker', () => {
  const evil = '\u001b[2J\u009b31m\u202e[click](command:x) ![i](https://outside.example/i.png) <img src=x>\r\n::error::y\n# h';
  const report = trivyJson(
    [{ ...entry('CVE-2099-1', 'HIGH', evil, evil), Title: evil, InstalledVersion: evil, PrimaryURL: 'javascript:alert(1)' }],
    {
      Results: [
        {
          Vulnerabilities: [{ ...entry('CVE-2099-1', 'HIGH', evil, evil), Title: evil, InstalledVersion: evil }],
          ExperimentalModifiedFindings: [
            { Type: 'vulnerability', Status: 'ignored', Statement: evil, Source: evil, Finding: entry(evil, 'LOW', null, evil) },
          ],
        },
      ],
      Metadata: { OS: { Family: evil, Name: evil, EOSL: true }, RepoTags: [evil], RepoDigests: [evil] },
    },
  );
  it.each(['text', 'concise', 'github', 'markdown', 'json', 'sarif', 'gitlab', 'junit', 'rdjson'])('steers nothing in %s', format => {
    const { stdout, stderr, code } = scanned(dockerfile, { report, errors: `${evil}\n` }, ['--format', format]);
    expect(code).toBe(1);
    expect(stdout + stderr).not.toMatch(steers);
    expect(stderr).not.toMatch(/^::error::y/m);
    // a command of GitHub's is one at the start of a line
    expect(stdout.split('\n').filter(line => line.startsWith('::') && !line.startsWith('::warning file=Dockerfile'))).toEqual([]);
    if (format === 'markdown') {
      expect(stdout).not.toMatch(/(?<!\\)\[click(?<!\\)\]\(command:/);
      expect(stdout).not.toMatch(/(?<!\\)<img/);
    }
  });
});

it('a scanner that floods its standard error costs its image, and no memory', () => {
  const { code, stderr } = scanned(dockerfile, { instead: 'flood-errors' });
  expect(code).toBe(2);
  expect(stderr.length).toBeLessThan(5000);
  expect(stderr).toContain('registry.example/app:1.0: not scanned: Trivy: ');
});

it('two runs at once do not disturb each other', async () => {
  const tools = folder();
  installScanner(tools.path, 'trivy', { report: trivyJson([entry('CVE-2099-1', 'HIGH', '1.1')]) });
  const checked = folder(dockerfile);
  const run = (): Promise<{ readonly code: number | null; readonly stdout: string }> =>
    new Promise(resolve => {
      const env = { ...process.env, PATH: tools.path, XDG_CACHE_HOME: tools.path };
      const child = spawn(process.execPath, [cli, 'scan', '--format', 'json'], { cwd: checked.path, env });
      let stdout = '';
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
      child.on('close', code => resolve({ code, stdout }));
    });
  const runs = await Promise.all([run(), run(), run()]);
  expect(runs.map(({ code }) => code)).toEqual([1, 1, 1]);
  const files = runs.map(({ stdout }) => (JSON.parse(stdout) as { files: unknown }).files);
  expect(files.slice(1)).toEqual([files[0], files[0]]);
});
