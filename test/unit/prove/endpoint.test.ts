import { describe, expect, it } from 'vitest';
import { engineEnvironment, findEndpoint, type EndpointQuestion } from '../../../server/src/prove/endpoint';

type Answer = Awaited<ReturnType<EndpointQuestion['ask']>>;

const answer = (stdout: string): Answer => ({ how: 'exit', code: 0, signal: null, stdout: `${stdout}\n`, stderr: '' });

async function found(engine: 'docker' | 'podman', env: NodeJS.ProcessEnv, more: Partial<EndpointQuestion> = {}): Promise<string> {
  const ask: EndpointQuestion['ask'] = async () => await Promise.resolve(answer('unix:///var/run/docker.sock'));
  const endpoint = await findEndpoint({ engine, env, named: null, settings: '/empty', platform: 'linux', ask, ...more });
  return typeof endpoint === 'string' ? `refused: ${endpoint}` : [endpoint.address, ...endpoint.first].join(' ');
}

describe('the engine of a trial', () => {
  it('is that of this machine', async () => {
    expect(await found('docker', {})).toBe('unix:///var/run/docker.sock --host=unix:///var/run/docker.sock');
    expect(await found('docker', { DOCKER_HOST: 'unix:///run/user/1/docker.sock' })).toContain('--host=unix:///run/user/1/docker.sock');
    expect(await found('podman', {})).toBe('podman --remote=false');
    expect(await found('podman', { CONTAINER_HOST: 'unix:///run/podman.sock' })).toBe('podman --remote=false');
  });

  it.each<['docker' | 'podman', NodeJS.ProcessEnv]>([
    ['docker', { DOCKER_HOST: 'tcp://192.0.2.1:2375' }],
    ['docker', { DOCKER_HOST: 'ssh://example.com' }],
    ['docker', { DOCKER_HOST: '--privileged' }],
    ['podman', { CONTAINER_HOST: 'ssh://example.com/run/podman.sock' }],
    ['podman', { CONTAINER_CONNECTION: 'elsewhere' }],
  ])('is none elsewhere that nobody named (%s, %j)', async (engine, env) => {
    expect(await found(engine, env)).toMatch(/^refused: \w+ is on another machine/);
  });

  it('is none of a context elsewhere, and none that is not known', async () => {
    const of = (text: Answer): Partial<EndpointQuestion> => ({ ask: async () => await Promise.resolve(text) });
    expect(await found('docker', {}, of(answer('ssh://example.com')))).toMatch(/^refused/);
    expect(await found('docker', {}, of(null))).toMatch(/^refused/);
    expect(await found('podman', {}, { platform: 'darwin' })).toMatch(/^refused/);
  });

  it('is one elsewhere that --endpoint names', async () => {
    expect(await found('docker', {}, { named: 'ssh://example.com' })).toBe('ssh://example.com --host=ssh://example.com');
    expect(await found('podman', {}, { named: 'ssh://example.com' })).toBe('ssh://example.com --remote --url=ssh://example.com');
    for (const named of ['', 'example.com', '--privileged', 'tcp://a b', 'file:///x'])
      expect(await found('docker', {}, { named })).toMatch(/^refused/);
  });
});

it('gets no variable that sends its client elsewhere, or settings of the user into containers', async () => {
  const env = {
    PATH: '/bin',
    HOME: '/home/a',
    XDG_RUNTIME_DIR: '/run/user/1',
    CONTAINERS_CONF: '/c',
    DOCKER_HOST: 'unix:///x',
    DOCKER_CONTEXT: 'other',
    DOCKER_CONFIG: '/own',
    DOCKER_CERT_PATH: '/certs',
    BUILDX_BUILDER: 'cloud',
    COMPOSE_FILE: 'x',
    HTTP_PROXY: 'http://user:pass@example.com',
    SSH_AUTH_SOCK: '/agent',
    AWS_SECRET_ACCESS_KEY: 'x',
  };
  expect(Object.keys(engineEnvironment(env, false))).toEqual(['PATH', 'HOME', 'XDG_RUNTIME_DIR', 'CONTAINERS_CONF']);
  expect(Object.keys(engineEnvironment(env, true))).toEqual([
    'PATH',
    'HOME',
    'XDG_RUNTIME_DIR',
    'CONTAINERS_CONF',
    'DOCKER_CERT_PATH',
    'SSH_AUTH_SOCK',
  ]);
  const endpoint = await findEndpoint({
    engine: 'docker',
    env,
    named: null,
    settings: '/empty',
    ask: async () => await Promise.resolve(null),
  });
  expect(typeof endpoint === 'string' ? endpoint : endpoint.env['DOCKER_CONFIG']).toBe('/empty');
});
