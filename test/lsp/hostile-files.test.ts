import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { commands, type DocumentInfo } from '../../shared/src/output/protocol/messages';
import { clientsOf, until, type TestClient } from './client';
import { makeFolder } from './folders';

/** A folder that holds what no project holds, opened in an editor: the server answers, reads no more than it may, and says what it could not read. */
const start = clientsOf('server/src/main.node.ts');
const isPosix = process.platform !== 'win32';
if (!isPosix) console.warn('skipped: pipes, devices and links of a POSIX file system');
const hasGit = spawnSync('git', ['--version']).status === 0;
if (!hasGit) console.warn('skipped: what git tracks, since there is no git');

const pod = (name: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: shop
  labels:
    app: ${name}
spec:
  hostPID: true
  containers:
    - name: app
      image: example.com/shop/${name}:1.2
`;

const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress, Egress]
`;

async function codesOf(client: TestClient, uri: string): Promise<unknown[]> {
  return (await client.items(uri)).map(({ code }) => code);
}

async function info(client: TestClient, uri: string): Promise<DocumentInfo> {
  return client.connection.sendRequest<DocumentInfo>('workspace/executeCommand', { command: commands.showInfo, arguments: [uri] });
}

const pipe = (file: string): void => void execFileSync('sh', ['-c', 'mkfifo "$0"', file]);
const device = (file: string): void => fs.symlinkSync('/dev/zero', file);

describe.runIf(isPosix).each([true, false])('a hostile folder, trusted: %s', trusted => {
  test.each([
    ['pipes', pipe],
    ['links to devices', device],
  ])('%s in the place of what the server reads', async (_what, make) => {
    const folder = makeFolder({ 'web.yaml': pod('web'), 'Dockerfile.fine': 'FROM scratch\n', 'sub/x.yaml': pod('x'), '.git/info/x': '' });
    const at = (name: string): string => path.join(fileURLToPath(folder), name);
    for (const name of ['.gitignore', '.git/info/exclude', '.git/index', '.dockerignore', 'Dockerfile', 'other.yaml', 'sub/.bulkhead.yaml'])
      make(at(name));
    const client = await start({ folders: [folder], options: { trusted } });
    await client.open(`${folder}/web.yaml`, pod('web'));
    await client.open(`${folder}/Dockerfile.fine`, 'FROM node:20\nCOPY . /\n');
    await client.open(`${folder}/sub/x.yaml`, pod('x'));
    expect(await codesOf(client, `${folder}/web.yaml`)).toContain('kubernetes/host-pid');
    expect(await codesOf(client, `${folder}/Dockerfile.fine`)).toEqual(
      expect.arrayContaining(trusted ? ['dockerfile/root-user', 'bulkhead/incomplete'] : ['dockerfile/root-user']),
    );
    const items = await client.items(`${folder}/sub/x.yaml`);
    expect(items.map(({ code }) => code)).toContain('kubernetes/host-pid');
    expect(items.find(({ code }) => code === 'bulkhead/incomplete')?.message).toMatch(
      /^\.bulkhead\.yaml is not in effect: it is (?:not a regular file|a link that leads out of the folder)$/,
    );
    if (trusted) await until('index', async () => (await info(client, `${folder}/web.yaml`)).indexedFiles === 3);
    // edits are still answered
    await client.replace(`${folder}/web.yaml`, 'hostPID: true', 'hostPID: false');
    expect(await codesOf(client, `${folder}/web.yaml`)).not.toContain('kubernetes/host-pid');
  });
});

test.runIf(isPosix)('links out of the folder are read for nothing: no configuration, no facts', async () => {
  const elsewhere = fileURLToPath(makeFolder({ 'policy.yaml': policy, 'config.yaml': 'rules: { kubernetes/host-pid: off }\n' }));
  const folder = makeFolder({ 'web.yaml': pod('web') });
  const at = (name: string): string => path.join(fileURLToPath(folder), name);
  fs.symlinkSync(path.join(elsewhere, 'config.yaml'), at('.bulkhead.yaml'));
  fs.symlinkSync(path.join(elsewhere, 'policy.yaml'), at('policy.yaml'));
  const client = await start({ folders: [folder] });
  const uri = `${folder}/web.yaml`;
  await client.open(uri, pod('web'));
  expect(await codesOf(client, uri)).toEqual(expect.arrayContaining(['kubernetes/host-pid', 'bulkhead/incomplete']));
  await until('index', async () => (await info(client, uri)).indexedFiles === 1);
});

test.runIf(hasGit)('the index holds what git tracks, whatever .gitignore says', async () => {
  const folder = makeFolder({ 'web.yaml': pod('web'), 'a/policy.yaml': policy, 'a/untracked.yaml': pod('other') });
  const cwd = fileURLToPath(folder);
  const git = (...args: string[]): void => void execFileSync('git', args, { cwd, env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' } });
  fs.rmSync(path.join(cwd, '.git'), { recursive: true });
  git('init', '-q');
  git('add', 'a/policy.yaml');
  fs.writeFileSync(path.join(cwd, '.gitignore'), 'a/\n');
  const client = await start({ folders: [folder] });
  const uri = `${folder}/web.yaml`;
  await client.open(uri, pod('web'));
  await client.items(uri);
  // web.yaml, the policy, and .gitignore itself, which tells of images
  await until('index', async () => (await info(client, uri)).indexedFiles === 3);
  expect(await codesOf(client, uri)).not.toContain('kubernetes/missing-network-policy');
});
