import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { ClientCapabilities, CodeAction } from 'vscode-languageserver/node';
import type { SuppressionChoices, SuppressionQuestion, SuppressResult } from '../../shared/src/output/protocol/pickers';
import { clientsOf, creatingCapabilities, rulesIn, type TestClient } from './client';

/** The server as it ships: its rules report several findings of one token. */
const start = clientsOf('server/src/main.node.ts');

/** What VS Code announces of its questions and edits, beside the rest. */
const capabilities: ClientCapabilities = {
  ...creatingCapabilities,
  window: { ...creatingCapabilities.window, showMessage: { messageActionItem: { additionalPropertiesSupport: true } } },
};
const vscode = { capabilities, options: { pickers: true, pages: true } };
const snippets = {
  ...capabilities,
  workspace: { ...capabilities.workspace, workspaceEdit: { ...capabilities.workspace!.workspaceEdit, snippetEditSupport: true } },
};

const example = (name: string): string => fs.readFileSync(path.resolve(import.meta.dirname, '../../examples', name), 'utf8');
const uri = 'untitled:/deployment.yaml';
const invoked = { triggerKind: 1 } as const;
const titles = (actions: readonly CodeAction[]): string[] => actions.map(({ title }) => title);

describe('the entries of the light bulb', () => {
  test.each(['go-service', 'nginx-site', 'node-service', 'python-service'])('are few wherever one looks in %s', async name => {
    const client = await start(vscode);
    for (const file of ['deployment.yaml', 'Dockerfile']) {
      const own = `untitled:/${file}`;
      await client.open(own, example(`${name}/insecure/${file}`));
      const items = await client.items(own);
      for (const { range } of items) {
        const params = {
          textDocument: { uri: own },
          range: { start: range.start, end: range.start },
          context: { diagnostics: [], ...invoked },
        };
        const actions = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', params);
        const where = `${file} ${range.start.line}: ${titles(actions).join(' | ')}`;
        // each finding that is shown in an entry has its fix there
        const most = items.filter(other => JSON.stringify(other.range) === JSON.stringify(range)).flatMap(rulesIn).length;
        expect(actions.length, where).toBeLessThanOrEqual(Math.max(9, most + 7));
        expect(
          actions.filter(({ title }) => title === 'Suppress…'),
          where,
        ).toHaveLength(1);
        expect(
          actions.filter(({ kind }) => kind === 'quickfix.bulkhead.documentation'),
          where,
        ).toHaveLength(1);
        const preferred = actions.filter(({ isPreferred }) => isPreferred === true);
        expect(preferred.length, where).toBeLessThanOrEqual(1);
        for (const { title } of preferred) expect(title).not.toMatch(/\((?:review|your decision)\)$/);
      }
    }
  });

  test('fixes first: safe, review, attended, and what cannot be applied; before them what answers most of what is shown as one', async () => {
    const client = await start(vscode);
    await client.open(uri, example('python-service/insecure/deployment.yaml'));
    for (const item of await client.items(uri)) {
      const isEntry = rulesIn(item).length > 1;
      const params = { textDocument: { uri }, range: item.range, context: { diagnostics: [], ...invoked } };
      const actions = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', params);
      const rank = ({ kind, title, disabled }: CodeAction): number => {
        if (kind !== 'quickfix') return kind === 'quickfix.bulkhead.suppress' ? 7 : 8;
        // has something done that is no fix
        if (title.startsWith('Scan ') || title.startsWith('Look up ')) return 9;
        if (title.startsWith('Harden this')) return isEntry && title === actions[0]!.title ? 0 : 5;
        if (title.startsWith('Fix all')) return 6;
        if (disabled) return 4;
        return title.endsWith('(review)') ? 2 : title.endsWith('(your decision)') ? 3 : 1;
      };
      const found = actions.map(rank);
      expect(found, titles(actions).join(' | ')).toEqual([...found].sort());
      // an editor would show what is preferred before it
      if (found[0] === 0) expect(actions.some(({ isPreferred }) => isPreferred)).toBe(false);
    }
  });

  test('a token with review fixes of several rules has none that auto fix would take', async () => {
    const client = await start(vscode);
    await client.open('untitled:/Dockerfile', 'FROM node:22\nCOPY . /srv\nCMD ["npx", "serve", "/srv"]\n');
    const actions = await client.actions('untitled:/Dockerfile', 'node:22', invoked);
    expect(titles(actions)).toContain('Run as user 1000 (review)');
    expect(actions.some(({ isPreferred }) => isPreferred)).toBe(false);
  });

  test('harden for one object does as many fixes as it says, and changes no other', async () => {
    const client = await start(vscode);
    const one = example('node-service/insecure/deployment.yaml');
    const other = one.replaceAll('shop', 'other');
    await client.open(uri, `${one}---\n${other}`);
    const actions = await client.actions(uri, 'shop\n          image', invoked);
    const harden = actions.find(({ title }) => title.startsWith('Harden this Deployment'))!;
    const count = async (): Promise<number> => (await client.items(uri)).flatMap(rulesIn).length;
    const before = await count();
    const text = client.applied(uri, harden.edit);
    expect(text.endsWith(`---\n${other}`)).toBe(true);
    await client.setText(uri, text);
    expect(before - (await count())).toBe(Number(/\((\d+) fixes\)$/.exec(harden.title)![1]));
    expect(titles(await client.actions(uri, 'shop\n          image', invoked)).some(title => title.startsWith('Harden this'))).toBe(false);
  });

  const compose = 'services:\n  web:\n    image: nginx:1.29.4\n';
  test('for what is shown as one begin with all that needs no decision, and have a fix for each', async () => {
    const client = await start({ ...vscode, capabilities: snippets });
    const own = 'untitled:/compose.yaml';
    await client.open(own, compose, 'yaml');
    const [entry] = await client.items(own);
    expect(rulesIn(entry!)).toHaveLength(6);
    const actions = await client.actions(own, 'web', { ...invoked, diagnostics: [entry!] });
    const [harden, ...more] = titles(actions);
    expect(more.splice(6)).toEqual(['Suppress…', 'Documentation…', 'Convert to Kubernetes manifests']);
    expect(more).toContain('Set no-new-privileges (review)');
    expect(more.map(title => /\((?:review|your decision)\)$/.test(title))).toEqual(more.map(() => true));
    // all of them are about the one that the editor shows
    for (const { diagnostics } of actions.slice(0, -1)) expect(diagnostics).toEqual([entry]);
    const count = Number(/^Harden this service \((\d) fixes\)$/.exec(harden!)![1]);
    expect(count).toBe(more.filter(title => title.endsWith('(review)')).length);
    await client.setText(own, client.applied(own, actions[0]!.edit));
    const left = (await client.items(own)).find(({ range }) => range.start.line === 1)!;
    expect(rulesIn(left)).toHaveLength(6 - count);
    expect(left.message).toMatch(/^Container "web" may run as root and [a-z ]+$/);
  });

  test('of a container harden it alone before the object that it is in', async () => {
    const client = await start(vscode);
    await client.open(uri, example('nginx-site/insecure/deployment.yaml'));
    const [first, ...more] = await client.actions(uri, 'nginx\n          image', invoked);
    expect(first!.title).toMatch(/^Harden this container \(\d fixes\)$/);
    expect(titles(more)).toContainEqual(expect.stringMatching(/^Harden this Deployment/));
  });

  test('for a client that cannot ask: the worst finding is suppressed, or all that it is shown with; its page is opened', async () => {
    const client = await start();
    await client.open(uri, example('node-service/insecure/deployment.yaml'));
    const [entry] = (await client.items(uri)).filter(item => rulesIn(item).includes('kubernetes/run-as-root'));
    const shown = rulesIn(entry!);
    const actions = await client.actions(uri, 'shop\n          image', invoked);
    const suppressions = actions.filter(({ kind }) => kind?.includes('suppress'));
    expect(titles(suppressions)).toEqual([
      ...shown.map(rule => `Suppress ${rule} here`),
      `Suppress all ${shown.length} here`,
      `Suppress ${shown[0]} in this file`,
    ]);
    const text = client.applied(uri, suppressions.at(-2)!.edit);
    expect(text).toContain(`# bulkhead-ignore ${shown.join(', ')}\n`);
    await client.setText(uri, text);
    const left = (await client.items(uri)).flatMap(rulesIn);
    expect(left.filter(rule => shown.includes(rule) || rule === 'bulkhead/unused-suppression')).toEqual([]);
  });
});

describe('places to fill', () => {
  // no line break at the end, so that what is inserted continues the last line of the file
  const text = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - image: example.com/web:1.2
      name: web # \${CLIPBOARD} \\ }`;
  const memory = /^Limit memory/;

  test('become tab stops, and what stands in the file stays text', async () => {
    const client = await start({ ...vscode, capabilities: snippets });
    await client.open(uri, text);
    const fix = (await client.actions(uri, 'web # ', invoked)).find(({ title }) => memory.test(title))!;
    expect(fix.title).toBe('Limit memory to a value that you enter (your decision)');
    expect(fix.isPreferred).toBeUndefined();
    const lastLine = text.slice(text.lastIndexOf('\n') + 1);
    expect(fix.edit!.documentChanges).toEqual([
      {
        textDocument: { uri, version: 1 },
        edits: [
          {
            // from the start of the line: editors indent the other lines as the one that a snippet begins in
            range: { start: { line: 7, character: 0 }, end: { line: 7, character: lastLine.length } },
            snippet: {
              kind: 'snippet',
              value: '      name: web # \\${CLIPBOARD\\} \\\\ \\}\n      resources:\n        limits:\n          memory: ${1}',
            },
          },
        ],
      },
    ]);
  });

  test('are not offered to a client without tab stops, but with the value of the configuration', async () => {
    const own = `${text}\n      resources: {requests: {cpu: 1, memory: 1Mi}}\n`;
    for (const { config, expected } of [
      { config: {}, expected: [] },
      {
        config: { '.bulkhead.yaml': 'defaults:\n  resources:\n    memoryLimit: 512Mi\n' },
        expected: ['Limit memory to 512Mi (review)'],
      },
    ]) {
      const { root, client } = await openFolder({ 'web.yaml': own, ...config }, vscode);
      const at = `${root}/web.yaml`;
      await client.open(at, own);
      const found = (await client.items(at)).filter(item => rulesIn(item).includes('kubernetes/missing-memory-limit'));
      expect(found).toHaveLength(1);
      const offered: string[] = [];
      // what else stands at the name goes first: nothing that is left hides it
      for (;;) {
        const actions = await client.actions(at, 'web # ', { ...invoked, only: ['quickfix'] });
        offered.push(...titles(actions).filter(title => memory.test(title)));
        const next = actions.find(({ edit, title, kind }) => kind === 'quickfix' && edit && !memory.test(title));
        if (!next) break;
        await client.setText(at, client.applied(at, next.edit));
      }
      expect([...new Set(offered)]).toEqual(expected);
    }
  });
});

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(folder => fs.rmSync(folder, { recursive: true })));

/** A workspace folder with files in it, and a client that has it open. */
async function openFolder(files: Readonly<Record<string, string>>, options: Parameters<typeof start>[0]) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bulkhead-bulb-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  const root = pathToFileURL(folder).toString();
  return { root, client: await start({ ...options, folders: [root] }) };
}

/** A workspace folder with a manifest in it, and the light bulb's suppression of the manifest's host network. */
async function openWorkspace(files: Readonly<Record<string, string>>, options: Parameters<typeof start>[0]) {
  const { root, client } = await openFolder(files, options);
  const manifest = `${root}/deploy/web.yaml`;
  await client.open(manifest, files['deploy/web.yaml']!);
  const bulb = (await client.actions(manifest, 'true', invoked)).find(({ kind }) => kind === 'quickfix.bulkhead.suppress')!;
  const run = (more: object): Promise<SuppressResult> =>
    client.connection.sendRequest('workspace/executeCommand', {
      command: 'bulkhead.suppress',
      arguments: [{ ...(bulb.command!.arguments![0] as object), ...more }],
    });
  return { client, root, manifest, bulb, run };
}

const manifestText = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  hostNetwork: true
`;
const files = { 'deploy/web.yaml': manifestText };

/** The text that an edit inserts into a file. */
const inserted = (client: TestClient, of: string): string[] =>
  client.edits[0]!.edit.documentChanges!.flatMap(change =>
    'edits' in change && change.textDocument.uri === of ? change.edits.map(edit => ('newText' in edit ? edit.newText : '')) : [],
  );

describe('suppressing', () => {
  test('a client with pickers gets the choices, and writes the reason', async () => {
    const { client, manifest, bulb, run } = await openWorkspace(files, vscode);
    expect(bulb.command!.command).toBe('bulkhead.suppressFinding');
    const choices = await client.connection.sendRequest<SuppressionChoices>('bulkhead/suppressionChoices', bulb.command!.arguments![0]);
    expect(choices).toMatchObject({
      findings: [{ rules: ['kubernetes/host-network'], places: ['line', 'file', 'config'] }],
      requireReason: false,
      config: { name: '.bulkhead.yaml', exists: false },
      until: [
        { days: 30, date: '2026-12-24' },
        { days: 90, date: '2027-02-22' },
      ],
    });
    expect(await run({ place: 'line', reason: ' it programs\nthe network ' })).toEqual({ applied: true, uri: manifest });
    const text = client.applied(manifest, client.edits[0]!.edit);
    expect(text).toContain('  # bulkhead-ignore kubernetes/host-network -- it programs the network\n  hostNetwork: true');
    await client.setText(manifest, text);
    expect((await client.items(manifest)).map(({ code }) => code)).not.toContain('kubernetes/host-network');
  });

  test('in a configuration that is created, for this one file', async () => {
    const { client, root, run } = await openWorkspace(files, vscode);
    expect(await run({ place: 'config', reason: 'a CNI agent', until: '2026-12-24' })).toEqual({
      applied: true,
      uri: `${root}/.bulkhead.yaml`,
    });
    expect(client.edits[0]!.edit.documentChanges![0]).toMatchObject({ kind: 'create', uri: `${root}/.bulkhead.yaml` });
    expect(inserted(client, `${root}/.bulkhead.yaml`)).toEqual([
      'exceptions:\n  - rule: kubernetes/host-network\n    path: deploy/web.yaml\n    reason: a CNI agent\n    until: "2026-12-24"\n',
    ]);
  });

  test('in the nearest configuration, of which every other byte stays', async () => {
    const config = "# ours\nprofile:   'strict'   # as agreed\nexceptions: # none yet\n";
    const { client, root, manifest, run } = await openWorkspace(
      { ...files, 'deploy/.bulkhead.yaml': config, '.bulkhead.yaml': 'profile: baseline\n' },
      vscode,
    );
    const nearest = `${root}/deploy/.bulkhead.yaml`;
    await client.open(nearest, config);
    expect(await run({ place: 'config' })).toEqual({ applied: true, uri: nearest });
    const text = client.applied(nearest, client.edits[0]!.edit);
    expect(text).toBe(`${config}  - rule: kubernetes/host-network\n    path: /web.yaml\n`);
    await client.setText(nearest, text);
    expect((await client.items(manifest)).map(({ code }) => code)).not.toContain('kubernetes/host-network');
  });

  const compose = 'services:\n  web:\n    image: nginx:1.29.4\n';
  const openCompose = async (options: Parameters<typeof start>[0]) => {
    const { root, client } = await openFolder({ 'compose.yaml': compose }, options);
    const at = `${root}/compose.yaml`;
    await client.open(at, compose, 'yaml');
    const [entry] = await client.items(at);
    const bulb = (await client.actions(at, 'web', invoked)).find(({ kind }) => kind === 'quickfix.bulkhead.suppress')!;
    const question = bulb.command!.arguments![0] as SuppressionQuestion;
    const run = (more: object): Promise<SuppressResult> =>
      client.connection.sendRequest('workspace/executeCommand', { command: 'bulkhead.suppress', arguments: [{ ...question, ...more }] });
    return { client, root, at, rules: rulesIn(entry!), message: entry!.message, question, run };
  };

  test('of what is shown as one: each by itself, or all at once', async () => {
    const { client, root, at, rules, message, question, run } = await openCompose(vscode);
    const choices = await client.connection.sendRequest<SuppressionChoices>('bulkhead/suppressionChoices', question);
    expect(choices.findings.map(choice => choice.rules)).toEqual([...rules.map(rule => [rule]), rules]);
    expect(choices.findings.at(-1)).toMatchObject({ findings: question.findings, message: `All 6: ${message as string}` });
    expect(await run({ place: 'line', reason: 'a toy' })).toEqual({ applied: true, uri: at });
    const text = client.applied(at, client.edits[0]!.edit);
    expect(text).toContain(`  # bulkhead-ignore ${rules.join(', ')} -- a toy\n  web:`);
    expect(await run({ place: 'config' })).toEqual({ applied: true, uri: `${root}/.bulkhead.yaml` });
    const exceptions = client.edits[1]!.edit;
    expect(JSON.stringify(exceptions).match(/- rule: compose\//g)).toHaveLength(6);
    expect(await run({ findings: question.findings.slice(1, 2), place: 'line' })).toEqual({ applied: true, uri: at });
    expect(client.applied(at, client.edits[2]!.edit)).toContain(`  # bulkhead-ignore ${rules[1]}\n  web:`);
    await client.setText(at, text);
    expect(
      (await client.items(at)).flatMap(rulesIn).filter(rule => rules.includes(rule) || rule === 'bulkhead/unused-suppression'),
    ).toEqual([]);
  });

  test('of what is shown as one: another editor asks which', async () => {
    const { client, at, rules, run } = await openCompose({ capabilities });
    client.onQuestion = ({ actions }) => (actions!.length > 3 ? actions!.at(-1)!.title : 'On this line');
    expect(await run({})).toEqual({ applied: true, uri: at });
    expect(client.questions[0]!.actions!.map(({ title }) => title)).toEqual([
      ...rules,
      expect.stringMatching(/^All 6: Container "web" may /),
    ]);
    expect(client.applied(at, client.edits[0]!.edit)).toContain(`  # bulkhead-ignore ${rules.join(', ')}\n  web:`);
  });

  test('another editor asks by messages', async () => {
    const { client, manifest, bulb, run } = await openWorkspace(files, { capabilities });
    expect(bulb).toMatchObject({ title: 'Suppress…', command: { command: 'bulkhead.suppress' } });
    client.onQuestion = () => 'In this file';
    expect(await run({})).toEqual({ applied: true, uri: manifest });
    expect(client.questions.map(({ message, actions }) => [message, actions!.map(({ title }) => title)])).toEqual([
      ['Suppress kubernetes/host-network: where?', ['On this line', 'In this file', 'In the configuration']],
    ]);
    expect(client.applied(manifest, client.edits[0]!.edit)).toBe(`# bulkhead-ignore-file kubernetes/host-network\n${manifestText}`);
    client.onQuestion = () => undefined;
    expect(await run({})).toEqual({ applied: false, uri: null });
    expect(client.edits).toHaveLength(1);
  });
});
