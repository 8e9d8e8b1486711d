import { describe, expect, test } from 'vitest';
import type { CodeAction } from 'vscode-languageserver/node';
import type { ConvertParams, ConvertResult } from '../../shared/src/output/protocol/convert';
import { clientsOf, creatingCapabilities as capabilities, refactorsAt, type TestClient } from './client';

const start = clientsOf('server/src/main.node.ts');

const script = `#!/bin/sh
set -e
docker run -d --name web \\
  -p 8080:80 \\
  nginx:1.29.1
echo done
`;
const makefile = 'IMAGE ?= nginx:1.29.1\nrun:\n\t@docker run -d --name web -e PID=$$$$ -p $(PORT):80 "$(IMAGE)"\n';
const workflow = `on: push
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - run: |
          docker run -d --name web example.com/web:\${{ github.sha }}
`;
const unit = '[Service]\nExecStart=/usr/bin/docker run --rm --name web-%i nginx:1.29.1\n';
const compose = `services:
  web:
    image: nginx:1.29.1
    ports: ["80:80"]
  db:
    image: postgres:16.4
`;

const convert = (client: TestClient, params: unknown): Promise<ConvertResult | null> =>
  client.connection.sendRequest('workspace/executeCommand', { command: 'bulkhead.convertText', arguments: [params] });

describe('bulkhead.convertText', () => {
  test('takes a text', async () => {
    const client = await start({ capabilities });
    const made = await convert(client, {
      target: 'compose',
      text: 'docker run -d --name web -e TOKEN=ghp_0123456789abcdefghij0123456789abcdef nginx:1.29.1',
    });
    expect(made).toMatchObject({ ok: true, languageId: 'dockercompose', fileName: 'compose.yaml' });
    const { text, notes, left } = made as ConvertResult & { readonly ok: true };
    expect(text).toContain('    image: nginx:1.29.1\n');
    expect(text).toContain('no-new-privileges:true');
    expect(notes).toEqual([
      '-d: start the service with "docker compose up -d"',
      '-e TOKEN: the value is a secret and is not written here; set TOKEN in the environment, or in a .env file that Git ignores',
    ]);
    expect(left.map(({ rule }) => rule)).toContain('compose/missing-digest');
  });

  test.each<
    [name: string, languageId: string, text: string, line: number, params: Omit<ConvertParams, 'uri' | 'position'>, said: readonly string[]]
  >([
    ['run.sh', 'shellscript', script, 3, { target: 'compose' }, ['    image: nginx:1.29.1\n', '"8080:80"']],
    ['run.sh', 'shellscript', script, 3, { target: 'command' }, ['docker run -d \\\n  --name web \\\n', '  nginx:1.29.1\n']],
    ['Makefile', 'makefile', makefile, 2, { target: 'compose' }, ['    image: nginx:1.29.1\n', '${PORT}:80', 'PID: ${VALUE:?}']],
    ['.github/workflows/a.yml', 'yaml', workflow, 6, { target: 'compose' }, ['    image: example.com/web:${GITHUB_SHA}\n']],
    ['web@.service', 'systemd', unit, 1, { target: 'kubernetes' }, ['kind: Job', 'image: nginx:1.29.1']],
    ['compose.yaml', 'yaml', compose, 4, { target: 'kubernetes' }, ['kind: Deployment', 'name: db\n', 'containerPort: 5432']],
  ])('takes a place in %s', async (name, languageId, text, line, params, said) => {
    const client = await start({ capabilities });
    const uri = `untitled:/${name}`;
    await client.open(uri, text, languageId);
    const made = await convert(client, { ...params, uri, position: { line, character: 14 } });
    expect(made).toMatchObject({ ok: true });
    for (const piece of said) expect((made as { readonly text: string }).text).toContain(piece);
  });

  test('takes the command at a line of a text in whatever language, with the lines that it continues on', async () => {
    const client = await start({ capabilities });
    const text = 'Run this:\n\n    $ docker run -d \\\n        --name web nginx:1.29.1\n\ndone\n';
    const at = (line: number): Promise<unknown> =>
      convert(client, { target: 'compose', text, uri: 'untitled:/a.txt', position: { line, character: 0 } });
    for (const line of [2, 3]) expect(await at(line)).toMatchObject({ ok: true, text: expect.stringContaining('  web:\n') as unknown });
    for (const line of [0, 4, 99]) expect(await at(line)).toBe(null);
  });

  test('takes a command that a box of one line has taken the line breaks from', async () => {
    const client = await start({ capabilities });
    const text = 'docker run -d \\  --name web \\ -e A=1 nginx:1.29.1';
    const made = await convert(client, { target: 'compose', text, pasted: true });
    expect(made).toMatchObject({ ok: true, text: expect.stringContaining('  web:\n') as unknown });
    expect((made as { readonly text: string }).text).toContain('A: "1"');
  });

  // U20
  test.each([
    ['docker run -d nginx:1.29.1', 'Converted, 4 findings left for you to resolve: 1 note'],
    [
      'docker run --privileged -v /var/run/docker.sock:/var/run/docker.sock nginx:1.29.1',
      /^Converted, \d findings left for you to resolve: /,
    ],
  ])('says of %s what is left of it, and calls nothing hardened that is not', async (text, summary) => {
    const client = await start({ capabilities });
    const made = await convert(client, { target: 'compose', text });
    expect((made as { readonly summary: string }).summary).toMatch(summary);
    expect((made as { readonly text: string }).text).toMatch(/^(?:services:|# )/);
  });

  test('finds nothing where nothing is', async () => {
    const client = await start({ capabilities });
    await client.open('untitled:/run.sh', script, 'shellscript');
    expect(await convert(client, { target: 'compose', uri: 'untitled:/run.sh', position: { line: 5, character: 1 } })).toBe(null);
    expect(await convert(client, { target: 'compose', uri: 'untitled:/other.sh', position: { line: 5, character: 1 } })).toBe(null);
  });

  test('says why a text cannot be converted, without its secrets', async () => {
    const client = await start({ capabilities });
    const text = 'docker run -e TOKEN=ghp_0123456789abcdefghij0123456789abcdef --nme x nginx';
    expect(await convert(client, { target: 'compose', text })).toEqual({
      ok: false,
      message: 'Unknown flag --nme; did you mean --name?: docker run -e TOKEN=******** --nme x nginx',
    });
  });

  test.each<[argument: unknown, said: RegExp]>([
    [undefined, /target must be one of/],
    [{ target: 'helm', text: 'x' }, /target must be one of/],
    [{ target: 'compose' }, /must identify what to convert/],
    [{ target: 'compose', text: 5 }, /text must be a string/],
    [{ target: 'compose', uri: 'a:b', position: { line: 'x' } }, /must identify what to convert/],
  ])('refuses %j', async (argument, said) => {
    const client = await start({ capabilities });
    await expect(convert(client, argument)).rejects.toThrow(said);
  });
});

describe('the light bulb', () => {
  test('creates a file beside the document', async () => {
    const client = await start({ capabilities });
    const uri = 'untitled:/deploy/run.sh';
    await client.open(uri, script, 'shellscript');
    const actions = await refactorsAt(client, uri, 3);
    expect(actions.map(({ title, kind }) => [title, kind])).toEqual([
      ['Convert to a Compose service', 'refactor.rewrite.bulkhead.convert'],
      ['Convert to Kubernetes manifests', 'refactor.rewrite.bulkhead.convert'],
    ]);
    const { edit } = await client.connection.sendRequest<CodeAction>('codeAction/resolve', actions[0]!);
    expect(edit!.documentChanges).toMatchObject([
      { kind: 'create', uri: 'untitled:/deploy/web.compose.yaml', options: { overwrite: false, ignoreIfExists: false } },
      {
        textDocument: { uri: 'untitled:/deploy/web.compose.yaml', version: null },
        edits: [{ newText: expect.stringContaining('services:\n  web:\n') as unknown }],
      },
    ]);
  });

  test('has the client open the result, where it can', async () => {
    const client = await start({ capabilities, options: { conversions: true } });
    await client.open('untitled:/compose.yaml', compose, 'yaml');
    const [action, ...more] = await refactorsAt(client, 'untitled:/compose.yaml', 2);
    expect(more).toEqual([]);
    expect(action).toMatchObject({
      title: 'Convert to Kubernetes manifests',
      command: {
        command: 'bulkhead.convertHere',
        arguments: [{ target: 'kubernetes', uri: 'untitled:/compose.yaml', position: { line: 2, character: 4 } }],
      },
    });
  });

  test.each<[name: string, text: string, line: number]>([
    ['run.sh', script, 5],
    ['Dockerfile', 'FROM nginx:1.29.1\n', 0],
    ['deployment.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: b}]}\n', 1],
  ])('offers nothing for the rest of %s', async (name, text, line) => {
    const client = await start({ capabilities, options: { conversions: true } });
    await client.open(`untitled:/${name}`, text);
    expect(await refactorsAt(client, `untitled:/${name}`, line, 0)).toEqual([]);
  });

  test('offers nothing to an editor that can neither open nor create a file', async () => {
    const client = await start();
    await client.open('untitled:/run.sh', script, 'shellscript');
    expect(await refactorsAt(client, 'untitled:/run.sh', 3)).toEqual([]);
  });
});
