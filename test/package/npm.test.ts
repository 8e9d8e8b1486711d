import { isAscii } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { integrityOf, readAction, runAction, startRegistry } from '../support/composite';

/** The npm package of the command line: it installs into an empty folder and runs there, from npx, as a hook of pre-commit and as the action for GitHub. */

const root = path.resolve(import.meta.dirname, '../..');
const source = path.join(root, 'dist/npm');
const present = fs.existsSync(path.join(source, 'package.json'));
if (!present) console.log('skipped: npm package: no dist/npm (npm run package)');

const preCommit = [process.env['BULKHEAD_PRE_COMMIT'], 'pre-commit'].find(
  program => program !== undefined && spawnSync(program, ['--version']).status === 0,
);
if (present && preCommit === undefined) console.log('skipped: the hook of pre-commit: it needs pre-commit (pip install pre-commit)');

const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
const insecure = 'FROM debian:12.5\nRUN sudo apt-get update && apt-get install -y curl\nCMD ["curl"]\n';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bulkhead-npm-'));
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

function run(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8', env: { ...process.env, ...env }, timeout: 240_000 });
  return { status, stdout, stderr };
}

function must(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): string {
  const { status, stdout, stderr } = run(program, args, cwd, env);
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

function folder(name: string, files: Readonly<Record<string, string>> = {}): string {
  const made = path.join(scratch, name);
  fs.mkdirSync(made, { recursive: true });
  for (const [file, text] of Object.entries(files)) fs.writeFileSync(path.join(made, file), text);
  return made;
}

describe.skipIf(!present)('the npm package', () => {
  let tarball = '';
  beforeAll(() => {
    must('npm', ['pack', '--silent', source, '--pack-destination', scratch], scratch);
    tarball = path.join(scratch, `bulkhead-${version}.tgz`);
  }, 120_000);

  it.each(['cli.js', 'command.js', 'core.js', 'server.js', 'worker.js'])(
    '%s is ASCII, of which V8 keeps a byte for each character',
    name => {
      expect(isAscii(fs.readFileSync(path.join(source, name)))).toBe(true);
    },
  );

  it('installs into an empty folder without a network, and runs there from npx', { timeout: 240_000 }, () => {
    const cwd = folder('user', { 'package.json': '{"name":"user","version":"1.0.0"}', Dockerfile: insecure });
    must('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], cwd);
    const npx = (...args: readonly string[]) => run('npx', ['--offline', 'bulkhead', ...args], cwd);
    expect(npx('--version').stdout.trim()).toBe(version);
    const lint = npx('lint', '--format', 'concise', 'Dockerfile');
    expect(lint.status).toBe(1);
    expect(lint.stdout).toContain('[dockerfile/sudo]');
    expect(npx('explain', 'dockerfile/sudo').stdout).toContain('Rule: dockerfile/sudo');
    expect(npx('harden', '--write', 'Dockerfile')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('Dockerfile: hardened') as string,
    });
    expect(fs.readFileSync(path.join(cwd, 'Dockerfile'), 'utf8')).not.toContain('sudo');
  });

  it('holds its licence and the notices of what it contains, and depends on nothing', () => {
    const files = must('tar', ['-tzf', tarball], scratch).trim().split('\n').sort();
    expect(files).toEqual(
      [
        ...['LICENSE', 'README.md', 'SKILL.md', 'ThirdPartyNotices.txt', 'bulkhead.schema.json', 'cli.js', 'command.js'],
        ...['core.js', 'package.json', 'rules.ja.json', 'rules.json', 'server.js', 'worker.js'],
        // the languages that there are
        ...['l10n/cli.ja.json', 'l10n/ja.json'].filter(name => fs.existsSync(path.join(root, name))),
      ]
        .map(name => `package/${name}`)
        .sort(),
    );
    const manifest = JSON.parse(fs.readFileSync(path.join(source, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({ version, bin: { bulkhead: 'cli.js' } });
    expect(Object.keys(manifest).filter(key => /dependencies|scripts|private/i.test(key))).toEqual([]);
  });

  describe('as hooks of pre-commit', () => {
    const hooks = path.join(root, 'integrations/pre-commit');
    it('they are of this version, and install nothing by a name that nobody owns yet', () => {
      expect(fs.readFileSync(path.join(hooks, '.pre-commit-hooks.yaml'), 'utf8')).not.toContain('additional_dependencies');
      const manifest = JSON.parse(fs.readFileSync(path.join(hooks, 'package.json'), 'utf8')) as { version: string };
      expect(manifest.version).toBe(version);
    });

    it.skipIf(preCommit === undefined)('a commit fails at what is found, and safe fixes are made', { timeout: 300_000 }, () => {
      const env = { PRE_COMMIT_HOME: folder('pre-commit-home'), GIT_CONFIG_GLOBAL: '/dev/null', npm_config_offline: 'true' };
      const git = (cwd: string, ...args: readonly string[]) =>
        must('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], cwd, env);
      const repository = path.join(scratch, 'hooks');
      fs.cpSync(hooks, repository, { recursive: true });
      git(repository, 'init', '-q');
      git(repository, 'add', '.');
      git(repository, 'commit', '-qm', 'Hooks');
      const revision = git(repository, 'rev-parse', 'HEAD').trim();
      const hook = (id: string) => `      - id: ${id}\n        additional_dependencies: ['${tarball}']\n`;
      const config = `repos:\n  - repo: ${repository}\n    rev: ${revision}\n    hooks:\n${hook('bulkhead')}${hook('bulkhead-fix')}`;
      const cwd = folder('project', { '.pre-commit-config.yaml': config, Dockerfile: insecure, 'notes.yaml': 'a: 1\n' });
      git(cwd, 'init', '-q');
      git(cwd, 'add', '.');
      const ran = run(preCommit!, ['run', '--verbose'], cwd, env);
      expect(ran.status).toBe(1);
      expect(ran.stdout).toMatch(/bulkhead\.+Failed[\s\S]*\[dockerfile\/[a-z-]+\]/);
      expect(ran.stdout).toMatch(/bulkhead \(safe fixes\)\.+Failed[\s\S]*files were modified by this hook/);
      // a file that is none of ours is no reason to say anything
      expect(ran.stdout).not.toContain('notes.yaml');
      expect(fs.readFileSync(path.join(cwd, 'Dockerfile'), 'utf8')).not.toContain('sudo');
    });
  });

  describe('as a step of GitHub Actions', () => {
    const actionFolder = path.join(root, 'action');
    let registry: Awaited<ReturnType<typeof startRegistry>>;
    beforeAll(async () => void (registry = await startRegistry(tarball, version)));
    afterAll(() => registry.stop());
    const place = (cwd: string) => ({
      cwd,
      runner: path.join(scratch, 'runner'),
      env: { npm_config_registry: registry.address, npm_config_cache: path.join(scratch, 'npm-cache') },
    });
    const steps = (cwd: string, given: Readonly<Record<string, string>>) =>
      runAction(actionFolder, { integrity: integrityOf(tarball), ...given }, place(cwd));

    it('annotates, writes SARIF and the summary, and fails at what is found', { timeout: 240_000 }, async () => {
      const cwd = folder('action project', { Dockerfile: insecure });
      const ran = await steps(cwd, {});
      expect({ code: ran.code, said: ran.said }).toEqual({ code: 1, said: expect.stringContaining('title=dockerfile/sudo::') as string });
      expect(ran.outputs['sarif-file']).toBe('bulkhead.sarif');
      expect(fs.readFileSync(path.join(cwd, 'bulkhead.sarif'), 'utf8')).toContain('"dockerfile/sudo"');
      expect(fs.readFileSync(ran.summary, 'utf8')).toContain('## Bulkhead');
      expect((await steps(cwd, { 'fail-on': 'never' })).code).toBe(0);
    });
    it('takes what is given for words, never for a script', { timeout: 240_000 }, async () => {
      const cwd = folder('hostile', { Dockerfile: insecure });
      const ran = await steps(cwd, { paths: '$(touch owned) --fix\n`touch owned`;touch owned', 'sarif-file': '' });
      expect(ran.code).toBe(2);
      expect(fs.readdirSync(cwd)).toEqual(['Dockerfile']);
      expect(fs.readFileSync(path.join(cwd, 'Dockerfile'), 'utf8')).toBe(insecure);
    });
    it('refuses another package than it was told, and what is no version', { timeout: 240_000 }, async () => {
      const cwd = folder('refused', { Dockerfile: insecure });
      expect(await steps(cwd, { integrity: 'sha512-AAAA' })).toMatchObject({
        code: 2,
        said: expect.stringContaining('not what integrity says') as string,
      });
      // anybody could own the name of a package that is not published
      expect(await steps(cwd, { integrity: '' })).toMatchObject({ code: 2, said: expect.stringContaining('give the integrity') as string });
      expect(await steps(cwd, { version: '../x' })).toMatchObject({ code: 2, said: expect.stringContaining('version must be') as string });
    });
    it.each(['action', 'action/harden'])('%s is of this version, and puts no input into a script', name => {
      const action = readAction(path.join(root, name));
      expect(action.inputs['version']?.default).toBe(version);
      for (const step of action.runs.steps) expect(step.run).not.toContain('${{');
    });

    describe('that opens a pull request', () => {
      const git = (cwd: string, ...args: readonly string[]) =>
        must('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], cwd, { GIT_CONFIG_GLOBAL: '/dev/null' });
      /** A clone with a Dockerfile, its origin, and a `gh` that keeps what it is given. */
      function clone(name: string, files: Readonly<Record<string, string>>) {
        const made = path.join(scratch, name);
        const origin = path.join(made, 'origin.git');
        const cwd = folder(`${name}/clone`, files);
        git(made, 'init', '-q', '--bare', origin);
        for (const args of [
          ['init', '-q', '-b', 'main'],
          ['add', '.'],
          ['commit', '-qm', 'First'],
          ['remote', 'add', 'origin', origin],
        ])
          git(cwd, ...args);
        git(cwd, 'push', '-q', 'origin', 'main');
        const gh = `#!/bin/sh
echo "$@" >> '${made}/calls'
case "$2" in
  list) cat '${made}/open' 2>/dev/null || true ;;
  *) cp body '${made}/body'; echo https://github.com/acme/shop/pull/1 | tee '${made}/open' ;;
esac
`;
        fs.writeFileSync(path.join(folder(`${name}/bin`), 'gh'), gh, { mode: 0o755 });
        const at = place(cwd);
        const env = {
          ...at.env,
          PATH: `${made}/bin:${process.env['PATH']}`,
          GIT_CONFIG_GLOBAL: '/dev/null',
          GITHUB_REPOSITORY: 'acme/shop',
          GITHUB_REF_NAME: 'main',
          GITHUB_SERVER_URL: 'https://github.com',
        };
        const run = () => {
          git(cwd, 'checkout', '-q', 'main');
          return runAction(path.join(actionFolder, 'harden'), { integrity: integrityOf(tarball), token: 'the-token' }, { ...at, env });
        };
        const read = (file: string): string => fs.readFileSync(path.join(made, file), 'utf8');
        return { origin, cwd, run, read };
      }

      it('writes one commit, what it assumes and what it asks, and updates it the next time', { timeout: 240_000 }, async () => {
        const { origin, cwd, run, read } = clone('pull request', { Dockerfile: `${insecure}# \`\`\`\`\n`, 'notes.md': 'notes\n' });
        const first = await run();
        expect({ code: first.code, said: first.said }).toEqual({ code: 0, said: expect.any(String) as string });
        expect(first.outputs['pull-request']).toBe('https://github.com/acme/shop/pull/1');
        expect(git(origin, 'show', 'bulkhead/harden:Dockerfile')).not.toContain('sudo');
        expect(git(origin, 'log', '--format=%s', 'main..bulkhead/harden').trim()).toBe('Harden container configuration');
        const body = read('body');
        expect(body).toMatch(/^## What it assumes, and what is left to you\n\n`{4,}text\n[\s\S]*dockerfile\//m);
        // the fence is longer than any in the file
        expect(body).toMatch(/^`{5}diff\n[\s\S]*^-RUN sudo apt-get/m);
        expect(first.said + body).not.toContain('the-token');
        expect((await run()).code).toBe(0);
        expect(read('calls')).toMatch(/^pr list[^\n]*\npr create[^\n]*\npr list[^\n]*\npr edit[^\n]*\n$/);
        expect(git(origin, 'log', '--format=%s', 'main..bulkhead/harden').trim()).toBe('Harden container configuration');
        // someone works on the branch
        git(cwd, 'commit', '-q', '--allow-empty', '-m', 'By hand');
        git(cwd, 'push', '-q', 'origin', 'HEAD:bulkhead/harden');
        expect(await run()).toMatchObject({ code: 2, said: expect.stringContaining('someone else has committed') as string });
        expect(git(origin, 'log', '-1', '--format=%s', 'bulkhead/harden').trim()).toBe('By hand');
      });

      it('opens none where nothing is to be done', { timeout: 240_000 }, async () => {
        const { run, origin } = clone('nothing to do', { 'notes.md': 'notes\n' });
        expect(await run()).toMatchObject({
          code: 0,
          outputs: { program: expect.any(String) as string },
          said: expect.stringContaining('Nothing to change') as string,
        });
        expect(git(origin, 'branch', '--list').trim()).toMatch(/^\*? *main$/);
      });
    });
  });

  it('as a component of GitLab it checks what it installs, and writes the report', { timeout: 240_000 }, () => {
    const [, job] = parseAllDocuments(fs.readFileSync(path.join(root, 'integrations/gitlab/templates/bulkhead.yml'), 'utf8'));
    const { script } = (job!.toJS() as { bulkhead: { script: readonly string[] } }).bulkhead;
    const cwd = folder('gitlab', { Dockerfile: insecure });
    const lint = (integrity: string, paths = '.') =>
      run('sh', ['-c', script.join('\n')], cwd, {
        BULKHEAD_PACKAGE: tarball,
        BULKHEAD_INTEGRITY: integrity,
        BULKHEAD_PATHS: paths,
        BULKHEAD_FAIL_ON: 'warning',
      });
    expect(lint('sha512-AAAA')).toMatchObject({ status: 2, stdout: expect.stringContaining('not what integrity says') as string });
    expect(lint(integrityOf(tarball))).toMatchObject({ status: 1, stdout: expect.stringContaining('[dockerfile/sudo]') as string });
    expect(JSON.parse(fs.readFileSync(path.join(cwd, 'gl-code-quality-report.json'), 'utf8'))).not.toEqual([]);
    expect(lint(integrityOf(tarball), '$(touch owned) `touch owned`').status).toBe(2);
    expect(fs.existsSync(path.join(cwd, 'owned'))).toBe(false);
  });
});
