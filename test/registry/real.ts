import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash, createSign, randomUUID, X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTcpServer, connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Programs of Debian's packages that the tests on a real registry need, and the packages. */
const needed = { 'docker-registry': 'docker-registry', skopeo: 'skopeo', openssl: 'openssl' } as const;

/** The packages that are missing for the tests on a real registry. */
export const missingPackages: readonly string[] = Object.entries(needed)
  .filter(([program]) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error !== undefined)
  .map(([, name]) => name);

/** The user that the registries know. The hash is bcrypt's, the only one that the registry takes. */
export const user = { name: 'alice', password: 's3cret' } as const;
const htpasswd = 'alice:$2y$05$gGl3iibr9Q4uUQ9Yt.gNZ.5tv1kvovxiDBw32e0cybc2Vq/3xF6ce\n';

const started: ChildProcess[] = [];
const closers: (() => void)[] = [];

/** Ends everything that was started, and removes its files. */
export function stopAll(): void {
  for (const child of started) child.kill('SIGKILL');
  for (const close of closers) close();
}

/** A folder that goes with `stopAll`. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-registry-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A running registry. */
export interface RealRegistry {
  /** `127.0.0.1:PORT` or, with TLS, `localhost:PORT`. */
  readonly host: string;
  /** Copies the index of a layout there, under `name:tag`. */
  push(layout: string, name: string, options?: { readonly format?: 'oci' | 'v2s2' }): Promise<void>;
  /** What skopeo says the digest is: the SHA-256 of the raw manifest. */
  digest(name: string): Promise<string>;
}

/** How a registry asks who is there. */
export type RegistryKind = 'open' | 'htpasswd' | 'token' | 'tls';

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

const execute = promisify(execFile);

/** Never synchronously: the token service that skopeo asks lives in this process. */
async function run(program: string, args: readonly string[], options: { cwd?: string } = {}): Promise<Buffer> {
  const { stdout } = await execute(program, args, { ...options, encoding: 'buffer', timeout: 30_000 });
  return stdout;
}

/** Starts Debian's registry on this machine, on a port that is free. */
export async function startRegistry(kind: RegistryKind, certificates?: string): Promise<RealRegistry> {
  const folder = scratchFolder();
  const port = await freePort();
  const lines = [
    'version: 0.1',
    'log: {level: error, accesslog: {disabled: true}}',
    `storage: {filesystem: {rootdirectory: ${folder}/data}}`,
    kind === 'tls'
      ? `http: {addr: "127.0.0.1:${port}", tls: {certificate: ${certificates}/tls.crt, key: ${certificates}/tls.key}}`
      : `http: {addr: "127.0.0.1:${port}"}`,
  ];
  if (kind === 'htpasswd') {
    writeFileSync(join(folder, 'htpasswd'), htpasswd);
    lines.push(`auth: {htpasswd: {realm: basic-realm, path: ${folder}/htpasswd}}`);
  }
  if (kind === 'token') {
    const { realm, certificate } = await startTokenService(folder);
    lines.push(`auth: {token: {realm: "${realm}", service: bulkhead-test, issuer: bulkhead-issuer, rootcertbundle: ${certificate}}}`);
  }
  writeFileSync(join(folder, 'config.yml'), lines.join('\n') + '\n');
  const child = spawn('docker-registry', ['serve', join(folder, 'config.yml')], {
    stdio: 'ignore',
    env: { ...process.env, OTEL_TRACES_EXPORTER: 'none' },
  });
  started.push(child);
  await listening(port, child);
  const host = kind === 'tls' ? `localhost:${port}` : `127.0.0.1:${port}`;
  const credentials = `${user.name}:${user.password}`;
  const tls = (side: string): string[] => (kind === 'tls' ? [`--${side}cert-dir`, `${certificates}/ca`] : [`--${side}tls-verify=false`]);
  const creds = (side: string): string[] => (kind === 'open' || kind === 'tls' ? [] : [`--${side}creds`, credentials]);
  return {
    host,
    push: async (layout, name, { format = 'oci' } = {}) => {
      const args = ['--insecure-policy', 'copy', '--all', '-q', '--format', format, ...tls('dest-'), ...creds('dest-')];
      await run('skopeo', [...args, `oci:${layout}:1.0`, `docker://${host}/${name}`]);
    },
    digest: async name => {
      const raw = await run('skopeo', ['inspect', '--raw', ...tls(''), ...creds(''), `docker://${host}/${name}`]);
      return `sha256:${createHash('sha256').update(raw).digest('hex')}`;
    },
  };
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`docker-registry ended with ${child.exitCode}`);
    const open = await new Promise<boolean>(resolve => {
      const socket = connect(port, '127.0.0.1', () => resolve(true));
      socket.on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error('docker-registry does not listen');
}

/** Makes a CA for this run and a certificate for this machine: `ca.crt`, `tls.crt`, `tls.key`, and `ca/ca.crt` for skopeo. */
export async function makeCertificates(): Promise<string> {
  const folder = scratchFolder();
  const openssl = async (...args: string[]): Promise<Buffer> => await run('openssl', args, { cwd: folder });
  await openssl(
    ...'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=bulkhead-test-ca -keyout ca.key -out ca.crt'.split(' '),
    ...['-addext', 'basicConstraints=critical,CA:TRUE'],
  );
  await openssl(...'req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout tls.key -out tls.csr'.split(' '));
  writeFileSync(join(folder, 'ext'), 'subjectAltName=DNS:localhost,DNS:registry.test,IP:127.0.0.1\n');
  await openssl(...'x509 -req -in tls.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile ext -out tls.crt'.split(' '));
  mkdirSync(join(folder, 'ca'));
  writeFileSync(join(folder, 'ca/ca.crt'), readFileSync(join(folder, 'ca.crt')));
  return folder;
}

/** A token service: RS256, verified by the registry itself. Everybody may pull `public/...`; the user may do everything. */
async function startTokenService(folder: string): Promise<{ readonly realm: string; readonly certificate: string }> {
  await run('openssl', 'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=token -keyout tok.key -out tok.crt'.split(' '), {
    cwd: folder,
  });
  const certificate = join(folder, 'tok.crt');
  const key = readFileSync(join(folder, 'tok.key'));
  const x5c = [new X509Certificate(readFileSync(certificate)).raw.toString('base64')];
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const sign = (access: unknown, name: string): string => {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: 'bulkhead-issuer',
      sub: name,
      aud: 'bulkhead-test',
      exp: now + 300,
      nbf: now - 10,
      iat: now,
      jti: randomUUID(),
      access,
    };
    const text = `${encode({ typ: 'JWT', alg: 'RS256', x5c })}.${encode(claims)}`;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(key).toString('base64url')}`;
  };
  const server = createServer((request: IncomingMessage, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const given = request.headers.authorization;
    const known = given === `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`;
    if (given !== undefined && !known) {
      response.writeHead(401).end();
      return;
    }
    const access = url.searchParams.getAll('scope').flatMap(scope => {
      const [type, name = '', actions = ''] = scope.split(':');
      const granted = known ? actions.split(',') : name.startsWith('public/') ? ['pull'] : [];
      return granted.length > 0 ? [{ type, name, actions: granted }] : [];
    });
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ token: sign(access, known ? user.name : ''), expires_in: 300 }));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return { realm: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`, certificate };
}
