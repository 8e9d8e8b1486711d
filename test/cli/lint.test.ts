import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { addDockerfile, bulkhead, canDropRights, finePod, folder, privilegedPod, today } from './cli';

interface JsonFinding {
  readonly rule: string;
  readonly suppressed: boolean;
  readonly [member: string]: unknown;
}
interface JsonReport {
  readonly files: readonly { readonly path: string; readonly family: string; readonly findings: readonly JsonFinding[] }[];
  readonly summary: { readonly files: number; readonly findings: Record<string, number>; readonly durationMs: number };
  readonly [member: string]: unknown;
}

/** The findings of a run by path. */
function lintJson(args: readonly string[], cwd: string, input?: string): { report: JsonReport; code: number | null; stderr: string } {
  const { stdout, code, stderr } = bulkhead(['lint', '--format', 'json', ...today, ...args], {
    cwd,
    ...(input !== undefined && { input }),
  });
  return { report: JSON.parse(stdout) as JsonReport, code, stderr };
}

const paths = (report: JsonReport): string[] => report.files.map(file => file.path);
/** What is said of files that were not read, by path. */
const unreadIn = (report: JsonReport): Record<string, unknown> =>
  Object.fromEntries(
    report.files.flatMap(({ path, findings }) =>
      findings.filter(({ rule }) => rule === 'bulkhead/incomplete').map(({ message }) => [path, message]),
    ),
  );
const rulesOf = (report: JsonReport, path: string): string[] =>
  report.files.find(file => file.path === path)?.findings.map(f => f.rule) ?? [];

describe('exit codes', () => {
  const { path: cwd } = folder({ 'bad.yaml': privilegedPod, 'fine.yaml': finePod, Dockerfile: addDockerfile });
  test.each<[args: string[], code: number]>([
    [['fine.yaml'], 0],
    [['bad.yaml'], 1],
    [['.'], 1],
    [[], 1],
    [['bad.yaml', '--fail-on', 'never'], 0],
    [['bad.yaml', '--fail-on', 'error'], 1],
    [['Dockerfile', '--fail-on', 'error'], 0],
    [['Dockerfile', '--fail-on', 'warning', '--rule', 'dockerfile/add-for-copy=warning'], 1],
    [['Dockerfile', '--fail-on', 'hint'], 1],
    [['fine.yaml', 'missing.yaml'], 2],
    [['bad.yaml', 'missing.yaml'], 2],
    [['nothing/*.yaml'], 2],
    [[''], 2],
    [['fine*.yaml'], 0],
    [['b*.yaml'], 1],
    [['--format', 'xml'], 2],
    [['--fail-on'], 2],
    [['--rule', 'kubernetes/privileged=warn'], 2],
    [['--rule', 'kubernetes/privilegd=off'], 2],
    [['--kubernetes-version', 'latest'], 2],
    [['--today', 'tomorrow'], 2],
    [['--fix=yes'], 2],
    [['--stdin-filename', 'a.yaml', 'fine.yaml'], 2],
    [['--stdin-filename', 'a.yaml', '--fix'], 2],
    [['--no-such-option'], 2],
  ])('lint %j gives %d', (args, code) => {
    const ran = bulkhead(['lint', ...today, ...args], { cwd });
    expect({ code: ran.code, ...(ran.code !== code && ran) }).toEqual({ code });
    if (code === 2) expect(ran.stderr.trim().split('\n').at(-1)).toMatch(/^bulkhead: .+/);
    else expect(ran.stderr).toBe('');
  });

  test('what can be read is reported before the exit with 2', () => {
    const { stdout, stderr, code } = bulkhead(['lint', 'bad.yaml', 'missing.yaml'], { cwd });
    expect(code).toBe(2);
    expect(stdout).toContain('[kubernetes/privileged]');
    expect(stderr).toBe('bulkhead: missing.yaml: does not exist\n');
  });
});

describe('paths', () => {
  test('a folder is walked, honouring .gitignore in every folder, without .git and node_modules', () => {
    const { path: cwd } = folder({
      '.git/HEAD': '',
      '.git/a.yaml': privilegedPod,
      '.gitignore': 'build/\n*.gen.yaml\n',
      'a.yaml': privilegedPod,
      'a.gen.yaml': privilegedPod,
      'build/a.yaml': privilegedPod,
      'node_modules/x/a.yaml': privilegedPod,
      'sub/.gitignore': '!kept.gen.yaml\nlocal.yaml\n',
      'sub/kept.gen.yaml': privilegedPod,
      'sub/local.yaml': privilegedPod,
      'sub/Dockerfile': addDockerfile,
      'sub/web.dockerfile': addDockerfile,
      'sub/readme.md': '# hello',
      'sub/values.yaml': 'a: 1\n',
      '.hidden/a.yaml': privilegedPod,
      'local.yaml': privilegedPod,
    });
    expect(paths(lintJson([], cwd).report)).toEqual([
      '.hidden/a.yaml',
      'a.yaml',
      'local.yaml',
      'sub/Dockerfile',
      'sub/kept.gen.yaml',
      'sub/values.yaml',
      'sub/web.dockerfile',
    ]);
    expect(paths(lintJson(['.'], join(cwd, 'sub')).report)).toEqual(['Dockerfile', 'kept.gen.yaml', 'values.yaml', 'web.dockerfile']);
    // what is named is checked, ignored or not
    expect(paths(lintJson(['build', 'a.gen.yaml'], cwd).report)).toEqual(['a.gen.yaml', 'build/a.yaml']);
    expect(paths(lintJson(['../a.yaml', '.'], join(cwd, 'build')).report)).toEqual(['../a.yaml', 'a.yaml']);
    expect(paths(lintJson(['sub/**/*.dockerfile'], cwd).report)).toEqual(['sub/web.dockerfile']);
    expect(paths(lintJson(['{sub,.hidden}/*'], cwd).report)).toEqual([
      '.hidden/a.yaml',
      'sub/Dockerfile',
      'sub/kept.gen.yaml',
      'sub/values.yaml',
      'sub/web.dockerfile',
    ]);
    expect(paths(lintJson(['a.yaml', './a.yaml', 'a*.yaml', '.hidden'], cwd).report)).toEqual(['.hidden/a.yaml', 'a.yaml']);
  });

  test('a file whose name is that of a glob is that file', () => {
    const { path: cwd } = folder({ '[a].yaml': privilegedPod, 'a.yaml': privilegedPod });
    expect(paths(lintJson(['[a].yaml'], cwd).report)).toEqual(['[a].yaml']);
  });

  test('a file that is not ours is listed when it is named', () => {
    const { path: cwd } = folder({ 'notes.md': '# hello', 'compose.yaml': 'services:\n  web:\n    image: a\n' });
    expect(lintJson(['notes.md', 'compose.yaml'], cwd).report.files.map(file => file.family)).toEqual(['compose', 'none']);
  });

  test('links: files are followed once, folders are not, loops and broken links are said', () => {
    const { path: cwd } = folder({ 'a.yaml': privilegedPod, 'deep/x.txt': '' });
    const other = folder({ 'shared.yaml': privilegedPod });
    symlinkSync('a.yaml', join(cwd, 'same.yaml'));
    symlinkSync('..', join(cwd, 'deep/up'));
    symlinkSync(join(other.path, 'shared.yaml'), join(cwd, 'shared.yaml'));
    expect(lintJson(['--follow-links'], cwd)).toMatchObject({ code: 1, stderr: '' });
    expect(paths(lintJson(['--follow-links'], cwd).report)).toEqual(['a.yaml', 'shared.yaml']);
    expect(paths(lintJson(['same.yaml', 'deep/up/a.yaml'], cwd).report)).toEqual(['deep/up/a.yaml', 'same.yaml']);
    symlinkSync('gone', join(cwd, 'broken.yaml'));
    symlinkSync('loop.yaml', join(cwd, 'loop.yaml'));
    symlinkSync('gone', join(cwd, 'broken.txt'));
    const { report, code, stderr } = lintJson(['--follow-links'], cwd);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(unreadIn(report)).toEqual({
      'broken.yaml': 'File is not checked: it is a broken symbolic link',
      'loop.yaml': 'File is not checked: it is a symbolic link that points back to itself',
    });
  });

  test.runIf(canDropRights)('without permission: a line each, and the rest is reported', () => {
    const { path: cwd, write } = folder({ 'a.yaml': privilegedPod, 'closed/b.yaml': privilegedPod });
    chmodSync(write('secret.yaml', privilegedPod), 0);
    chmodSync(join(cwd, 'closed'), 0);
    const { stdout, stderr, code } = bulkhead(['lint', '--format', 'json'], { cwd, unprivileged: true });
    chmodSync(join(cwd, 'closed'), 0o755);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(paths(JSON.parse(stdout) as JsonReport)).toEqual(['a.yaml', 'closed', 'secret.yaml']);
    expect(unreadIn(JSON.parse(stdout) as JsonReport)).toEqual({
      closed: 'File is not checked: it cannot be read: permission denied',
      'secret.yaml': 'File is not checked: it cannot be read: permission denied',
    });
  });
});

describe('standard input', () => {
  test('is read as the file of its name, under the configuration of its folder', () => {
    const { path: cwd } = folder({ 'dev/.bulkhead.yaml': 'rules: { kubernetes/privileged: off }' });
    expect(rulesOf(lintJson(['--stdin-filename', 'a.yaml'], cwd, privilegedPod).report, 'a.yaml')).toContain('kubernetes/privileged');
    expect(rulesOf(lintJson(['--stdin-filename', 'dev/a.yaml'], cwd, privilegedPod).report, 'dev/a.yaml')).not.toContain(
      'kubernetes/privileged',
    );
    expect(rulesOf(lintJson(['--stdin-filename', 'Dockerfile'], cwd, addDockerfile).report, 'Dockerfile')).toContain(
      'dockerfile/add-for-copy',
    );
  });

  test('that is not text', () => {
    const ran = bulkhead(['lint', '--stdin-filename', 'a.yaml'], { cwd: '/', input: Buffer.from([0x61, 0xff, 0xfe]) });
    expect(ran).toMatchObject({ code: 2, stderr: 'bulkhead: standard input: is not valid UTF-8 (line 1)\n' });
  });
});

describe('bad input', () => {
  const cases: [name: string, content: string | Uint8Array, code: number, said: RegExp, unread?: RegExp][] = [
    ['empty.yaml', '', 2, /empty/],
    ['broken.yaml', 'apiVersion: v1\nkind: Pod\nspec: [\n', 0, /^$/],
    ['binary.yaml', Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]), 1, /^$/, /it is binary, not text/],
    [
      'latin.yaml',
      Buffer.from('apiVersion: v1\nkind: Pod\nmetadata: { name: caf\xe9 }\n', 'latin1'),
      1,
      /^$/,
      /it is not valid UTF-8 \(line 3\)/,
    ],
    ['utf16.yaml', Buffer.from('\ufeffapiVersion: v1\nkind: Pod\n', 'utf16le'), 1, /^$/, /it is UTF-16, not UTF-8/],
    ['Dockerfile.utf16', Buffer.from('FROM node:20\n', 'utf16le'), 1, /^$/, /it is binary or UTF-16, not UTF-8/],
    ['deep.yaml', `apiVersion: v1\nkind: Pod\nspec: ${'['.repeat(20000)}\n`, 0, /^$/],
    ['bomb.yaml', bomb(), 0, /^$/],
    ['keys.yaml', `apiVersion: v1\nkind: ConfigMap\ndata:\n${Array.from({ length: 20000 }, (_, i) => `  k${i}: v\n`).join('')}`, 0, /^$/],
    ['line.yaml', `apiVersion: v1\nkind: ConfigMap\ndata: { a: "${'x'.repeat(200_000)}" }\n`, 0, /^$/],
  ];
  test.each(cases)('%s', (name, content, code, said, unread) => {
    const { path: cwd } = folder({ [name]: content });
    const ran = bulkhead(['lint', name, ...(unread ? [] : ['--fail-on', 'never'])], { cwd });
    expect(ran.code).toBe(code);
    expect(ran.stderr.trim()).toMatch(said);
    if (unread) expect(ran.stdout).toMatch(unread);
    expect(
      ran.stderr
        .trim()
        .split('\n')
        .filter(line => !line.includes('--ignore-unknown')).length,
    ).toBe(1);
  });

  function bomb(): string {
    const levels = Array.from({ length: 9 }, (_, i) => `b${i + 1}: &b${i + 1} [${Array(10).fill(`*b${i}`).join(', ')}]\n`);
    return `apiVersion: v1\nkind: ConfigMap\nb0: &b0 [${Array(10).fill('x').join(', ')}]\n${levels.join('')}`;
  }

  test('over the size limit is an error, not silence', () => {
    const { path: cwd } = folder({ 'big.yaml': `apiVersion: v1\nkind: ConfigMap\n${'# comment\n'.repeat(2_000_000)}` });
    const { report, code } = lintJson([], cwd);
    expect({ code, findings: rulesOf(report, 'big.yaml'), counts: report.summary.findings }).toMatchObject({
      code: 1,
      findings: ['bulkhead/incomplete'],
      counts: { error: 1 },
    });
  });

  test('files found in a folder that are broken and not ours are passed over', () => {
    const { path: cwd } = folder({ 'a.yaml': Uint8Array.from([0xff, 0x00, 0x10]), 'b.yaml': Buffer.from('name: caf\xe9\n', 'latin1') });
    expect(lintJson([], cwd)).toMatchObject({ code: 0, stderr: '', report: { files: [] } });
  });
});

describe('configuration', () => {
  test('the nearest file holds; globs are relative to its folder; reports are sorted', () => {
    const { path: cwd } = folder({
      '.git/HEAD': '',
      '.bulkhead.yaml':
        'rules: { kubernetes/privileged: hint }\nexclude: [skip]\noverrides: [{ files: [ops/**], rules: { kubernetes/privileged: off } }]\n',
      'a.yaml': privilegedPod,
      'ops/a.yaml': privilegedPod,
      'skip/a.yaml': privilegedPod,
      'own/.bulkhead.yaml': 'profile: baseline\n',
      'own/a.yaml': privilegedPod,
    });
    const { report } = lintJson([], cwd);
    expect(paths(report)).toEqual(['a.yaml', 'ops/a.yaml', 'own/a.yaml']);
    const severities = report.files.map(file => file.findings.find(f => f.rule === 'kubernetes/privileged')?.['severity']);
    expect(severities).toEqual(['hint', undefined, 'error']);
    // the same from below
    expect(lintJson(['a.yaml'], join(cwd, 'ops')).report.files[0]?.findings.map(f => f.rule)).not.toContain('kubernetes/privileged');
    expect(bulkhead(['lint', 'skip/a.yaml'], { cwd })).toMatchObject({
      code: 0,
      stderr: 'bulkhead: skip/a.yaml: excluded by the configuration\n',
    });
    expect(rulesOf(lintJson(['ops/a.yaml', '--rule', 'kubernetes/privileged=on'], cwd).report, 'ops/a.yaml')).toContain(
      'kubernetes/privileged',
    );
    expect(lintJson(['--profile', 'strict', '--kubernetes-version', '1.25'], cwd).report).toMatchObject({
      profile: 'strict',
      kubernetesVersion: '1.25',
      today: '2026-11-24',
    });
  });

  test('--config takes another file', () => {
    const { path: cwd } = folder({ 'a.yaml': privilegedPod, 'ci/b.yaml': 'exclude: [a.yaml]\n' });
    expect(paths(lintJson(['--config', 'ci/b.yaml'], cwd).report)).toEqual([]);
    expect(bulkhead(['lint', '--config', 'none.yaml'], { cwd })).toMatchObject({
      code: 2,
      stderr: 'bulkhead: none.yaml: does not exist\n',
    });
  });

  test('a typo is a finding with its range and an exit with 2, after the rest is reported', () => {
    const { path: cwd } = folder({ '.bulkhead.yaml': 'rules:\n  kubernetes/privilegd: off\n', 'a.yaml': privilegedPod });
    const { report, code, stderr } = lintJson([], cwd);
    expect(code).toBe(2);
    expect(rulesOf(report, 'a.yaml')).toContain('kubernetes/privileged');
    expect(report.files[0]).toMatchObject({
      path: '.bulkhead.yaml',
      findings: [
        {
          rule: 'bulkhead/invalid-config',
          severity: 'error',
          range: { start: { line: 1, character: 2 }, end: { line: 1, character: 22 } },
        },
      ],
    });
    expect(stderr).toMatch(
      /^bulkhead: \.bulkhead\.yaml: the configuration has a problem: Unknown rule "kubernetes\/privilegd"; did you mean "kubernetes\/privileged"\?\n$/,
    );
  });
});

describe('suppression', () => {
  const suppressed = privilegedPod.replace('privileged: true', 'privileged: true # bulkhead-ignore kubernetes/privileged -- it must');
  const { path: cwd } = folder({ 'a.yaml': suppressed });
  test('suppressed findings are listed and do not count', () => {
    const { report, code } = lintJson(['--profile', 'baseline'], cwd);
    expect(code).toBe(0);
    expect(report.files[0]?.findings.find(f => f.rule === 'kubernetes/privileged')).toMatchObject({
      suppressed: true,
      suppression: { kind: 'line', reason: 'it must' },
    });
    expect(bulkhead(['lint', '--profile', 'baseline'], { cwd }).stdout).toBe('1 file checked: no findings (1 suppressed)\n');
  });
  test('--no-suppress', () => {
    expect(lintJson(['--profile', 'baseline', '--no-suppress'], cwd)).toMatchObject({ code: 1 });
  });
  test('in the words of another tool, unless the configuration says no', () => {
    const text = 'FROM alpine:3.22\n# hadolint ignore=DL3020 # it is an archive\nADD a /b\nUSER 10001\n';
    const args = ['--profile', 'recommended', 'Dockerfile'];
    const rules = { Dockerfile: text };
    const found = (files: Record<string, string>): unknown =>
      lintJson(args, folder(files).path).report.files[0]?.findings.find(f => f.rule === 'dockerfile/add-for-copy');
    expect(found(rules)).toMatchObject({ suppressed: true, suppression: { kind: 'line', reason: 'it is an archive', peer: 'hadolint' } });
    expect(found({ ...rules, '.bulkhead.yaml': 'peerDirectives: false\n' })).toMatchObject({ suppressed: false, suppression: null });
  });
});

describe('--fix', () => {
  test('applies safe fixes, keeps mode bits and links, and reports what is left', () => {
    const { path: cwd, read, write } = folder({ Dockerfile: addDockerfile });
    chmodSync(join(cwd, 'Dockerfile'), 0o764);
    mkdirSync(join(cwd, 'b'));
    write('real/Dockerfile', addDockerfile);
    symlinkSync('../real/Dockerfile', join(cwd, 'b/Dockerfile'));
    const { report } = lintJson(['--fix', 'Dockerfile', 'b/Dockerfile'], cwd);
    expect(rulesOf(report, 'Dockerfile')).not.toContain('dockerfile/add-for-copy');
    expect(read('Dockerfile')).toBe(addDockerfile.replace('ADD', 'COPY'));
    expect(read('real/Dockerfile')).toBe(addDockerfile.replace('ADD', 'COPY'));
    expect(statSync(join(cwd, 'Dockerfile')).mode & 0o777).toBe(0o764);
  });
});

test('SARIF of real findings is valid by the official schema', () => {
  const schema = JSON.parse(
    readFileSync(createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8'),
  ) as object;
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats(ajv);
  const { path: cwd } = folder({
    'ä ö/#1.yaml': privilegedPod,
    Dockerfile: addDockerfile,
    'big.yaml': `apiVersion: v1\nkind: Pod\n${'# comment\n'.repeat(200_000)}`,
    'bad.yaml': 'apiVersion: v1\nkind: Pod\n\xff',
  });
  const { stdout, code } = bulkhead(['lint', '--format', 'sarif', '--profile', 'strict', 'missing', '.'], { cwd });
  expect(code).toBe(2);
  const validate = ajv.compile(schema);
  const log = JSON.parse(stdout) as { runs: { results: { fixes?: unknown[] }[] }[] };
  expect(validate(log), JSON.stringify(validate.errors, null, 1)).toBe(true);
  expect(log.runs[0]?.results.some(result => result.fixes !== undefined)).toBe(true);
});

test('colours follow NO_COLOR and FORCE_COLOR, and a pipe has none', () => {
  const { path: cwd } = folder({ 'a.yaml': privilegedPod });
  const escape = '\u001b[';
  expect(bulkhead(['lint'], { cwd }).stdout).not.toContain(escape);
  expect(bulkhead(['lint'], { cwd, env: { FORCE_COLOR: '1' } }).stdout).toContain(escape);
  expect(bulkhead(['lint'], { cwd, env: { FORCE_COLOR: '1', NO_COLOR: '1' } }).stdout).not.toContain(escape);
});

test('nothing from a file steers the terminal', () => {
  const { path: cwd } = folder({ 'a.yaml': privilegedPod.replace('name: app', 'name: "\\e[31mapp" # \u001b[2J\u202e') });
  // eslint-disable-next-line no-control-regex
  expect(bulkhead(['lint', '--profile', 'strict'], { cwd }).stdout).not.toMatch(/[\u001b\u202e]/);
});

test('the size of a file that is checked is set in the configuration and on the command line', () => {
  const large = `${finePod}# ${'x'.repeat(5 << 20)}\n`;
  const { path, write } = folder({ 'large.yaml': large });
  const message = 'File is not checked: 5.0 MB is over the limit of 4.0 MB (maxFileSize)';
  expect(unreadIn(lintJson([], path).report)).toEqual({ 'large.yaml': message });
  expect(unreadIn(lintJson(['--max-file-size', '6Mi'], path).report)).toEqual({});
  write('.bulkhead.yaml', 'maxFileSize: 8Mi\n');
  expect(unreadIn(lintJson([], path).report)).toEqual({});
  expect(unreadIn(lintJson(['--max-file-size', '1Mi'], path).report)).toEqual({ 'large.yaml': message.replace('4.0', '1.0') });
  expect(bulkhead(['lint', '--max-file-size', '65Mi'], { cwd: path })).toEqual({
    code: 2,
    stdout: '',
    stderr: 'bulkhead: --max-file-size must be a size up to 64Mi, such as 16Mi, not "65Mi"; see bulkhead lint --help\n',
  });
});
