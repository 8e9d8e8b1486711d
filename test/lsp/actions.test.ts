import { describe, expect, test } from 'vitest';
import { CodeActionTriggerKind, type ClientCapabilities, type CodeAction } from 'vscode-languageserver/node';
import type { HardenedText } from '../../shared/src/output/protocol/messages';
import { clientsOf } from './client';
import { dockerfile, pod } from './texts';

const start = clientsOf('test/lsp/fake-server.ts');

const uri = 'file:///w/a.yaml';
const titles = (actions: readonly CodeAction[]): string[] => actions.map(action => action.title);
const only = (...kinds: readonly string[]): { only: string[]; triggerKind: CodeActionTriggerKind } => ({
  only: [...kinds],
  triggerKind: CodeActionTriggerKind.Invoked,
});

const minimal: ClientCapabilities = {
  workspace: { applyEdit: true },
  textDocument: { codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } } },
};

describe('quick fixes', () => {
  test('in their order: review, attended, suppress, documentation', async () => {
    const client = await start();
    await client.open(uri, pod);
    const actions = await client.actions(uri, 'true');
    expect(actions.map(({ title, kind, isPreferred }) => [title, kind, isPreferred])).toEqual([
      ['Set privileged to false (review)', 'quickfix', undefined],
      ['Remove privileged (your decision)', 'quickfix', undefined],
      // a container that is no longer privileged needs a third
      ['Harden this Pod (3 fixes)', 'quickfix', undefined],
      ['Suppress kubernetes/fake-privileged here', 'quickfix.bulkhead.suppress.line', undefined],
      ['Suppress kubernetes/fake-privileged in this file', 'quickfix.bulkhead.suppress.file', undefined],
      ['Open documentation for kubernetes/fake-privileged', 'quickfix.bulkhead.documentation', undefined],
    ]);
    for (const action of actions) {
      expect(action.diagnostics).toMatchObject([{ code: 'kubernetes/fake-privileged' }]);
      if (action.kind !== 'quickfix.bulkhead.documentation') expect(action.command).toBeUndefined();
    }
    expect(client.applied(uri, actions[0]!.edit)).toBe(pod.replace('privileged: true', 'privileged: false'));
    expect(actions[0]!.edit!.documentChanges).toMatchObject([{ textDocument: { uri, version: 1 } }]);
  });

  test('one safe fix is preferred over a review fix, and says no class', async () => {
    const client = await start();
    await client.open('file:///w/Dockerfile', dockerfile);
    const actions = await client.actions('file:///w/Dockerfile', 'root', { only: ['quickfix'] });
    expect(actions.slice(0, 2).map(({ title, isPreferred }) => [title, isPreferred])).toEqual([
      ['Use UID 10001', true],
      ['Use the name app (review)', undefined],
    ]);
  });

  test('what needs a registry is not offered', async () => {
    const client = await start({ settings: () => ({ profile: 'strict' }) });
    await client.open('file:///w/Dockerfile', dockerfile);
    expect(titles(await client.actions('file:///w/Dockerfile', 'node:22', { only: ['quickfix'] }))).toEqual([
      'Suppress dockerfile/fake-digest here',
      'Suppress dockerfile/fake-digest in this file',
      'Open documentation for dockerfile/fake-digest',
      'Look up image node:22',
      'Scan node:22 for vulnerabilities',
    ]);
  });

  test('fix all of a rule, where there are several, resolved when it is chosen', async () => {
    const client = await start();
    const text = pod.replace('privileged: true', 'privileged: false');
    await client.open(uri, text);
    const actions = await client.actions(uri, 'log');
    expect(titles(actions).slice(0, 3)).toEqual([
      'Forbid escalation',
      'Harden this Pod (2 fixes)',
      'Fix all in this file: Fake: escalation',
    ]);
    const all = actions[2]!;
    expect(all.edit).toBeUndefined();
    const resolved = await client.resolve(all);
    const fixed = client.applied(uri, resolved.edit);
    expect(fixed.match(/allowPrivilegeEscalation: false/g)).toHaveLength(2);
    expect(fixed).toContain('# keep me');

    await client.replace(uri, 'web', 'shop');
    expect((await client.resolve(all)).edit).toBeUndefined();
  });

  test('a client that cannot resolve gets every edit at once', async () => {
    const client = await start({ capabilities: minimal });
    await client.open(uri, pod.replace('privileged: true', 'privileged: false'));
    const all = (await client.actions(uri, 'log')).find(action => action.title.startsWith('Fix all'));
    expect(all?.edit?.changes?.[uri]).toBeDefined();
    expect(client.server.capabilities.codeActionProvider).toMatchObject({ resolveProvider: false });
  });

  test('findings that the client names count even where the cursor stands beside them', async () => {
    const client = await start();
    await client.open(uri, pod);
    const diagnostics = (await client.items(uri)).slice(0, 1);
    expect(titles(await client.actions(uri, 'kind', { diagnostics }))).toContain('Set privileged to false (review)');
    expect(titles(await client.actions(uri, 'kind'))).toEqual([]);
  });

  test.each([
    [['quickfix'], ['quickfix', 'quickfix.bulkhead.suppress.line', 'quickfix.bulkhead.suppress.file', 'quickfix.bulkhead.documentation']],
    [['quickfix.bulkhead.suppress'], ['quickfix.bulkhead.suppress.line', 'quickfix.bulkhead.suppress.file']],
    [['quickfix.bulkhead.suppress.file'], ['quickfix.bulkhead.suppress.file']],
    [['quick'], []],
    [['refactor'], []],
    [['source'], ['source.fixAll.bulkhead', 'source.harden.bulkhead']],
    [['source.fixAll'], ['source.fixAll.bulkhead']],
    [['source.fixAll.bulkhead'], ['source.fixAll.bulkhead']],
    [['source.fixAll.eslint'], []],
    [['source.harden'], ['source.harden.bulkhead']],
  ])('only %j', async (wanted, kinds) => {
    const client = await start();
    await client.open(uri, pod);
    const actions = await client.actions(uri, 'true', only(...wanted));
    expect([...new Set(actions.map(action => action.kind))]).toEqual(kinds);
  });
});

describe('suppression', () => {
  const cases = [
    ['line', 'quickfix.bulkhead.suppress.line', '        # bulkhead-ignore kubernetes/fake-privileged\n        privileged: true'],
    ['file', 'quickfix.bulkhead.suppress.file', '# bulkhead-ignore-file kubernetes/fake-privileged\napiVersion: v1'],
  ] as const;
  test.each(cases)('%s: the finding is gone', async (_, kind, written) => {
    const client = await start();
    await client.open(uri, pod);
    const [action] = await client.actions(uri, 'true', only(kind));
    const text = client.applied(uri, action!.edit);
    expect(text).toContain(written);
    await client.setText(uri, text);
    expect((await client.items(uri)).map(item => item.code)).toEqual(['kubernetes/fake-escalation']);
  });

  test('can be switched off', async () => {
    const client = await start({ settings: () => ({ codeAction: { suppress: false } }) });
    await client.open(uri, pod);
    expect(await client.actions(uri, 'true', only('quickfix.bulkhead.suppress'))).toEqual([]);
  });

  test('of a suppression that does nothing is its removal', async () => {
    const client = await start();
    await client.open(uri, pod.replace('# keep me', '# bulkhead-ignore kubernetes/fake-account'));
    const actions = await client.actions(uri, 'kubernetes/fake-account');
    expect(titles(actions)).toEqual(['Remove the suppression of kubernetes/fake-account (your decision)']);
    expect(client.applied(uri, actions[0]!.edit)).toBe(pod.replace('  # keep me\n', ''));
  });
});

describe('the whole file', () => {
  const safe = pod.replace(
    'image: busybox:1.36\n',
    'image: busybox:1.36\n      securityContext:\n        allowPrivilegeEscalation: false\n',
  );

  test('fix on save: safe fixes only', async () => {
    const client = await start();
    await client.open(uri, pod);
    const [action] = await client.actions(uri, 'kind', { only: ['source.fixAll.bulkhead'], triggerKind: CodeActionTriggerKind.Automatic });
    expect(client.applied(uri, (await client.resolve(action!)).edit)).toBe(safe);
    const [harden] = await client.actions(uri, 'kind', { only: ['source.harden.bulkhead'], triggerKind: CodeActionTriggerKind.Automatic });
    expect(client.applied(uri, (await client.resolve(harden!)).edit)).toBe(safe);
    await client.setText(uri, safe);
    expect(await client.actions(uri, 'kind', only('source.fixAll'))).toEqual([]);
  });

  test('fix on save leaves suppressions that look unused: the file may be half-typed', async () => {
    const client = await start();
    await client.open(uri, pod.replace('# keep me', '# bulkhead-ignore kubernetes/fake-account'));
    const [action] = await client.actions(uri, 'kind', only('source.fixAll'));
    expect(client.applied(uri, (await client.resolve(action!)).edit)).toContain('# bulkhead-ignore kubernetes/fake-account');
  });

  test('rules that are spared in bulk', async () => {
    const client = await start({ settings: () => ({ fixAll: { exclude: ['kubernetes/fake-escalation'] } }) });
    await client.open(uri, pod);
    const [action] = await client.actions(uri, 'kind', only('source.fixAll'));
    const edit = action && (await client.resolve(action)).edit;
    expect(edit === undefined ? pod : client.applied(uri, edit)).toBe(pod);
  });

  test('a refused edit is told', async () => {
    const client = await start();
    client.onApply = () => ({ applied: false, failureReason: 'read-only' });
    await client.open(uri, pod);
    const result = await client.connection.sendRequest('workspace/executeCommand', { command: 'bulkhead.fixAllSafe', arguments: [uri] });
    expect(result).toMatchObject({ applied: false, failure: 'read-only', groups: [{ class: 'safe' }] });
  });

  test('what is left is named with its reason', async () => {
    const client = await start();
    await client.open(uri, pod);
    const preview = await client.connection.sendRequest<HardenedText>('bulkhead/hardenedText', { uri, safeOnly: true });
    expect(preview.text).toBe(safe);
    expect(preview.left).toMatchObject([
      { rule: 'kubernetes/fake-privileged', reasonId: 'not-asked', message: 'Container app is privileged' },
    ]);
    expect(preview.left[0]!.range.start.line).toBe(10);
  });

  test('line breaks, tabs and a missing last line break stay', async () => {
    const client = await start();
    const text = pod.replace(/\n/g, '\r\n').trimEnd();
    await client.open(uri, text);
    await client.connection.sendRequest('workspace/executeCommand', { command: 'bulkhead.hardenFile', arguments: [uri] });
    const hardened = client.applied(uri, client.edits[0]!.edit);
    expect(hardened).not.toMatch(/[^\r]\n/);
    expect(hardened).not.toMatch(/\n$/);
  });

  test('commands say in one line what is wrong with their arguments', async () => {
    const client = await start();
    const run = (command: string, ...args: unknown[]): Promise<unknown> =>
      client.connection.sendRequest('workspace/executeCommand', { command, arguments: args }).then(
        value => value,
        (error: Error) => error.message,
      );
    expect(await run('bulkhead.hardenFile')).toBe('Open a Dockerfile or a Kubernetes manifest first');
    expect(await run('bulkhead.hardenFile', 'file:///nowhere')).toBe('Open a Dockerfile or a Kubernetes manifest first');
    expect(await run('bulkhead.nothing')).toContain('bulkhead.nothing');
    expect(await run('bulkhead.openDocumentation', 'https://example.com')).toBe(false);
    expect(await run('bulkhead.openDocumentation', 'bulkhead/incomplete')).toBe(false);
    expect(client.pages).toEqual([]);
    expect(await run('bulkhead.openDocumentation', 'kubernetes/fake-privileged')).toBe(true);
    expect(client.pages).toEqual(['kubernetes/fake-privileged']);
    expect(client.shown).toEqual([]);
  });
});
