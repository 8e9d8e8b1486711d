import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FakeEngine, installEngine } from '../support/fake-engine';
import { bulkhead, folder } from './cli';

const file = (more = ''): Readonly<Record<string, string>> => ({
  'compose.yaml': `services:\n  job:\n    image: registry.example.com/job:1\n${more}`,
});

/** Proves in a folder of its own, with an engine that only plays one. */
function proved(
  files: Readonly<Record<string, string>>,
  fake: FakeEngine,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  const tools = folder();
  const engine = installEngine(tools.path, fake);
  const checked = folder(files);
  const state = join(tools.path, 'state');
  const run = (words: readonly string[]): ReturnType<typeof bulkhead> =>
    bulkhead(words, {
      cwd: checked.path,
      env: { PATH: `${tools.path}:${process.env['PATH']}`, XDG_STATE_HOME: state, XDG_CACHE_HOME: join(tools.path, 'cache'), ...env },
    });
  const ran = run(['prove', ...args]);
  const journals = join(state, 'bulkhead', 'prove');
  return { ...ran, run, engine, path: checked.path, journals: existsSync(journals) ? readdirSync(journals) : [] };
}

const yes = ['compose.yaml:job', '--engine', 'podman', '--yes'];

describe.skipIf(process.platform !== 'linux')('bulkhead prove', () => {
  it('proves a job in two starts, and leaves nothing', () => {
    const { code, stdout, engine, journals } = proved(file(), {}, yes);
    expect(stdout).toContain('job (compose.yaml): proved: it started and kept running\n');
    expect(code).toBe(0);
    const starts = engine.calls().filter(({ args }) => args[0] === 'run');
    expect(starts).toHaveLength(2);
    for (const { args } of starts) expect(args).toEqual(expect.arrayContaining(['--network=none', '--pull=never', '--cap-drop=ALL']));
    expect(starts[1]!.args).toEqual(expect.arrayContaining(['--read-only', '--security-opt=no-new-privileges', '--user=10001:10001']));
    expect(engine.left()).toEqual([]);
    expect(journals).toEqual([]);
  });

  it('finds the folder that its log names, and harden goes by it', () => {
    const { code, stdout, run, path } = proved(file(), { writes: '/data' }, [...yes, '--format', 'json', '--write']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'proved',
      level: 'started',
      settings: {
        readOnly: true,
        user: '10001:10001',
        capabilities: [],
        folders: expect.arrayContaining([{ path: '/data', kind: 'volume' }]) as unknown,
      },
      needs: [],
      starts: [{ purpose: 'baseline' }, { purpose: 'all' }, { purpose: 'read-failure' }, { purpose: 'confirm' }],
    });
    expect(existsSync(join(path, '.bulkhead/evidence/compose.yaml.json'))).toBe(true);
    expect(run(['harden', 'compose.yaml']).stdout).toMatch(/^\+ {4}user: ["']10001:10001["']$/m);
  });

  it('builds the image anew as harden writes its Dockerfile, where that is what makes another user fit', () => {
    const files = {
      'compose.yaml': 'services:\n  job:\n    build: .\n',
      Dockerfile: 'FROM debian:12-slim\nCOPY work.pl /srv/job/\nCMD ["perl", "/srv/job/work.pl"]\n',
      'work.pl': 'mkdir "/srv/job/out";\n',
    };
    const { code, stdout, engine, journals, run, path } = proved(files, { writes: '/srv/job/out' }, yes);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /\n {4}then rebuilt from the hardened Dockerfile:\n {7}RUN mkdir -p \/srv\/job\/out && chown -R 10001:10001 \/srv\/job\/out\n {7}USER 10001:10001\n/,
    );
    const builds = engine.calls().filter(({ args }) => args[0] === 'build');
    const ownFile = `--file=${join(realpathSync(path), 'Dockerfile')}`;
    expect(builds.map(({ args }) => args.includes(ownFile))).toEqual([true, false]);
    expect(readFileSync(join(path, 'Dockerfile'), 'utf8')).toBe(files.Dockerfile);
    expect(engine.left()).toEqual([]);
    expect(journals).toEqual([]);
    const { stdout: hardened, stderr } = run(['harden', '--write', '.']);
    expect(hardened).toContain('Dockerfile: hardened');
    expect(stderr).not.toContain('no longer counts');
    expect(readFileSync(join(path, 'Dockerfile'), 'utf8')).toContain('USER 10001:10001');
    expect(readFileSync(join(path, 'compose.yaml'), 'utf8')).toContain('read_only: true');
  });

  it('asks of a Dockerfile that two services are built from, as before', () => {
    const files = {
      'compose.yaml': 'services:\n  job:\n    build: .\n  other:\n    build: .\n    command: [sh]\n',
      Dockerfile: 'FROM debian:12-slim\nCOPY work.pl /srv/job/\nCMD ["perl", "/srv/job/work.pl"]\n',
    };
    const { stdout, engine } = proved(files, { writes: '/srv/job/out' }, yes);
    expect(stdout).not.toContain('built anew');
    expect(engine.calls().filter(({ args }) => args[0] === 'build')).toHaveLength(1);
  });

  it('says that what does not start cannot be proved', () => {
    const { code, stdout, engine } = proved(file(), { code: 3 }, yes);
    expect(stdout).toContain('job (compose.yaml): cannot be proved: it does not start on its own (3)\n');
    expect(code).toBe(1);
    expect(engine.left()).toEqual([]);
  });

  it('starts nothing of a privileged service', () => {
    const { code, stdout, engine } = proved(file('    privileged: true\n'), {}, yes);
    expect(stdout).toBe('job: cannot be proved: it needs something from the host: privileged\n');
    expect(code).toBe(1);
    expect(engine.calls()).toEqual([]);
  });

  it('says so as JSON where that is asked for', () => {
    const { code, stdout } = proved(file('    privileged: true\n'), {}, [...yes, '--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      path: 'compose.yaml',
      name: 'job',
      verdict: 'cannot',
      reason: 'needs-host',
      what: 'privileged',
      reasons: [{ reason: 'needs-host', what: 'privileged' }],
    });
    expect(code).toBe(1);
  });

  it('shows the engine and the command before it starts', () => {
    const { stderr, engine } = proved(file(), {}, yes);
    expect(stderr).toMatch(
      /^Engine: podman 4\.3\.1, runc 1\.1\.5, linux\/amd64, cgroup v2 \(podman\)\nStarts job at most 12 times, without a network/,
    );
    const [first] = engine.calls().filter(({ args }) => args[0] === 'run');
    expect(stderr).toContain(first!.args.slice(0, -1).find(word => word.startsWith('--name='))!);
  });

  it('keeps the environment of the user from the engine', () => {
    const { engine } = proved(file(), {}, yes, { SECRET_OF_MINE: 'x' });
    for (const { env } of engine.calls()) expect(env).not.toContain('SECRET_OF_MINE');
  });

  it.each([
    ['no terminal to ask at', ['compose.yaml:job'], 'prove starts containers: without a terminal, it needs --yes'],
    ['no such service', ['compose.yaml:web', '--yes'], 'compose.yaml: "web" was not found; available: job'],
    ['no such file', ['other.yaml', '--yes'], 'other.yaml'],
    ['too many starts', ['compose.yaml:job', '--yes', '--starts', '13'], '--starts must be a number from 2 to 12, not "13"'],
    ['an endpoint of no engine', ['compose.yaml:job', '--yes', '--endpoint', 'ssh://me@build.example.com'], '--endpoint needs --engine'],
    [
      'an image to use it from, and no way',
      ['compose.yaml:job', '--yes', '--exercise-image', 'curl:1'],
      '--exercise-image needs --exercise',
    ],
    [
      'two ways to use it',
      ['compose.yaml:job', '--yes', '--continue', '--exercise', 'true'],
      '--continue and --exercise cannot be combined',
    ],
  ])('is used wrongly: %s', (_, args, message) => {
    const { code, stderr, engine } = proved(file(), {}, args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
    expect(engine.calls()).toEqual([]);
  });

  it('uses no engine of another machine', () => {
    const { code, stderr, engine } = proved(file(), {}, yes, { CONTAINER_HOST: 'ssh://me@build.example.com/run/podman.sock' });
    expect(stderr).toContain('Podman is on another machine (ssh://me@build.example.com/run/podman.sock)');
    expect(code).toBe(2);
    expect(engine.calls()).toEqual([]);
  });
});
