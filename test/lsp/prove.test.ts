import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { CodeLens, ShowMessageParams } from 'vscode-languageserver';
import { confirmTrialMethod, type ConfirmTrialParams, type ProveResult } from '../../shared/src/output/protocol/trial';
import { type FakeEngine, installEngine } from '../support/fake-engine';
import { bundleServer, fullCapabilities, startClient, until, type TestClient } from './client';
import { makeFolder } from './folders';

/** `bulkhead.proveService`: an editor's trials, with an engine that only plays one. */
const server = bundleServer('server/src/main.node.ts');
let client: TestClient | undefined;
const homes: string[] = [];

afterEach(async () => {
  await client?.stop();
  client = undefined;
  for (const home of homes.splice(0)) fs.rmSync(home, { recursive: true, force: true });
});

const compose = `services:
  job:
    image: registry.example.com/job@sha256:${'b'.repeat(64)}
    command: [work]
  other:
    image: registry.example.com/other:1
`;

interface Options {
  readonly text?: string;
  readonly fake?: FakeEngine;
  readonly trusted?: boolean;
  /** What the person answers; absent: the client cannot ask. */
  readonly answer?: string | undefined;
  /** The progress at which the person cancels. */
  readonly cancelAt?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Of a client with a dialogue of its own. */
  readonly consent?: (params: ConfirmTrialParams) => unknown;
}

async function start({ text = compose, fake = {}, trusted = true, answer, cancelAt, env = {}, consent }: Options) {
  const home = fs.mkdtempSync(join(tmpdir(), 'bulkhead-prove-'));
  homes.push(home);
  const tools = join(home, 'tools');
  fs.mkdirSync(tools);
  const engine = installEngine(tools, fake);
  const folder = makeFolder({ 'compose.yaml': text });
  const state = join(home, 'state');
  const started = (client = await startClient({
    server,
    folders: [folder],
    capabilities: { ...fullCapabilities, window: { ...fullCapabilities.window, workDoneProgress: true } },
    options: { trusted, ...(consent && { trials: true }) },
    settings: () => ({ codeLens: true }),
    env: {
      HOME: home,
      XDG_CACHE_HOME: join(home, 'cache'),
      XDG_STATE_HOME: state,
      PATH: tools,
      DOCKER_HOST: '',
      CONTAINER_HOST: '',
      ...env,
    },
  }));
  const messages: string[] = [];
  const progress: (string | undefined)[] = [];
  const { connection } = started;
  if (answer !== undefined) started.onQuestion = () => answer;
  connection.onNotification('window/showMessage', ({ message }: ShowMessageParams) => void messages.push(message));
  connection.onRequest('window/workDoneProgress/create', () => null);
  connection.onNotification('$/progress', async ({ token, value }: { token: unknown; value: string | { message?: string } }) => {
    const message = typeof value === 'string' ? value : value.message;
    progress.push(message);
    if (cancelAt !== undefined && message === cancelAt) await connection.sendNotification('window/workDoneProgress/cancel', { token });
  });
  if (consent) connection.onRequest(confirmTrialMethod, consent);
  const uri = `${folder}/compose.yaml`;
  await started.open(uri, text);
  await until('findings', async () => (await started.items(uri)).length > 0);
  const prove = (more: object = {}): Promise<ProveResult> =>
    connection.sendRequest('workspace/executeCommand', { command: 'bulkhead.proveService', arguments: [{ uri, ...more }] });
  const journals = join(state, 'bulkhead', 'prove');
  const left = (): readonly string[] => [...engine.left(), ...(fs.existsSync(journals) ? fs.readdirSync(journals) : [])];
  return { uri, prove, engine, messages, progress, left, actions: (at: string, on: string) => started.actions(at, on) };
}

type Started = Awaited<ReturnType<typeof start>>;

const starts = ({ engine }: Started): number => engine.calls().filter(({ args }) => args[0] === 'run').length;
const titlesAt = async ({ actions, uri }: Started): Promise<readonly string[]> => (await actions(uri, 'job')).map(({ title }) => title);
const entry = 'Prove that job runs hardened';

describe.skipIf(process.platform !== 'linux')('proving a service from an editor', () => {
  test('turns what was asked into a fix that says what it goes by', async () => {
    const started = await start({ answer: 'Start' });
    const before = await titlesAt(started);
    expect(before).toContain(entry);
    expect(before.filter(title => title.endsWith('(your decision)'))).not.toEqual([]);
    const result = await started.prove({ position: { line: 1, character: 2 } });
    expect(result).toMatchObject({ state: 'proved', name: 'job', kept: true });
    expect(result.report).toContain('job (compose.yaml): proved: it started and kept running\n');
    expect(starts(started)).toBe(2);
    expect(started.left()).toEqual([]);
    expect(started.messages).toEqual(['Proved that job runs when hardened: fixes based on this proof no longer ask for confirmation']);
    expect(started.progress).toEqual(['looking for a container engine', '1. as written ...', '2. all hardening at once ...', undefined]);
    const { message, actions } = client!.questions[0]!;
    expect(message).toMatch(
      /^Start job to prove that it runs hardened\?\nEngine: podman 4\.3\.1.*\nStarts job at most 12 times.*\n {2}\S*podman .*--network=none/,
    );
    expect(actions?.map(({ title }) => title)).toEqual(['Start', 'Start and Use the Service Myself', 'Pull Images and Start', 'Cancel']);
    await until('the proof', async () => (await titlesAt(started)).some(title => title.includes('10001:10001')));
    const after = await titlesAt(started);
    expect(after.filter(title => title.endsWith('(review)'))).not.toEqual([]);
    expect(after.filter(title => title.endsWith('(your decision)'))).toEqual([]);
    expect(after).not.toContain(entry);
  });

  test('fetches images only where that is chosen', async () => {
    const started = await start({ answer: 'Pull Images and Start' });
    expect(await started.prove({ name: 'job' })).toMatchObject({ state: 'proved' });
    expect(started.engine.calls().filter(({ args }) => args[0] === 'pull')).toHaveLength(1);
  });

  test.each(['Cancel', undefined])('starts nothing without a yes (%s)', async answer => {
    const started = await start({ answer });
    expect(await started.prove({ name: 'job' })).toMatchObject({ state: 'declined', kept: false });
    expect(starts(started)).toBe(0);
    expect(started.left()).toEqual([]);
  });

  test('takes nothing but an agreement of the dialogue of a client', async () => {
    for (const consent of [() => 'no', () => true, () => null, () => Promise.reject(new Error('unknown'))]) {
      const started = await start({ consent });
      expect(await started.prove({ name: 'job' })).toMatchObject({ state: 'declined' });
      expect(starts(started)).toBe(0);
      await client!.stop();
    }
    let asked: ConfirmTrialParams | undefined;
    const started = await start({ consent: params => ((asked = params), 'start') });
    expect(await started.prove({ name: 'job', progress: 'mine' })).toMatchObject({ state: 'proved', kept: true });
    expect(started.progress).toEqual(['looking for a container engine', '1. as written ...', '2. all hardening at once ...']);
    expect(asked).toMatchObject({
      question: 'Start job to prove that it runs hardened?',
      detail: expect.stringMatching(/^Engine: podman/) as unknown,
    });
    expect(started.messages).toEqual([]);
  });

  test('leaves nothing when it is cancelled', async () => {
    const started = await start({ answer: 'Start', cancelAt: '1. as written ...' });
    expect(await started.prove({ name: 'job' })).toMatchObject({ state: 'cancelled', report: null, kept: false });
    expect(starts(started)).toBeLessThan(2);
    expect(started.left()).toEqual([]);
  });

  test('is refused in a workspace that is not trusted, with the reason', async () => {
    const started = await start({ trusted: false, answer: 'Start' });
    expect(await started.prove({ name: 'job' })).toMatchObject({
      state: 'refused',
      summary: 'Containers are not started in an untrusted workspace',
    });
    const found = (await started.actions(started.uri, 'job')).find(({ title }) => title === entry);
    expect(found?.disabled?.reason).toBe('Containers are not started in an untrusted workspace');
    expect(started.engine.calls()).toEqual([]);
  });

  test('is refused with an engine elsewhere, where nothing can be started, and for what is not saved', async () => {
    const started = await start({ answer: 'Start', env: { CONTAINER_HOST: 'ssh://root@engine.example.com/run/podman.sock' } });
    expect((await started.prove({ name: 'job' })).summary).toMatch(
      /^No proof that job works with the hardening: Podman is on another machine/,
    );
    expect((await started.prove({ name: 'nothing' })).summary).toMatch(/^Nothing here can be started/);
    await client!.replace(started.uri, 'work', 'work harder');
    expect((await started.prove({ name: 'job' })).summary).toMatch(/^Save compose\.yaml first/);
    expect(starts(started)).toBe(0);
  });

  test('says why something cannot be proved, and starts nothing of it', async () => {
    const started = await start({ text: `${compose}    privileged: true\n`, answer: 'Start' });
    const result = await started.prove({ position: { line: 6, character: 8 } });
    expect(result).toMatchObject({ state: 'cannot', name: 'other', kept: false });
    expect(result.report).toBe('other: cannot be proved: it needs something from the host: privileged');
    expect(started.engine.calls()).toEqual([]);
  });

  test('is a lens above what has such questions, and above nothing else', async () => {
    const started = await start({
      text: compose.replace(
        '[work]',
        '[work]\n    read_only: true\n    user: "1000:1000"\n    cap_drop: [ALL]\n    security_opt: ["no-new-privileges:true"]',
      ),
    });
    const lenses = await client!.connection.sendRequest<CodeLens[]>('textDocument/codeLens', { textDocument: { uri: started.uri } });
    const proofs = lenses.filter(({ command }) => command?.command === 'bulkhead.proveService');
    expect(proofs.map(({ command }) => command?.arguments)).toEqual([[{ uri: started.uri, name: 'other' }]]);
  });
});
