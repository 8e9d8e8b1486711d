import { isAscii } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

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
        ...['core.js', 'package.json', 'rules.json', 'server.js', 'worker.js'],
      ].map(name => `package/${name}`),
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
    interface Action {
      readonly inputs: Readonly<Record<string, { default: string }>>;
      readonly runs: { readonly steps: readonly { id: string; run: string; env: Record<string, string> }[] };
    }
    const action = parse(fs.readFileSync(path.join(root, 'action/action.yml'), 'utf8')) as Action;
    const integrityOf = (bytes: Buffer): string => `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    let registry: http.Server;
    let address = '';
    beforeAll(async () => {
      registry = http.createServer((request, response) => {
        const bytes = fs.readFileSync(tarball);
        if (request.url?.endsWith('.tgz')) return void response.end(bytes);
        const dist = { tarball: `${address}/bulkhead/-/bulkhead-${version}.tgz`, integrity: integrityOf(bytes) };
        response.end(
          JSON.stringify({
            name: 'bulkhead',
            'dist-tags': { latest: version },
            versions: { [version]: { name: 'bulkhead', version, dist } },
          }),
        );
      });
      await new Promise<void>(resolve => registry.listen(0, '127.0.0.1', resolve));
      address = `http://127.0.0.1:${(registry.address() as { port: number }).port}`;
    });
    afterAll(() => new Promise(resolve => registry.close(resolve)));

    /** Runs the steps as a runner does; the servers of this process answer meanwhile. */
    async function steps(cwd: string, given: Readonly<Record<string, string>>) {
      const defaults = Object.fromEntries(Object.entries(action.inputs).map(([name, input]) => [name, input.default]));
      const inputs: Readonly<Record<string, string>> = { ...defaults, integrity: integrityOf(fs.readFileSync(tarball)), ...given };
      const outputs: Record<string, string> = {};
      const { spawn } = await import('node:child_process');
      let said = '';
      let code: number | null = 0;
      for (const step of action.runs.steps) {
        const file = (name: string): string => path.join(folder('runner'), name);
        fs.writeFileSync(file('output'), '');
        const fill = (text: string): string =>
          text.replace(/\$\{\{ (inputs|steps\.\w+\.outputs)\.([\w-]+) \}\}/g, (_, from: string, name: string) =>
            from === 'inputs' ? (inputs[name] ?? '') : (outputs[name] ?? ''),
          );
        const env = {
          ...process.env,
          ...Object.fromEntries(Object.entries(step.env).map(([name, value]) => [name, fill(value)])),
          ...{ RUNNER_TEMP: folder('runner'), GITHUB_OUTPUT: file('output'), GITHUB_STEP_SUMMARY: file('summary') },
          ...{ npm_config_registry: address, npm_config_cache: folder('npm-cache') },
        };
        const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], { cwd, env });
        child.stdout.on('data', data => (said += String(data)));
        child.stderr.on('data', data => (said += String(data)));
        code = await new Promise(resolve => child.on('close', resolve));
        for (const line of fs.readFileSync(file('output'), 'utf8').split('\n')) {
          const [name, ...value] = line.split('=');
          if (value.length > 0) outputs[name!] = value.join('=');
        }
        if (code !== 0) break;
      }
      return { code, said, outputs, summary: path.join(scratch, 'runner/summary') };
    }

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
      expect(await steps(cwd, { integrity: '' })).toMatchObject({ code: 2, said: expect.stringContaining('is not published') as string });
      expect(await steps(cwd, { version: '../x' })).toMatchObject({ code: 2, said: expect.stringContaining('version must be') as string });
    });
    it('is of this version, and puts no input into a script', () => {
      expect(action.inputs['version']?.default).toBe(version);
      for (const step of action.runs.steps) expect(step.run).not.toContain('${{');
    });
  });
});
