import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { CodeAction } from 'vscode-languageserver';
import type { InitializationOptions } from '../../shared/src/output/protocol/messages';
import { type ReadPartAnswer, readPartMethod, type ReadPartParams } from '../../shared/src/output/protocol/registry';
import { committedPath, printCommitted } from '../../shared/src/services/facts/committed';
import { digestOf, repositoryOf } from '../support/image-chain';
import { until } from './client';
import { makeFolder } from './folders';
import { host, hover, lookUp, mismatch, newHome, pinned, pod, position, registry, root, start, textOf } from './look-up-session';

describe('one image', () => {
  test('is asked about from the light bulb, and not before; findings follow and are marked', async () => {
    const folder = makeFolder({});
    const client = await start(folder);
    const uri = `${folder}/pod.yaml`;
    await client.open(uri, pod(pinned()));
    expect(await mismatch(client, uri)).toBeUndefined();
    const action = (await client.actions(uri, '/web:1.0')).find(({ title }: CodeAction) => title.startsWith('Look up'));
    expect(action).toMatchObject({
      title: `Look up image ${host}/web:1.0`,
      kind: 'quickfix',
      command: { command: 'bulkhead.lookUpImages' },
    });
    await hover(client, uri);
    expect(registry.asked).toEqual([]);
    const refreshes = client.refreshes();
    expect(await lookUp(client, action!.command!.arguments![0] as object)).toEqual({
      found: 1,
      failed: [],
      cancelled: false,
      refused: null,
    });
    expect(registry.asked.filter(path => path !== '/v2/')).toHaveLength(3);
    await until('the refresh', () => client.refreshes() > refreshes);
    expect(await mismatch(client, uri)).toMatch(/ \(from a lookup\)$/);
    await until('what came of it', () =>
      client.messages.some(({ message }) => message === `${host}/web:1.0 starts as root; hover over it for details`),
    );
    expect(client.progress.filter(kind => kind !== 'report')).toEqual(['begin', 'end']);
    expect(client.questions).toEqual([]);
    const text = textOf(await hover(client, uri));
    expect(text).toContain(`/web:1.0: facts from its configuration for linux/amd64 (verified by its digest)

- user: root
- starts: /web
- ports: 80/tcp
- working directory: /
- created: 2026-01-02T03:04:05Z
- \`${root.digest}\``);
    expect(text).toContain('Findings here use this data; to use it on the command line, pass --lookup');
  });

  test('of a tag is what the registry said, and when; its root is believed', async () => {
    const folder = makeFolder({});
    const client = await start(folder);
    const uri = `${folder}/pod.yaml`;
    await client.open(uri, pod(`${host}/web:1.0`));
    await lookUp(client, { uri, position });
    expect(registry.asked.filter(path => path !== '/v2/')).toHaveLength(4);
    expect(textOf(await hover(client, uri))).toMatch(/\(as served by a registry\)\n[^]*\n- looked up at 20\d\d-/);
    const compose = `${folder}/compose.yaml`;
    await client.open(compose, `services:\n  web:\n    image: ${host}/web:1.0\n`, 'dockercompose');
    const found = (await client.items(compose)).filter(({ message }) => (message as string).endsWith(' (from a lookup)'));
    expect(found.map(({ code }) => code)).toContain('compose/root-user');
  });

  test('is forgotten with the other look-ups', async () => {
    const folder = makeFolder({});
    const client = await start(folder);
    const uri = `${folder}/pod.yaml`;
    await client.open(uri, pod(pinned()));
    await lookUp(client, { uri });
    expect(await mismatch(client, uri)).toBeDefined();
    await client.connection.sendRequest('workspace/executeCommand', { command: 'bulkhead.clearLookups', arguments: [] });
    expect(await mismatch(client, uri)).toBeUndefined();
  });

  test('of a digest is known in the next session, which asks for nothing', async () => {
    const folder = makeFolder({});
    const uri = `${folder}/pod.yaml`;
    const text = pod(`${host}/web@${root.digest}`);
    const first = await start(folder);
    await first.open(uri, text);
    await lookUp(first, { uri });
    expect(textOf(await hover(first, uri))).toContain('(verified by its digest)');
    registry.asked.length = 0;
    const second = await start(folder, {}, first.home);
    await second.open(uri, text);
    await until('the finding', async () => (await mismatch(second, uri))?.endsWith(' (from a lookup)'));
    expect(await lookUp(second, { uri })).toMatchObject({ found: 1 });
    expect(registry.asked).toEqual([]);
    // nor does somebody else's workspace learn what this user has looked up
    const third = await start(folder, { trusted: false }, first.home);
    await third.open(uri, text);
    await until('findings', async () => (await third.items(uri)).length > 0);
    expect(await mismatch(third, uri)).toBeUndefined();
  });

  test('by its tag is known by its digest too, in files that are pinned to it', async () => {
    const folder = makeFolder({});
    const client = await start(folder);
    const [own, other] = [`${folder}/own.yaml`, `${folder}/other.yaml`];
    await client.open(own, pod(pinned()));
    expect(await mismatch(client, own)).toBeUndefined();
    await client.open(other, pod(`${host}/web:1.0`));
    await lookUp(client, { uri: other, position });
    await until('the finding', async () => (await mismatch(client, own)) !== undefined);
    expect(textOf(await hover(client, own))).toContain('verified');
  });

  test('that is committed is not marked, since CI says the same', async () => {
    const folder = makeFolder({ [committedPath]: printCommitted([{ reference: `${host}/web:1.0`, ...root }]) });
    const client = await start(folder);
    const uri = `${folder}/pod.yaml`;
    await client.open(uri, pod(pinned()));
    await lookUp(client, { uri });
    await until('the file', async () => (await mismatch(client, uri))?.includes('from a lookup') === false);
  });

  test('that cannot be had is said once, with the reason, and in the log', async () => {
    const folder = makeFolder({});
    const client = await start(folder);
    const uri = `${folder}/pod.yaml`;
    await client.open(uri, pod(`${host}/nothing:1`));
    const result = await lookUp(client, { uri, position });
    expect(result).toMatchObject({ found: 0, failed: [{ image: `${host}/nothing:1`, reasonId: 'not-found' }] });
    await until('the message', () => client.messages.length > 0);
    expect(client.messages.map(({ message }) => message)).toEqual([`${host}/nothing:1 was not looked up: ${host} has no nothing:1`]);
  });
});

describe('a workspace', () => {
  const files = () => ({ 'a.yaml': pod(`${host}/web:1.0`), 'b.yaml': pod(`${host}/api:1.0`), 'c.yaml': pod(`${host}/web:1.0`) });
  const urisOf = (folder: string): readonly string[] => ['a.yaml', 'b.yaml', 'c.yaml'].map(name => `${folder}/${name}`);

  test('is asked about once the user has agreed to what goes where', async () => {
    const folder = makeFolder(files());
    const client = await start(folder);
    client.onQuestion = () => 'Cancel';
    expect(await lookUp(client, { uris: urisOf(folder) })).toMatchObject({ found: 0, cancelled: true });
    expect(registry.asked).toEqual([]);
    expect(client.questions.map(({ message }) => message)).toEqual([`Query ${host} (images: 2, requests: at most 8)?`]);
    client.onQuestion = () => 'Look up';
    expect(await lookUp(client, { uris: urisOf(folder) })).toMatchObject({ found: 2, cancelled: false });
    await until('the message', () => client.messages.some(({ message }) => message.startsWith('2 images looked up')));
    registry.asked.length = 0;
    // what is known is not asked for again, so that there is nothing to agree to
    expect(await lookUp(client, { uris: urisOf(folder) })).toMatchObject({ found: 2 });
    expect({ questions: client.questions.length, asked: registry.asked }).toEqual({ questions: 2, asked: [] });
  });

  test('asks no host of a private network that the settings do not name', async () => {
    const folder = makeFolder(files());
    const client = await start(folder, {}, newHome(), []);
    client.onQuestion = () => 'Look up';
    const { found, failed } = await lookUp(client, { uris: urisOf(folder) });
    expect({ found, asked: registry.asked }).toEqual({ found: 0, asked: [] });
    expect(failed).toHaveLength(2);
    for (const { reason } of failed) expect(reason).toContain('which a file may not choose');
  });
});

describe('nothing is looked up', () => {
  test.each<readonly [string, InitializationOptions, string]>([
    ['in a workspace that is not trusted', { trusted: false }, 'Images are not looked up in an untrusted workspace'],
    ['in a browser', { registry: 'none' }, 'Registries cannot be queried for digests in a browser'],
  ])('%s', async (_, options, why) => {
    const folder = makeFolder({});
    const client = await start(folder, options);
    const uri = `${folder}/pod.yaml`;
    await client.open(uri, pod(`${host}/web:1.0`));
    expect((await client.actions(uri, '/web:1.0')).find(({ title }) => title.startsWith('Look up'))).toMatchObject({
      disabled: { reason: why },
    });
    expect(await lookUp(client, { uri })).toEqual({ found: 0, failed: [], cancelled: false, refused: why });
    expect((await hover(client, uri))?.lookUp).toBeUndefined();
    expect(registry.asked).toEqual([]);
  });
});

describe('a client that asks registries itself', () => {
  const text = pod(`registry.example.com/web:1.0@${root.digest}`);

  test('is asked for the manifests and the configuration, and checked', async () => {
    const folder = makeFolder({});
    const client = await start(folder, { registry: 'client' });
    const uri = `${folder}/pod.yaml`;
    await client.open(uri, text);
    const { manifests, blobs } = repositoryOf(root);
    const asked: string[] = [];
    let lies = true;
    client.connection.onRequest(readPartMethod, ({ part, reference }: ReadPartParams): ReadPartAnswer => {
      asked.push(part);
      const digest = reference.slice(reference.indexOf('@') + 1);
      const value = part === 'tag' ? root.digest : part === 'manifest' ? manifests.get(digest)! : blobs.get(digest)!.toString();
      return { text: lies && part === 'blob' ? value.replace('"User":""', '"User":"1"') : value, failure: null, limit: null };
    });
    expect((await lookUp(client, { uri })).failed).toMatchObject([
      { reason: expect.stringContaining('its configuration has the digest') as string },
    ]);
    expect(await mismatch(client, uri)).toBeUndefined();
    lies = false;
    expect(await lookUp(client, { uri })).toMatchObject({ found: 1 });
    expect(asked.slice(3)).toEqual(['manifest', 'manifest', 'blob']);
    expect(await mismatch(client, uri)).toBeDefined();
    expect(digestOf(manifests.get(root.digest)!)).toBe(root.digest);
  });

  test('that answers nonsense, or not at all, costs a clear line', async () => {
    const folder = makeFolder({});
    const client = await start(folder, { registry: 'client' });
    const uri = `${folder}/pod.yaml`;
    await client.open(uri, text);
    client.connection.onRequest(readPartMethod, () => ({ text: 5, failure: { kind: 'x', message: 'odd' }, limit: null }));
    expect((await lookUp(client, { uri })).failed).toMatchObject([{ reasonId: 'invalid-answer', reason: 'odd' }]);
  });

  test('can be told to stop', async () => {
    const folder = makeFolder({});
    const client = await start(folder, { registry: 'client' });
    const uri = `${folder}/pod.yaml`;
    await client.open(uri, text);
    let ended = false;
    let token: unknown;
    client.connection.onRequest('window/workDoneProgress/create', (params: { token: unknown }) => void (token = params.token));
    client.connection.onRequest(
      readPartMethod,
      (_: unknown, cancellation: { onCancellationRequested(listener: () => void): void }) =>
        new Promise<ReadPartAnswer>(resolve => {
          cancellation.onCancellationRequested(() => {
            ended = true;
            resolve({ text: null, failure: { kind: 'cancelled', message: 'cancelled' }, limit: null });
          });
          void client.connection.sendNotification('window/workDoneProgress/cancel', { token });
        }),
    );
    expect(await lookUp(client, { uri })).toMatchObject({ found: 0, failed: [], cancelled: true });
    expect({ ended, messages: client.messages }).toEqual({ ended: true, messages: [] });
  });
});

test('VS Code gets a link to look up an image from its hover, in no text that quotes a file', async () => {
  const folder = makeFolder({});
  const client = await start(folder, { pages: true });
  const uri = `${folder}/a (b).yaml`;
  await client.open(uri, pod(`${host}/web:1.0`));
  const shown = await hover(client, uri);
  expect(shown?.lookUp).toEqual({ uri, position: { line: 6, character: 13 } });
  expect(fileURLToPath(uri)).toContain('a (b).yaml');
  expect(registry.asked).toEqual([]);
});
