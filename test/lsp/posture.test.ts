import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { postureMethod, type PostureParams, type PostureResult } from '../../shared/src/output/protocol/posture';
import { checkFileMethod, type CheckFileResult } from '../../shared/src/output/protocol/workspace';
import { bulkhead, today } from '../cli/cli';
import { clientsOf, until, type TestClient } from './client';
import { makeFolder } from './folders';

/** The posture that an editor shows, and the baseline of its user: what the command line says of the same files. */

const start = clientsOf('server/src/main.node.ts');
const options = { today: today[1]! };

const pod = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  containers:\n` +
  `    - name: app\n      image: registry.example.com/shop/${name}:1.2\n      securityContext: { privileged: true }\n`;

const files: Readonly<Record<string, string>> = {
  Dockerfile: 'FROM node:20\nADD a.txt /srv/\nRUN sudo ls\n',
  'deploy/web.yaml': pod('web'),
  'deploy/<b>&"x.yaml': pod('odd'),
  'deploy/notes.yaml': 'title: notes\n',
  'broken/web.yaml': 'apiVersion: v1\nkind: Pod\nspec: [\n',
};

async function posture(
  client: TestClient,
  folder: string,
  names: readonly string[],
  more: Partial<PostureParams> = {},
): Promise<PostureResult> {
  const encoded = (name: string): string => `${folder}/${name.split('/').map(encodeURIComponent).join('/')}`;
  const params: PostureParams = { folder, files: names.map(name => ({ uri: encoded(name), name })), ...more };
  return await client.connection.sendRequest<PostureResult>(postureMethod, params);
}

describe('the posture of files', () => {
  const cli = (folder: string, ...args: readonly string[]): string =>
    bulkhead(['report', ...today, ...args], { cwd: fileURLToPath(folder) }).stdout;
  const names = Object.keys(files).sort();

  /** Without what only an editor's page has. */
  const plainPage = (html: string): string =>
    html.replace(/<a href="command:[^"]*">(.*?)<\/a>/g, '$1').replace(/\nbody\.vscode-dark[\s\S]*?(?=<\/style>)/, '');

  test('is the page of `bulkhead report`, with links that run two commands and nothing else', async () => {
    const folder = makeFolder(files);
    const client = await start({ folders: [folder], options });
    const { html, checked, findings, failed } = await posture(client, folder, names);
    // a bundle for tests has no version
    const versionless = (page: string): string => page.replace(/Bulkhead [0-9.]+(?=<)/, 'Bulkhead');
    expect(versionless(plainPage(html))).toBe(versionless(cli(folder)));
    expect(html).toContain(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`);
    expect(html).not.toMatch(/<script|\son[a-z]+=|javascript:/i);
    const links = [...html.matchAll(/<a href="([^"]*)"/g)].map(([, address]) => decodeURIComponent(address!));
    const commands = links.filter(link => !/^#[a-z]+$/.test(link));
    expect(commands.length).toBeGreaterThan(10);
    for (const command of commands)
      expect(command).toMatch(/^command:bulkhead\.(openPosturedFile\?\[\d+\]|explainRule\?\["[a-z]+\/[a-z0-9-]+"\])$/);
    const [, place] = /openPosturedFile\?%5B(\d+)%5D"><code>deploy\/web\.yaml/.exec(html) ?? [];
    expect(names[Number(place)]).toBe('deploy/web.yaml');
    const { files: count, counts } = JSON.parse(cli(folder, '--format', 'json')) as { files: number; counts: Record<string, number> };
    expect({ checked, findings, failed }).toEqual({
      checked: count,
      findings: Object.values(counts).reduce((sum, one) => sum + one, 0),
      failed: [],
    });
  });

  test('is that of the text in the editor, names what is missing, and says how far it is', async () => {
    const folder = makeFolder({ Dockerfile: 'FROM node:20\nRUN sudo ls\n', 'latin/Dockerfile': '' });
    writeFileSync(join(fileURLToPath(folder), 'latin/Dockerfile'), Buffer.from([0xe4, 0xf6, 0x0a]));
    const client = await start({ folders: [folder], options });
    await client.open(`${folder}/Dockerfile`, 'FROM node:20\n');
    const heard: unknown[] = [];
    client.connection.onNotification('$/progress', (params: { token: string; value: number }) => void heard.push(params));
    const result = await posture(client, folder, ['Dockerfile', 'latin/Dockerfile', 'gone/Dockerfile'], { progress: 'p' });
    expect(result.html).not.toContain('dockerfile/sudo');
    expect(result.checked).toBe(1);
    expect(result.failed).toEqual([{ name: 'latin/Dockerfile', reason: expect.stringContaining('UTF-8') as string }]);
    expect(heard).toEqual([1, 2, 3].map(value => ({ token: 'p', value })));
  });
});

describe('a baseline in the settings of a user', () => {
  const name = '.bulkhead-baseline.json';
  const found = async (client: TestClient, uri: string): Promise<unknown[]> => (await client.items(uri)).map(({ code }) => code);
  const known = (): string => {
    const folder = makeFolder(files);
    bulkhead(['baseline', ...today], { cwd: fileURLToPath(folder) });
    return folder;
  };

  test('hides what it has, and shows one more of the same', async () => {
    const folder = known();
    const uri = `${folder}/Dockerfile`;
    const text = files['Dockerfile']!;
    const client = await start({ folders: [folder], options, settings: () => ({ baseline: name }) });
    await client.open(uri, text);
    expect(await found(client, uri)).toEqual([]);
    await client.setText(uri, `# moved\n\n${text}RUN sudo ls\n`);
    expect(await found(client, uri)).toContain('dockerfile/sudo');
    expect((await found(client, uri)).filter(code => code === 'dockerfile/sudo')).toHaveLength(1);
    const { diagnostics } = await client.connection.sendRequest<CheckFileResult<unknown>>(checkFileMethod, {
      uri: `${folder}/deploy/web.yaml`,
    });
    expect(diagnostics).toEqual([]);
    // the page counts them as known, as the command line does
    const { html } = await posture(client, folder, ['deploy/web.yaml']);
    expect(html).toMatch(/\d+ in the baseline/);
  });

  test.each([
    ['an absolute path', (folder: string) => join(fileURLToPath(folder), name), []],
    ['one of another project holds nowhere else', () => join(fileURLToPath(known()), name), ['dockerfile/sudo']],
    ['no file of that name', () => 'none.json', ['dockerfile/sudo']],
  ])('%s', async (_, path, expected) => {
    const folder = known();
    const uri = `${folder}/Dockerfile`;
    const baseline = path(folder);
    const client = await start({ folders: [folder], options, settings: () => ({ baseline }) });
    await client.open(uri, files['Dockerfile']!);
    expect((await found(client, uri)).filter(code => code === 'dockerfile/sudo' || code === 'bulkhead/incomplete')).toEqual(expected);
  });

  test.each([
    ['no JSON', () => name, '{', 'is not a baseline: it is not JSON'],
    [
      'missing, though it is named for this project alone',
      (folder: string) => join(fileURLToPath(folder), 'mine.json'),
      '{',
      'does not exist',
    ],
  ])('that is %s is said, and hides nothing', async (_, path, text, problem) => {
    const folder = makeFolder({ ...files, [name]: text });
    const uri = `${folder}/Dockerfile`;
    const baseline = path(folder);
    const client = await start({ folders: [folder], options, settings: () => ({ baseline }) });
    await client.open(uri, files['Dockerfile']!);
    const items = await client.items(uri);
    expect(items.map(({ code }) => code)).toContain('dockerfile/sudo');
    expect(items.filter(({ code }) => code === 'bulkhead/incomplete').map(({ message }) => message)).toEqual([
      expect.stringContaining(problem) as string,
    ]);
  });

  test('hides nothing in Restricted Mode: it came with the repository', async () => {
    const folder = known();
    const uri = `${folder}/Dockerfile`;
    const client = await start({ folders: [folder], options: { ...options, trusted: false }, settings: () => ({ baseline: name }) });
    await client.open(uri, files['Dockerfile']!);
    expect(await found(client, uri)).toContain('dockerfile/sudo');
  });

  test('is read again when it changes', async () => {
    const folder = known();
    const uri = `${folder}/Dockerfile`;
    const file = join(fileURLToPath(folder), name);
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, '{ "schemaVersion": 1, "files": {} }');
    const client = await start({ folders: [folder], options, settings: () => ({ baseline: name }) });
    await client.open(uri, files['Dockerfile']!);
    expect(await found(client, uri)).toContain('dockerfile/sudo');
    writeFileSync(file, before);
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: `${folder}/${name}`, type: 2 }] });
    await until('the new baseline', async () => (await found(client, uri)).length === 0);
  });
});
