import { describe, expect, test } from 'vitest';
import type { ClientCapabilities, CompletionItem, Hover, MarkupContent } from 'vscode-languageserver/node';
import { clientsOf, fullCapabilities, until, type TestClient } from './client';
import { dockerfile, pod } from './texts';
import { fakeRules } from './server-rules';
import { severityWords } from '../../shared/src/engine/config/values';

const start = clientsOf('test/lsp/fake-server.ts');

const uri = 'file:///w/a.yaml';

async function hover(client: TestClient, at: string): Promise<{ text: string; kind: string; range: Hover['range'] } | null> {
  const found = await client.connection.sendRequest<Hover | null>('textDocument/hover', {
    textDocument: { uri },
    position: client.position(uri, at),
  });
  if (!found) return null;
  const { kind, value } = found.contents as MarkupContent;
  return { text: value, kind, range: found.range };
}

/** The keys that a configuration has at its top and in its overrides. */
const sectionKeys = [
  'profile',
  'rules',
  'trustedRegistries',
  'kubernetesVersion',
  'defaults',
  'peerDirectives',
  'requireReason',
  'maxFileSize',
  'podPaths',
  'exceptions',
];

describe('hover', () => {
  test('says why, the fix, how to suppress, and standards; the editor shows the message', async () => {
    const client = await start();
    await client.open(uri, pod);
    const found = await hover(client, 'true');
    expect(found?.kind).toBe('markdown');
    expect(found?.range).toEqual({ start: { line: 10, character: 20 }, end: { line: 10, character: 24 } });
    expect(found?.text.split('\n\n')).toEqual([
      'A privileged container *is* the node.',
      '**Fix**',
      '- Set privileged to false (review) — Assumes: no device of the node is needed\n- Remove privileged (your decision)',
      '**Suppress**: `# bulkhead-ignore kubernetes/fake-privileged -- …` on the line above · **Standards**: CIS Kubernetes 5.2.2; CWE-250',
    ]);
  });

  test('as plain text for clients without Markdown', async () => {
    const capabilities: ClientCapabilities = { ...fullCapabilities, textDocument: { ...fullCapabilities.textDocument, hover: {} } };
    const client = await start({ capabilities });
    await client.open(uri, pod);
    const found = await hover(client, 'true');
    expect(found?.kind).toBe('plaintext');
    expect(found?.text).not.toMatch(/\*\*|`|\]\(/);
  });

  test('explains the rule that a directive names', async () => {
    const client = await start();
    await client.open(uri, pod.replace('# keep me', '# bulkhead-ignore-file kubernetes/fake-privileged -- it is meant to be'));
    expect((await hover(client, 'kubernetes/fake-privileged'))?.text).toContain('A privileged container');
    expect(await hover(client, 'meant')).toBeNull();
  });

  test('explains the rule that a configuration names', async () => {
    const client = await start();
    const config = 'file:///w/.bulkhead.yaml';
    await client.open(config, 'rules:\n  kubernetes/fake-privileged: off\n');
    const params = { textDocument: { uri: config }, position: { line: 1, character: 20 } };
    const found = await client.connection.sendRequest<Hover | null>('textDocument/hover', params);
    expect(found).toMatchObject({ range: { start: { line: 1, character: 2 }, end: { line: 1, character: 28 } } });
  });

  test('says nothing elsewhere, or where it is switched off', async () => {
    const client = await start({ settings: () => ({ hover: { enable: false } }) });
    await client.open(uri, pod);
    expect(await hover(client, 'true')).toBeNull();
    expect(await hover(client, 'kind')).toBeNull();
  });
});

/** Labels offered at `|` of a text. */
async function itemsAt(client: TestClient, at: string, marked: string, language = 'yaml'): Promise<CompletionItem[]> {
  const offset = marked.indexOf('|');
  await client.open(at, marked.replace('|', ''), language);
  const before = marked.slice(0, offset).split('\n');
  const position = { line: before.length - 1, character: before.at(-1)!.length };
  const items = await client.connection.sendRequest<CompletionItem[]>('textDocument/completion', { textDocument: { uri: at }, position });
  await client.close(at);
  return items.sort((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 0));
}

const complete = async (...of: Parameters<typeof itemsAt>): Promise<string[]> => (await itemsAt(...of)).map(({ label }) => label);

describe('completion', () => {
  const kubernetes = ['kubernetes/fake-host', 'kubernetes/fake-privileged', 'kubernetes/fake-account', 'kubernetes/fake-escalation'];
  test.each([
    ['the name of a directive', pod.replace('# keep me', '# bulk|'), ['bulkhead-ignore', 'bulkhead-ignore-file']],
    ['its rules', pod.replace('# keep me', '# bulkhead-ignore |'), 3],
    ['a further rule', pod.replace('# keep me', '# bulkhead-ignore-file a/b, kub|'), 3],
    ['not its reason', pod.replace('# keep me', '# bulkhead-ignore a/b -- kub|'), []],
    ['not other comments', pod.replace('# keep me', '# keep |'), []],
    ['not keys', pod.replace('# keep me', '|'), []],
  ])('in a manifest: %s', async (_, text, expected) => {
    const client = await start();
    const labels = await complete(client, uri, text);
    if (typeof expected === 'number') expect(labels.sort()).toEqual([...kubernetes].sort());
    else expect(labels).toEqual(expected);
  });

  test('rules with findings in the file come first', async () => {
    const client = await start();
    const labels = await complete(
      client,
      uri,
      pod.replace('# keep me', '# bulkhead-ignore-file |').replace('privileged: true', 'privileged: false'),
    );
    expect(labels[0]).toBe('kubernetes/fake-escalation');
  });

  test('in a Dockerfile: its own rules', async () => {
    const client = await start();
    const labels = await complete(
      client,
      'file:///w/Dockerfile',
      dockerfile.replace('USER root', '# bulkhead-ignore |\nUSER root'),
      'dockerfile',
    );
    expect(labels).toEqual(['dockerfile/fake-root', 'dockerfile/fake-crash', 'dockerfile/fake-digest']);
  });

  test.each([
    [
      'keys',
      '|',
      [
        ...sectionKeys,
        'overrides',
        'pinMinAge',
        'extends',
        'locked',
        'exclude',
        'trustedSigners',
        'customRules',
        'answers',
        'rulesVersion',
        'images',
      ],
    ],
    ['versions', 'rulesVersion: |', ['0.1.0', '0.2.0']],
    ['profiles', 'profile: |', ['baseline', 'restricted', 'recommended', 'strict']],
    ['rules', 'rules:\n  |', fakeRules.length],
    ['severities', 'rules:\n  kubernetes/fake-account: |', [...severityWords]],
    ['what a rule may hold', 'rules:\n  kubernetes/fake-account:\n    |', ['severity']],
    ['keys of an exception', 'exceptions:\n  - |', ['rule', 'path', 'kind', 'name', 'container', 'reason', 'until']],
    ['a rule of an exception', 'exceptions:\n- kind: Pod\n  rule: |', fakeRules.length],
    ['keys of an override', 'overrides:\n  - files: a\n    |', ['files', ...sectionKeys]],
    ['rules of an override', 'overrides:\n  - files: a\n    rules:\n      |', fakeRules.length],
    ['severities of an override', 'overrides:\n  - files: a\n    rules:\n      kubernetes/fake-account: |', [...severityWords]],
    ['nested defaults', 'defaults:\n  resources:\n    |', ['memoryLimit', 'memoryRequest', 'cpuRequest', 'cpuLimit', 'storageLimit']],
    ['nothing in comments', '# |', []],
  ])('in a configuration: %s', async (_, text, expected) => {
    const client = await start();
    const labels = await complete(client, 'file:///w/.bulkhead.yaml', text);
    if (typeof expected === 'number') expect(labels).toHaveLength(expected);
    else expect(labels).toEqual(expected);
  });
});

test('a key of an override is completed as at the top', async () => {
  const client = await start();
  const written = async (text: string): Promise<unknown> => {
    const items = await itemsAt(client, 'file:///w/.bulkhead.yaml', text);
    return items.flatMap(({ label, textEdit, documentation }) => (sectionKeys.includes(label) ? [[textEdit!.newText, documentation]] : []));
  };
  expect(await written('overrides:\n  - files: a\n    |')).toEqual(await written('|'));
});

describe('status and log', () => {
  test('the status says what was checked, and only to those who asked', async () => {
    const client = await start({ options: { status: true } });
    await client.open(uri, pod);
    await client.items(uri);
    const { params } = await until('status', () => client.notifications.find(({ method }) => method === 'bulkhead/status'));
    expect(params).toMatchObject({
      uri,
      version: 1,
      state: 'checked',
      family: 'kubernetes',
      reason: null,
      profile: 'recommended',
      config: null,
      counts: { error: 1, warning: 1, info: 0, hint: 0 },
      hintsAlone: 0,
      suppressed: 0,
    });
    const quiet = await start();
    await quiet.open(uri, pod);
    await quiet.items(uri);
    await quiet.items(uri);
    expect(quiet.notifications.filter(({ method }) => method === 'bulkhead/status')).toEqual([]);
  });

  test.each([
    ['a: 1\n', 'ignored', 'the text has no apiVersion and kind keys'],
    [
      pod.replace('name: web', 'name: {{ .Values.name }}'),
      'limited',
      'the file is a template: what its values fill in or add is not judged',
    ],
    [
      `$patch: merge\n${pod}`,
      'limited',
      'the name or content of the file suggests a patch or a test assertion: omitted fields do not count as missing',
    ],
    [`${pod}  }: [\n`, 'limited', 'the file has syntax errors: what is absent is not taken for missing'],
    ['services:\n  a:\n    image: node:20\n    privileged: true\n', 'ignored', 'Compose files are not checked yet'],
    ['on: push\njobs: {}\n', 'ignored', 'GitHub Actions workflows are not checked yet'],
  ])('says why a document is not checked, or only in part', async (text, state, reason) => {
    const client = await start({ options: { status: true } });
    await client.open(uri, text);
    await client.items(uri);
    const { params } = await until('status', () => client.notifications.find(({ method }) => method === 'bulkhead/status'));
    expect(params).toMatchObject({ state, reason });
  });

  test('a failing rule is logged in one line without a trace', async () => {
    const client = await start();
    await client.open('file:///w/Dockerfile', `${dockerfile}LABEL password=hunter2\n`, 'dockerfile');
    await client.items('file:///w/Dockerfile');
    for (const { message } of client.logs) expect(message).not.toMatch(/hunter2|\n\s+at /);
  });
});

test('texts of another language are used', async () => {
  const client = await start({
    options: { words: { 'kubernetes/fake-privileged/found': '{name} は特権です', 'editor/suppressLine': '{rule} を抑制' } },
  });
  await client.open(uri, pod);
  expect((await client.items(uri))[0]!.message).toBe('app は特権です');
  expect((await client.actions(uri, 'true')).map(action => action.title)).toContain('kubernetes/fake-privileged を抑制');
});
