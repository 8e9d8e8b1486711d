import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeImage, makeIndexed, repositoryOf } from '../support/image-chain';
import { serve, type ServedRegistry } from '../unit/signature/artefacts';
import { cli, folder, homeOf, type Folder, type Ran } from './cli';

const web = makeIndexed({
  config: { User: 'web', ExposedPorts: { '8080/tcp': {} }, Volumes: { '/data': {} }, Entrypoint: ['/web'], Env: ['PATH=/bin'] },
  history: [{ created_by: 'RUN /bin/sh -c useradd -u 10001 web # buildkit' }],
});
const plain = makeImage({ config: {} });
const secret = makeImage({ config: { User: '1000', Env: ['DB_PASSWORD=Xk29vQpLm3Zt'], Cmd: ['--password=Xk29vQpLm3Zt'] } });
const odd = makeImage({ config: { User: '\u001b]0;x\u0007' } });
const repositories = {
  web: { repository: repositoryOf(web) },
  plain: { repository: repositoryOf(plain) },
  secret: { repository: repositoryOf(secret) },
  odd: { repository: repositoryOf(odd) },
};
let registry: ServedRegistry;
let host = '';
beforeAll(async () => {
  registry = await serve(repositories);
  ({ host } = registry);
});
afterAll(() => registry.close());

/** Not synchronously: the registry lives in this process. */
function bulkhead(files: Folder, ...args: string[]): Promise<Ran> {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: files.path,
    // no engine of this machine
    env: { PATH: '/nonexistent', HOME: homeOf(files).path },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise(resolve => child.on('close', code => resolve({ code, stdout, stderr })));
}

/** The paths that a run asked for. */
async function requestsOf<T>(run: () => Promise<T>): Promise<readonly [T, readonly string[]]> {
  registry.asked.length = 0;
  const ran = await run();
  return [ran, registry.asked.filter(path => path !== '/v2/')];
}

/** The texts of all files below a folder. */
function textsBelow(path: string): readonly string[] {
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).map(name => join(path, name));
  return files.filter(file => statSync(file).isFile()).map(file => readFileSync(file, 'utf8'));
}

describe('bulkhead facts', () => {
  it('says what an image is, after what it is going to ask', async () => {
    const { code, stdout, stderr } = await bulkhead(folder(), 'facts', `${host}/web:1.0`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: `bulkhead: querying ${host} for 1 image (at most 4 requests)\n` });
    expect(stdout).toBe(`${host}/web:1.0: linux/amd64, as served, looked up just now
  digest             ${web.digest}
  user               web (10001, according to the image history)
  entry point        /web
  directory          /
  ports              8080/tcp
  volumes            /data
  variables          PATH
  health check       none
  created            2026-01-02T03:04:05Z
  history (claimed)  1 line
`);
  });

  it('verifies what a digest leads to', async () => {
    const { stdout } = await bulkhead(folder(), 'facts', `${host}/web:1.0@${web.digest}`);
    expect(stdout.split('\n')[0]).toBe(`${host}/web:1.0@${web.digest}: linux/amd64, verified`);
  });

  it('asks for a tag by HEAD, for two manifests and the configuration; a second run for nothing', async () => {
    const files = folder({ Dockerfile: `FROM ${host}/web:1.0\n` });
    const run = () => bulkhead(files, 'facts', '--allow-registry', host, 'Dockerfile');
    const [first, asked] = await requestsOf(run);
    expect(asked).toEqual([
      '/v2/web/manifests/1.0',
      `/v2/web/manifests/${web.digest}`,
      expect.stringMatching(/^\/v2\/web\/manifests\/sha256:/),
      expect.stringMatching(/^\/v2\/web\/blobs\/sha256:/),
    ]);
    const [second, again] = await requestsOf(run);
    expect(again).toEqual([]);
    expect(second).toEqual({ ...first, stderr: '' });
    expect((await requestsOf(() => bulkhead(files, 'facts', '--no-cache', `${host}/web:1.0`)))[1]).toHaveLength(4);
  });

  it('gives JSON with places, level and digest', async () => {
    const files = folder({ 'compose.yaml': `services:\n  web:\n    image: ${host}/web:1.0\n` });
    const { stdout, code } = await bulkhead(files, 'facts', '--format', 'json', '--allow-registry', host);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      images: [
        {
          image: `${host}/web:1.0`,
          places: [{ path: 'compose.yaml', range: { start: { line: 2, character: 11 } } }],
          level: 'as-served',
          digest: web.digest,
          platform: 'linux/amd64',
          user: 'web',
          ports: ['8080/tcp'],
          claimed: { uid: 10001 },
          failure: null,
        },
      ],
      summary: { images: 1, failed: 0 },
    });
  });

  it('asks no host of the local network because a file names it', async () => {
    const files = folder({ Dockerfile: `FROM ${host}/web:1.0\n` });
    const [{ code, stderr }, asked] = await requestsOf(() => bulkhead(files, 'facts'));
    expect({ code, asked }).toEqual({ code: 2, asked: [] });
    expect(stderr).toContain('which a file may not choose');
  });

  it('follows no redirect to a host of the local network that nobody named', async () => {
    const asked: string[] = [];
    const inner = createServer((request, response) => void (asked.push(request.url ?? ''), response.end('{}')));
    await new Promise<void>(resolve => inner.listen(0, '127.0.0.2', resolve));
    const outer = createServer((_, response) => {
      response.writeHead(307, { location: `http://127.0.0.2:${(inner.address() as AddressInfo).port}/v2/` }).end();
    });
    await new Promise<void>(resolve => outer.listen(0, '127.0.0.1', resolve));
    const { code } = await bulkhead(folder(), 'facts', `127.0.0.1:${(outer.address() as AddressInfo).port}/web:1.0`);
    expect({ code, asked }).toEqual({ code: 2, asked: [] });
    for (const server of [inner, outer]) server.close();
  });

  it('keeps and shows no credential', async () => {
    const files = folder();
    const ran = await bulkhead(files, 'facts', `${host}/secret:1.0`);
    const json = await bulkhead(files, 'facts', '--format', 'json', `${host}/secret:1.0`);
    const kept = textsBelow(homeOf(files).path);
    expect(ran.stdout).toContain('DB_PASSWORD');
    expect(kept.length).toBeGreaterThan(0);
    for (const text of [ran.stdout, ran.stderr, json.stdout, json.stderr, ...kept]) expect(text).not.toContain('Xk29vQpLm3Zt');
  });

  it('says in one line what is wrong with an image, stores nothing of it, and steers no terminal', async () => {
    const files = folder();
    const { code, stdout, stderr } = await bulkhead(files, 'facts', `${host}/odd:1.0`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.split('\n').filter(line => !line.startsWith(`bulkhead: querying ${host} `))).toEqual([
      `bulkhead: ${host}/odd:1.0: "User" has control characters`,
      '',
    ]);
    expect(existsSync(join(homeOf(files).path, '.cache/bulkhead/facts'))).toBe(false);
  });

  it.each([
    ['--write', '--check'],
    ['--platform', 'linux/arm64', '--write'],
    ['--platform', '../x'],
  ])('refuses %s %s', async (...args) => {
    expect((await bulkhead(folder(), 'facts', ...args)).code).toBe(2);
  });
});

describe('the committed file', () => {
  it('is written, and compared with the registry', async () => {
    const files = folder({ Dockerfile: `FROM ${host}/web:1.0\n`, 'compose.yaml': `services:\n  a:\n    image: ${host}/plain:1.0\n` });
    const facts = (...args: readonly string[]) => bulkhead(files, 'facts', '--allow-registry', host, ...args);
    const written = await facts('--write');
    expect(written).toMatchObject({ code: 0, stdout: '' });
    expect(written.stderr).toContain('.bulkhead/images.json: 2 images written');
    const text = files.read('.bulkhead/images.json');
    expect(await facts('--check')).toMatchObject({ code: 0 });
    await facts('--write');
    expect(files.read('.bulkhead/images.json')).toBe(text);
    files.write('Dockerfile', `FROM ${host}/plain:1.0\n`);
    const stale = await facts('--check');
    expect(stale.code).toBe(1);
    expect(stale.stderr).toContain(`${host}/web:1.0@${web.digest} is not named in the input, or its tag has moved`);
  });

  it('keeps what was not asked for, and what could not be', async () => {
    const files = folder({ Dockerfile: `FROM ${host}/web:1.0\n`, 'compose.yaml': `services:\n  a:\n    image: ${host}/plain:1.0\n` });
    const facts = (...args: readonly string[]) => bulkhead(files, 'facts', '--allow-registry', host, ...args);
    await facts('--write');
    const whole = files.read('.bulkhead/images.json');
    expect(await facts('--write', 'Dockerfile')).toMatchObject({ code: 0 });
    expect(files.read('.bulkhead/images.json')).toBe(whole);
    expect(await facts('--check', 'Dockerfile')).toMatchObject({ code: 0 });
    // refused: nobody has allowed the host
    expect(await bulkhead(files, 'facts', '--write')).toMatchObject({ code: 2 });
    expect(files.read('.bulkhead/images.json')).toBe(whole);
    files.write('compose.yaml', 'services: {}\n');
    await facts('--write');
    expect(files.read('.bulkhead/images.json')).not.toContain('/plain:1.0');
  });

  it('has no credential: a configuration that holds one is masked, and claims', async () => {
    const files = folder({ 'compose.yaml': `services:\n  a:\n    image: ${host}/secret:1.0@${secret.digest}\n    read_only: true\n` });
    const { code, stderr } = await bulkhead(files, 'facts', '--allow-registry', host, '--write');
    expect(code).toBe(0);
    expect(stderr).toContain(
      `${host}/secret:1.0: masked when written, so its facts count as claimed, not as verified: its configuration contains what looks like a credential`,
    );
    const text = files.read('.bulkhead/images.json');
    expect(text).not.toContain('Xk29vQpLm3Zt');
    expect(text).toContain('"masked": true');
    expect(await bulkhead(files, 'facts', '--check', '--allow-registry', host)).toMatchObject({ code: 0 });
    // a claim hides nothing
    expect((await bulkhead(files, 'lint', '--profile', 'strict')).stdout).toContain('compose/root-user');
  });
});

describe('what facts change', () => {
  const service = (reference: string): string => `services:\n  web:\n    image: ${reference}\n    read_only: true\n`;
  /** The findings about the user of a Compose file. */
  const users = async (files: Folder, ...args: readonly string[]): Promise<readonly string[]> => {
    const { stdout } = await bulkhead(files, 'lint', '--format', 'json', '--profile', 'strict', ...args);
    const report = JSON.parse(stdout) as {
      readonly files: readonly { readonly findings: readonly { rule: string; messageId: string }[] }[];
    };
    const all = report.files.flatMap(({ findings }) => findings);
    return all.filter(({ rule }) => rule === 'compose/root-user').map(({ messageId }) => messageId);
  };
  const pinned = (): string => `${host}/web:1.0@${web.digest}`;

  it('lint uses what is looked up when it is told to, and nothing else of it', async () => {
    const files = folder({ 'compose.yaml': service(pinned()) });
    expect(await users(files)).toEqual(['unknown']);
    const [found, asked] = await requestsOf(() => users(files, '--lookup', '--allow-registry', host));
    expect(found).toEqual([]);
    expect(asked).toHaveLength(3);
    // the user's cache has them by now
    const [plainly, again] = await requestsOf(() => users(files));
    expect({ plainly, again }).toEqual({ plainly: ['unknown'], again: [] });
  });

  it('of a tag only root is believed', async () => {
    const of = async (name: string) =>
      await users(folder({ 'compose.yaml': service(`${host}/${name}:1.0`) }), '--lookup', '--allow-registry', host);
    expect(await of('web')).toEqual(['unknown']);
    expect(await of('plain')).toEqual(['image']);
  });

  it('an image that cannot be looked up is named, and the exit code is 2', async () => {
    const files = folder({ 'compose.yaml': service(`${host}/nothing:1.0`) });
    for (const command of ['lint', 'harden']) {
      const { code, stderr } = await bulkhead(files, command, '--lookup', '--allow-registry', host);
      expect(code).toBe(2);
      expect(stderr).toContain(`${host}/nothing:1.0: ${host} has no nothing:1.0`);
    }
  });

  it('what is committed counts where it hashes, and goes with the file', async () => {
    const files = folder({ 'compose.yaml': service(pinned()) });
    await bulkhead(files, 'facts', '--write', '--allow-registry', host);
    const [found, asked] = await requestsOf(() => users(files));
    expect({ found, asked }).toEqual({ found: [], asked: [] });
    files.write('.bulkhead/images.json', files.read('.bulkhead/images.json').replaceAll('\\"User\\":\\"web\\"', '\\"User\\":\\"wab\\"'));
    expect(await users(files)).toEqual(['unknown']);
    expect((await bulkhead(files, 'lint')).stderr).toMatch(/images\.json: .*web:1\.0 does not count: its configuration has the digest/);
  });

  it.each([
    ['another image under the digest', (text: string) => text.replaceAll(web.digest, plain.digest)],
    [
      'another digest for the image',
      (text: string) => {
        const { images, ...rest } = JSON.parse(text) as { images: readonly { digest: string }[] };
        const other = images.filter(({ digest }) => digest === plain.digest).map(image => ({ ...image, digest: web.digest }));
        return JSON.stringify({ ...rest, images: other });
      },
    ],
    ['no JSON', () => '{'],
    ['nothing', () => ''],
    ['16 MiB', () => `{"schemaVersion":1,"images":[],"x":"${'x'.repeat(16 << 20)}"}`],
  ])('a forged file removes no finding: %s', async (_, forge) => {
    const files = folder({ 'compose.yaml': service(pinned()), 'other/compose.yaml': service(`${host}/plain:1.0`) });
    await bulkhead(files, 'facts', '--write', '--allow-registry', host);
    files.write('.bulkhead/images.json', forge(files.read('.bulkhead/images.json')));
    expect(await users(files, 'compose.yaml')).toEqual(['unknown']);
  });

  it('harden writes what is verified, and leaves the rest', async () => {
    const pod = (reference: string): string =>
      `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: ${reference}\n`;
    const hardened = async (reference: string, ...args: readonly string[]): Promise<string> => {
      const files = folder({ 'pod.yaml': pod(reference) });
      return (await bulkhead(files, 'harden', '--lookup', '--allow-registry', host, ...args)).stdout;
    };
    expect(await hardened(`${host}/secret:1.0@${secret.digest}`)).toContain('runAsNonRoot: true');
    expect(await hardened(`${host}/secret:1.0`)).not.toContain('runAsNonRoot');
    // once it is pinned to what was looked up, that is verified
    const pinned = await hardened(`${host}/secret:1.0`, '--pin');
    expect(pinned).toContain(`${host}/secret:1.0@${secret.digest}`);
    expect(pinned).toContain('runAsNonRoot: true');
  });

  it('report counts with them', async () => {
    const files = folder({ 'compose.yaml': service(pinned()) });
    const { code, stderr } = await bulkhead(files, 'report', '--format', 'json', '--lookup', '--allow-registry', host);
    expect({ code, stderr }).toEqual({ code: 0, stderr: `bulkhead: querying ${host} for 1 image (at most 3 requests)\n` });
  });
});
