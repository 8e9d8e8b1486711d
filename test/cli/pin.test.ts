import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { built } from '../support/built';
import { listen } from '../support/sends';
import { folder, homeOf, today, type Folder, type Ran } from './cli';

const manifest = (name: string): string => JSON.stringify({ schemaVersion: 2, annotations: { name } });
const digestOf = (name: string): string => `sha256:${createHash('sha256').update(manifest(name)).digest('hex')}`;

/** An image with a configuration that says when it was made; by digest, what is asked for in that way. */
const blobs = new Map<string, string>();
const dated = (created: string): string => {
  const add = (body: object): string => {
    const text = JSON.stringify(body);
    const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
    blobs.set(digest, text);
    return digest;
  };
  return add({ schemaVersion: 2, config: { digest: add({ created }) }, layers: [] });
};
const [before, after] = [dated('2025-01-02T03:04:05Z'), dated('2026-02-03T04:05:06.789Z')];

/** A registry in this process that has every tag of the list, with a manifest of its own for each. */
const tags: Readonly<Record<string, string>> = {
  'node:20.11.0-alpine': 'alpine',
  'node:latest': 'newest',
  'node:22.1.0': 'newest',
  'node:20': 'twenty',
  'app:1': 'app',
};
const seen: string[] = [];
const server = createServer((request, response) => {
  seen.push(`${request.method} ${request.url}`);
  const blob =
    blobs.get(request.url?.replace(/^.*\//, '') ?? '') ?? (request.url?.endsWith('/dated/manifests/1') ? blobs.get(after) : undefined);
  if (blob !== undefined) {
    const headers = {
      'content-type': 'application/vnd.oci.image.manifest.v1+json',
      'docker-content-digest': `sha256:${createHash('sha256').update(blob).digest('hex')}`,
    };
    response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : blob);
    return;
  }
  const [, name = '', tag] = /^\/v2\/(.+)\/(?:manifests\/([^/]+)|tags\/list.*)$/.exec(request.url ?? '') ?? [];
  if (tag === undefined) {
    const list = Object.keys(tags).flatMap(key => (key.startsWith(`${name}:`) ? [key.slice(name.length + 1)] : []));
    response.end(JSON.stringify({ name, tags: list }));
    return;
  }
  const image = tags[`${name}:${tag}`];
  if (image === undefined) response.writeHead(404).end();
  else {
    const type = 'application/vnd.oci.image.index.v1+json';
    response
      .writeHead(200, { 'content-type': type, 'docker-content-digest': digestOf(image) })
      .end(request.method === 'HEAD' ? undefined : manifest(image));
  }
});
let host = '';
const cli = built('cli.js');
beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

/** Not synchronously: the registry lives in this process. The home is a folder of the test, so that no cache and no credentials come in. */
function bulkhead(files: Folder, ...args: string[]): Promise<Ran> {
  const asks = args[0] === 'pin' || args.includes('--pin');
  return run(files, {}, asks ? [...args, '--allow-registry', host] : args);
}

function run(files: Folder, more: Readonly<Record<string, string>>, args: readonly string[]): Promise<Ran> {
  const env = { PATH: process.env['PATH'], HOME: homeOf(files).path, ...more };
  const child = spawn(process.execPath, [cli, ...args], { cwd: files.path, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise(resolve => child.on('close', code => resolve({ code, stdout, stderr })));
}

describe('bulkhead pin', () => {
  it('prints a diff and changes nothing', async () => {
    const files = folder({ Dockerfile: `FROM ${host}/node:20.11.0-alpine\n` });
    const { code, stdout, stderr } = await bulkhead(files, 'pin');
    expect(code).toBe(0);
    expect(stdout).toBe(
      `--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,1 +1,1 @@\n-FROM ${host}/node:20.11.0-alpine\n+FROM ${host}/node:20.11.0-alpine@${digestOf('alpine')}\n`,
    );
    expect(stderr).toBe(`not pinned:\n  Dockerfile:1:6: ${host}/node:20.11.0-alpine is ${digestOf('alpine')}\n`);
    expect(files.read('Dockerfile')).toBe(`FROM ${host}/node:20.11.0-alpine\n`);
  });

  it('writes, checks, and checks again', async () => {
    const files = folder({
      Dockerfile: `ARG BASE=${host}/node:20.11.0-alpine # no comment\r\n`.replace(' # no comment', '') + 'FROM ${BASE}\r\n',
      'k8s/pod.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: a\n      image: "${host}/app:1" # the app\n`,
      'kustomization.yaml': `images:\n  - name: ${host}/node\n    newTag: "20"\n`,
    });
    expect((await bulkhead(files, 'pin', '--check')).code).toBe(1);
    const { code, stdout, stderr } = await bulkhead(files, 'pin', '--write');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toBe('Dockerfile: 1 image pinned\nk8s/pod.yaml: 1 image pinned\nkustomization.yaml: 1 image pinned\n');
    expect(files.read('Dockerfile')).toBe(`ARG BASE=${host}/node:20.11.0-alpine@${digestOf('alpine')}\r\nFROM \${BASE}\r\n`);
    expect(files.read('k8s/pod.yaml')).toContain(`image: "${host}/app:1@${digestOf('app')}" # the app\n`);
    expect(files.read('kustomization.yaml')).toContain(`newTag: "20"\n    digest: ${digestOf('twenty')}\n`);
    expect(await bulkhead(files, 'pin', '--check')).toEqual({ code: 0, stdout: '', stderr: '3 images already pinned\n' });
  });

  it('asks no registry of this machine because a file names it, but one that the user has named or is logged in to', async () => {
    const files = folder({ Dockerfile: `FROM ${host}/node:20\nFROM 169.254.169.254/latest/meta-data:1\nFROM localhost:1/a:1\n` });
    seen.length = 0;
    const refused = await run(files, {}, ['pin', '--check']);
    const why = 'an address of this machine or of a private network, which a file may not choose';
    expect(refused.stderr).toBe(
      'not looked up:\n' +
        `  Dockerfile:1:6: ${host}/node:20: ${host}: ${why}\n` +
        `  Dockerfile:2:6: 169.254.169.254/latest/meta-data:1: 169.254.169.254: ${why}\n` +
        `  Dockerfile:3:6: localhost:1/a:1: localhost:1: ${why}\n`,
    );
    expect(refused.code).toBe(2);
    expect(seen).toEqual([]);
    homeOf(files).write('.docker/config.json', JSON.stringify({ auths: { [host]: {} }, credsStore: 'none' }));
    expect((await run(files, {}, ['pin', '--check'])).stderr).toContain(`${host}/node:20 is ${digestOf('twenty')}`);
  });

  it('tells of a tag that moved on, and updates the digest', async () => {
    const old = digestOf('old');
    const files = folder({ Dockerfile: `FROM ${host}/node:20@${old}\n` });
    const check = await bulkhead(files, 'pin', '--check');
    expect(check).toEqual({
      code: 1,
      stdout: '',
      stderr: `the tag has moved:\n  Dockerfile:1:6: ${host}/node:20@${old} is ${digestOf('twenty')} now\n`,
    });
    expect((await bulkhead(files, 'pin', '--write')).code).toBe(0);
    expect(files.read('Dockerfile')).toBe(`FROM ${host}/node:20@${digestOf('twenty')}\n`);
  });

  it('tells when the old image and the new one were made', async () => {
    const files = folder({ Dockerfile: `FROM ${host}/dated:1@${before}\nFROM ${host}/dated:1@${after}\n` });
    const { stderr } = await bulkhead(files, 'pin', '--check');
    expect(stderr).toContain(
      `Dockerfile:1:6: ${host}/dated:1@${before} (of 2025-01-02T03:04:05Z) is ${after} (of 2026-02-03T04:05:06.789Z) now\n`,
    );
    const { stdout } = await bulkhead(files, 'pin', '--format', 'json');
    const [file] = (JSON.parse(stdout) as { files: { images: object[] }[] }).files;
    expect(file!.images).toMatchObject([
      { state: 'update', created: { old: '2025-01-02T03:04:05Z', new: '2026-02-03T04:05:06.789Z' } },
      { state: 'current', created: null },
    ]);
  });

  it('says what failed and what was left, and does the rest', async () => {
    const files = folder({
      Dockerfile: `FROM ${host}/node:20 AS a\nFROM ${host}/node:19\nFROM node:$V\n# bulkhead-ignore dockerfile/missing-digest -- ours\nFROM ${host}/app:1\n`,
    });
    const { code, stderr } = await bulkhead(files, 'pin', '--write');
    expect(code).toBe(2);
    expect(stderr).toBe(
      [
        'left for you to resolve:',
        '  Dockerfile:3:6: node:$V: the reference is composed from variables: no single place could hold the digest',
        `  Dockerfile:5:6: ${host}/app:1: suppressed`,
        'not looked up:',
        `  Dockerfile:2:6: ${host}/node:19: ${host} has no node:19`,
        '',
      ].join('\n'),
    );
    expect(files.read('Dockerfile')).toContain(`FROM ${host}/node:20@${digestOf('twenty')} AS a\n`);
    expect(files.read('Dockerfile')).toContain(`FROM ${host}/app:1\n`);
  });

  it('--format json', async () => {
    const files = folder({ Dockerfile: `FROM ${host}/node\nFROM ${host}/node:19\n` });
    const { stdout } = await bulkhead(files, 'pin', '--format', 'json', '--version-tags');
    const report = JSON.parse(stdout) as {
      files: { images: Record<string, unknown>[]; changes: { edits: { newText: string }[] }[] }[];
      summary: object;
    };
    const resolved = { digest: digestOf('newest'), mediaType: 'application/vnd.oci.image.index.v1+json', at: expect.any(String) as string };
    expect(report.files[0]!.images).toMatchObject([
      { image: `${host}/node`, state: 'pin', digest: null, resolved, versionTag: '22.1.0', reasonId: null, reason: null },
      { image: `${host}/node:19`, state: 'failed', resolved: null, reasonId: 'not-found', reason: `${host} has no node:19` },
    ]);
    expect(report.files[0]!.changes[0]!.edits.map(edit => edit.newText)).toEqual([`:22.1.0@${digestOf('newest')}`]);
    expect(report.summary).toMatchObject({ files: 1, images: 2, pin: 1, update: 0, current: 0, refused: 0, failed: 1 });
  });

  it('keeps look-ups for a while, and forgets them when asked', async () => {
    const files = folder({ Dockerfile: `FROM ${host}/node:20\n` });
    const asks = async (...args: string[]): Promise<number> => {
      seen.length = 0;
      await bulkhead(files, 'pin', ...args);
      return seen.length;
    };
    expect(await asks()).toBe(1);
    expect(await asks()).toBe(0);
    expect(await asks('--cache-minutes', '0')).toBe(1);
    expect(await asks('--clear-cache')).toBe(1);
    const cache = join(homeOf(files).path, '.cache/bulkhead/registry');
    const [entry, ...rest] = readdirSync(cache);
    expect(rest).toEqual([]);
    expect(JSON.parse(readFileSync(join(cache, entry!), 'utf8'))).toMatchObject({ key: `${host}/node:20`, digest: digestOf('twenty') });
    if (process.platform !== 'win32') expect(statSync(join(cache, entry!)).mode & 0o777).toBe(0o600);
  });

  it('takes no look-up that lies in the folder that is checked, wherever the home is said to be', async () => {
    const files = folder({ Dockerfile: `FROM ${host}/node:20\n` });
    const planted = { key: `${host}/node:20`, digest: `sha256:${'6'.repeat(64)}`, mediaType: '', at: Date.now() };
    const name = createHash('sha256').update(planted.key).digest('hex').slice(0, 40);
    files.write(`.cache/bulkhead/registry/${name}.json`, JSON.stringify(planted));
    for (const own of [{ HOME: files.path }, { HOME: '' }, { HOME: '.' }, { XDG_CACHE_HOME: join(files.path, '.cache') }]) {
      const { stdout } = await run(files, own, ['pin', '--allow-registry', host]);
      expect(stdout).toContain(`+FROM ${host}/node:20@${digestOf('twenty')}`);
    }
  });

  it('several runs at once share the cache without harm', async () => {
    const files = folder({ Dockerfile: `FROM ${host}/node:20\nFROM ${host}/node:20.11.0-alpine\nFROM ${host}/app:1\n` });
    const runs = await Promise.all(Array.from({ length: 4 }, () => bulkhead(files, 'pin', '--check')));
    expect(new Set(runs.map(run => `${run.code} ${run.stderr}`)).size).toBe(1);
    const cache = join(homeOf(files).path, '.cache/bulkhead/registry');
    expect(readdirSync(cache).filter(name => name.endsWith('.json'))).toHaveLength(3);
    expect(readdirSync(cache)).toHaveLength(3);
  });

  it('invalid usage', async () => {
    const files = folder({});
    expect((await bulkhead(files, 'pin', '--write', '--check')).code).toBe(2);
    expect((await bulkhead(files, 'pin', '--cache-minutes', 'x')).stderr).toContain('--cache-minutes must be a whole number of minutes');
    expect((await bulkhead(files, 'pin', 'nowhere')).stderr).toContain('nowhere: does not exist');
  });
});

describe('harden and lint', () => {
  it('harden --pin pins too', async () => {
    const files = folder({ Dockerfile: `FROM ${host}/node:20.11.0-alpine\nUSER 1000\nCMD ["node"]\n` });
    const { code, stderr } = await bulkhead(files, 'harden', '--pin', '--write', ...today);
    expect(stderr).toContain('Dockerfile: ');
    expect(code).toBe(0);
    expect(files.read('Dockerfile')).toContain(`FROM ${host}/node:20.11.0-alpine@${digestOf('alpine')}\n`);
  });

  it('harden --pin pins images without a fixed tag, in manifests too', async () => {
    const pod = (first: string, second: string): string =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: a\n      image: "${first}" # the front\n    - name: b\n      image: ${second}\n`;
    const files = folder({ 'pod.yaml': pod(`${host}/node:latest`, `${host}/node`) });
    await bulkhead(files, 'harden', '--write', ...today);
    expect(files.read('pod.yaml')).not.toContain('@sha256');
    const { code } = await bulkhead(files, 'harden', '--pin', '--write', ...today);
    expect(code).toBe(0);
    const hardened = files.read('pod.yaml');
    expect(hardened).toContain(`image: "${host}/node:latest@${digestOf('newest')}" # the front\n`);
    expect(hardened).toContain(`image: ${host}/node@${digestOf('newest')}\n`);
  });

  it('harden --pin says what the registry did not tell', async () => {
    const files = folder({ Dockerfile: `FROM ${host}/node:19\nUSER 1000\n` });
    const { code, stderr } = await bulkhead(files, 'harden', '--pin', ...today);
    expect(code).toBe(2);
    expect(stderr).toContain(`bulkhead: ${host}/node:19: ${host} has no node:19\n`);
  });

  it('nothing is sent without being asked for', async () => {
    const files = folder({
      Dockerfile: `FROM ${host}/node:20\nUSER 1000\n`,
      'pod.yaml': `apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, image: "${host}/app:1"}, {name: b, image: nginx}]}\n`,
    });
    seen.length = 0;
    const listener = await listen();
    for (const args of [
      ['lint'],
      ['lint', '--fix'],
      ['harden'],
      ['harden', '--write'],
      ['rules'],
      ['explain', 'dockerfile/missing-digest'],
    ])
      await run(files, listener.env, args);
    expect(seen).toEqual([]);
    expect(listener.sent()).toEqual([]);
    // and the listener does hear what is sent: both to a registry far away, by the proxy, and to one on this machine
    writeFileSync(join(files.path, 'Dockerfile'), `FROM node:20\nFROM ${host}/node:20\n`);
    await run(files, listener.env, ['pin', 'Dockerfile', '--allow-registry', host]);
    expect(seen).not.toEqual([]);
    expect(listener.sent()).toContain('proxy');
    expect(listener.sent()).toContain('connect');
    listener.stop();
  });
});
