import { describe, expect, test } from 'vitest';
import {
  type CodeAction,
  CodeActionTriggerKind,
  type MessageActionItem,
  type ShowMessageRequestParams,
  type TextEdit,
} from 'vscode-languageserver/node';
import {
  hardenChoiceMethod,
  hardenPlanMethod,
  type HardenChoice,
  type HardenedText,
  type HardenFileResult,
  type HardenPlan,
} from '../../shared/src/output/protocol/messages';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { clientsOf, until, type TestClient } from './client';
import { makeFolder } from './folders';
import { independent, pod } from './texts';

const start = clientsOf('test/lsp/fake-server.ts');
const uri = 'file:///w/a.yaml';
const composeFile = 'services:\n  web:\n    image: nginx:1.27\n    privileged: true\n';

const planFor = (client: TestClient, own: string): Promise<HardenPlan | null> =>
  client.connection.sendRequest(hardenPlanMethod, { uri: own });
const choose = (client: TestClient, plan: HardenPlan, groups: readonly string[]): Promise<HardenChoice | null> =>
  client.connection.sendRequest(hardenChoiceMethod, { uri: plan.uri, key: plan.key, groups });
const harden = (client: TestClient, argument: unknown): Promise<HardenFileResult> =>
  client.connection.sendRequest('workspace/executeCommand', { command: 'bulkhead.hardenFile', arguments: [argument] });

/** Has a client answer questions with one of the buttons, and gives what it was asked and told. */
function listen(client: TestClient, answer: string | null): { asked: ShowMessageRequestParams[]; told: string[] } {
  const heard = { asked: [] as ShowMessageRequestParams[], told: [] as string[] };
  client.connection.onRequest('window/showMessageRequest', (params: ShowMessageRequestParams): MessageActionItem | null => {
    heard.asked.push(params);
    return answer === null ? null : { title: answer };
  });
  client.connection.onNotification('window/showMessage', ({ message }: { message: string }) => void heard.told.push(message));
  return heard;
}

describe('the plan', () => {
  test('has a group for each change, attended ones not chosen, with what each answers and takes for granted', async () => {
    const client = await start();
    await client.open(uri, independent.replace('spec:', 'spec:\n  hostPID: true'));
    const plan = (await planFor(client, uri))!;
    expect(plan).toMatchObject({ uri, version: 1, unchecked: null, left: [], elsewhere: [] });
    expect(plan.groups).toMatchObject([
      { class: 'attended', label: 'Remove hostPID', chosen: false, needs: [] },
      {
        class: 'review',
        label: 'Set privileged to false',
        assumes: ['no device of the node is needed'],
        chosen: true,
        needs: [],
        answers: [{ rule: 'kubernetes/fake-privileged', message: 'Container app is privileged', severity: 'error' }],
      },
      { class: 'safe', label: 'Forbid escalation', assumes: [], chosen: true, needs: [] },
    ]);
    expect(new Set(plan.groups.map(({ id }) => id)).size).toBe(3);
  });

  test('says to whom where two groups do the same', async () => {
    const client = await start();
    const second = independent.slice(independent.indexOf('- name:')).replace('name: app', 'name: proxy');
    await client.open(uri, `${independent.trimEnd()}\n    ${second}`);
    const labels = (await planFor(client, uri))!.groups.map(({ label }) => label);
    expect(labels.sort()).toEqual(['Forbid escalation', 'app: Set privileged to false', 'proxy: Set privileged to false']);
  });

  test('joins what cannot be applied apart: a container that is no longer privileged may escalate', async () => {
    const client = await start();
    await client.open(uri, pod);
    const plan = (await planFor(client, uri))!;
    expect(plan.groups.map(({ rules }) => rules)).toEqual([
      ['kubernetes/fake-escalation', 'kubernetes/fake-privileged'],
      ['kubernetes/fake-escalation'],
    ]);
  });

  test('keeps the ids of its groups where the file changes elsewhere', async () => {
    const client = await start();
    await client.open(uri, independent);
    const before = (await planFor(client, uri))!;
    await client.replace(uri, '# keep me', '# keep me\n  hostPID: true');
    const after = (await planFor(client, uri))!;
    expect(after.key).not.toBe(before.key);
    expect(after.groups.map(({ id }) => id)).toEqual(expect.arrayContaining(before.groups.map(({ id }) => id)));
  });

  test('spares the rules that are spared in bulk', async () => {
    const client = await start({ settings: () => ({ fixAll: { exclude: ['kubernetes/fake-escalation'] } }) });
    await client.open(uri, independent);
    const plan = (await planFor(client, uri))!;
    expect(plan.groups.map(({ rules, chosen }) => [rules, chosen])).toEqual([
      [['kubernetes/fake-privileged'], true],
      [['kubernetes/fake-escalation'], false],
    ]);
  });

  test('is made for a file that is not open, and follows it', async () => {
    const folder = makeFolder({ 'a.yaml': independent });
    const client = await start({ folders: [folder] });
    const plan = (await planFor(client, `${folder}/a.yaml`))!;
    expect(plan).toMatchObject({
      version: null,
      groups: [{ rules: ['kubernetes/fake-privileged'] }, { rules: ['kubernetes/fake-escalation'] }],
    });
    const choice = (await choose(client, plan, [plan.groups[0]!.id]))!;
    expect(choice.text).toBe(independent.replace('privileged: true', 'privileged: false'));
    await client.open(`${folder}/a.yaml`, pod);
    expect(await choose(client, plan, [plan.groups[0]!.id])).toBeNull();
  });

  test('is nothing for no file, and says why for one that is not checked', async () => {
    const folder = makeFolder({ 'compose.yaml': composeFile, 'notes.yaml': 'a: 1\n' });
    const client = await start({ folders: [folder] });
    expect(await planFor(client, `${folder}/none.yaml`)).toBeNull();
    expect(await planFor(client, `${folder}/compose.yaml`)).toMatchObject({
      unchecked: 'Bulkhead does not check Compose files yet: compose.yaml is left unchanged',
      groups: [],
    });
    expect(await planFor(client, `${folder}/notes.yaml`)).toMatchObject({
      unchecked: 'Bulkhead does not check notes.yaml: the text has no apiVersion and kind keys',
    });
  });
});

describe('what a template cannot take', () => {
  const template = (name: string, context: string): string =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          image: {{ .Values.image }}\n${context}`;
  const filled = '          securityContext:\n            {{- toYaml .Values.securityContext | nindent 12 }}\n';
  const chart = { 'charts/shop/Chart.yaml': 'name: shop\n', 'charts/shop/templates/web.yaml': template('{{ .Release.Name }}', filled) };

  test('goes to the values of its chart, every other byte kept', async () => {
    const folder = makeFolder({ ...chart, 'charts/shop/values.yaml': "# shop\nimage: 'a'\nsecurityContext: {}\n" });
    const client = await start({ folders: [folder] });
    const [values, patch] = (await planFor(client, `${folder}/charts/shop/templates/web.yaml`))!.elsewhere;
    expect(values!.target).toMatchObject({ uri: `${folder}/charts/shop/values.yaml`, exists: true });
    expect(values!.target!.newText).toMatch(
      /^# shop\nimage: 'a'\nsecurityContext: *\{?[^]*allowPrivilegeEscalation: false[^]*readOnlyRootFilesystem: true/,
    );
    expect(patch).toMatchObject({ target: null });
    const { uri, newText, edits } = values!.target!;
    const known = TextDocument.create(uri, 'yaml', 1, "# shop\nimage: 'a'\nsecurityContext: {}\n");
    expect(TextDocument.applyEdits(known, [...edits] as TextEdit[])).toBe(newText);
  });

  test('is a click at the key that they fill, byte for byte', async () => {
    const values = "# shop\r\nimage: 'a'\r\nsecurityContext:\r\n    runAsUser: 1000 # web\r\nother: {}\r\n";
    const folder = makeFolder({ ...chart, 'charts/shop/values.yaml': values });
    const client = await start({ folders: [folder] });
    const own = `${folder}/charts/shop/templates/web.yaml`;
    const text = chart['charts/shop/templates/web.yaml'];
    await client.open(own, text, 'helm');
    const actionsAt = async (word: string): Promise<CodeAction[]> => {
      const position = TextDocument.create(own, 'helm', 1, text).positionAt(text.indexOf(word));
      const params = { textDocument: { uri: own }, range: { start: position, end: position }, context: { diagnostics: [] } };
      const actions: CodeAction[] = await client.connection.sendRequest('textDocument/codeAction', params);
      return actions.filter(({ title }) => title.includes('values.yaml'));
    };
    expect(await actionsAt('template:')).toEqual([]);
    const [action, ...others] = await actionsAt('securityContext:');
    expect(others).toEqual([]);
    expect(action!.title).toBe('Set the missing values for .Values.securityContext in values.yaml (your decision)');
    const [[target, edits]] = Object.entries(action!.edit!.changes!) as [[string, TextEdit[]]];
    expect(target).toBe(`${folder}/charts/shop/values.yaml`);
    const changed = TextDocument.applyEdits(TextDocument.create(target, 'yaml', 0, values), edits);
    expect(changed).toMatch(/^# shop\r\nimage: 'a'\r\nsecurityContext:\r\n {4}runAsUser: 1000 # web\r\n/);
    expect(changed).toMatch(
      /\r\n {4}allowPrivilegeEscalation: false\r\n {4}capabilities:\r\n {8}drop:[^]*\r\n {4}readOnlyRootFilesystem: true\r\nother: \{\}\r\n$/,
    );
    expect(changed.replaceAll('\r\n', '')).not.toContain('\n');
  });

  test('makes the values where a chart has none', async () => {
    const folder = makeFolder(chart);
    const client = await start({ folders: [folder] });
    const [values] = (await planFor(client, `${folder}/charts/shop/templates/web.yaml`))!.elsewhere;
    expect(values!.target).toEqual({ uri: `${folder}/charts/shop/values.yaml`, exists: false, newText: values!.text, edits: [] });
  });

  test('goes to a patch beside the kustomization that renders the chart, with its entry', async () => {
    const kustomization = 'helmCharts:\n  - name: shop\n    version: 1.0.0\n';
    const folder = makeFolder({ ...chart, 'charts/shop/templates/web.yaml': template('web', ''), 'kustomization.yaml': kustomization });
    const client = await start({ folders: [folder] });
    const planned = (await planFor(client, `${folder}/charts/shop/templates/web.yaml`))!.elsewhere;
    expect(planned.map(({ target }) => target)).toMatchObject([
      { uri: `${folder}/harden-shop.yaml`, exists: false, newText: planned[0]!.text },
      { uri: `${folder}/kustomization.yaml`, exists: true, newText: `${kustomization}patches:\n  - path: harden-shop.yaml\n` },
    ]);
  });

  test('has no place outside of a chart', async () => {
    const folder = makeFolder({ 'templates/web.yaml': template('{{ .Release.Name }}', filled) });
    const client = await start({ folders: [folder] });
    const planned = (await planFor(client, `${folder}/templates/web.yaml`))!.elsewhere;
    expect(planned.length).toBeGreaterThan(0);
    expect(planned.every(({ target }) => target === null)).toBe(true);
  });
});

describe('a choice', () => {
  test('gives the text, its edits and what is left, for any groups', async () => {
    const client = await start();
    const text = independent.replace('spec:', 'spec:\n  hostPID: true');
    await client.open(uri, text);
    const plan = (await planFor(client, uri))!;
    const document = TextDocument.create(uri, '', 1, text);
    for (let subset = 0; subset < 1 << plan.groups.length; subset++) {
      const ids = plan.groups.flatMap(({ id }, i) => ((subset & (1 << i)) === 0 ? [] : [id]));
      const choice = (await choose(client, plan, ids))!;
      expect(choice.applied).toEqual(ids);
      expect(choice.version).toBe(1);
      expect(
        TextDocument.applyEdits(
          document,
          choice.edits.map(edit => ({ ...edit, range: edit.range as never })),
        ),
      ).toBe(choice.text);
      expect(choice.text.includes('hostPID')).toBe((subset & 1) === 0);
      expect(choice.text.includes('privileged: true')).toBe((subset & 2) === 0);
      expect(choice.text).toContain('# keep me');
      expect(choice.left).toHaveLength(plan.groups.length - ids.length);
    }
    expect(await choose(client, { ...plan, key: 'another' }, [])).toBeNull();
    await client.replace(uri, 'web', 'shop');
    expect(await choose(client, plan, [])).toBeNull();
  });
});

describe('harden for an editor without a view', () => {
  test('lists the groups, applies all as one edit, and says what came of it', async () => {
    const client = await start();
    const heard = listen(client, 'Apply all');
    await client.open(uri, independent.replace('spec:', 'spec:\n  hostPID: true'));
    const result = await harden(client, { uri });
    expect(heard.asked).toEqual([
      {
        type: 3,
        message: [
          'Bulkhead: harden a.yaml? These changes would be made:',
          '- Set privileged to false (review). Assumes: no device of the node is needed',
          '- Forbid escalation',
        ].join('\n'),
        actions: [{ title: 'Apply all' }, { title: 'Safe only' }, { title: 'Cancel' }],
      },
    ]);
    expect(client.edits).toHaveLength(1);
    const { label, edit } = client.edits[0]!;
    expect(label).toBe('Bulkhead: harden a.yaml');
    expect(edit.changeAnnotations).toBeUndefined();
    expect(edit.documentChanges).toMatchObject([{ textDocument: { uri, version: 1 } }]);
    const all = client.applied(uri, edit);
    expect(all).toContain('privileged: false');
    expect(all).toContain('hostPID: true');
    expect(result).toMatchObject({ applied: true, failure: null, offered: 3, groups: [{ class: 'review' }, { class: 'safe' }] });
    await until('a summary', () => heard.told.length > 0);
    expect(heard.told).toEqual(['a.yaml: 2 of 3 groups of fixes applied, 1 finding left']);
    expect(await client.connection.sendRequest<HardenedText>('bulkhead/hardenedText', { uri })).toMatchObject({ version: 1, text: all });

    await client.setText(uri, all);
    expect(await harden(client, uri)).toMatchObject({ applied: false, failure: null, groups: [] });
    expect(client.edits).toHaveLength(1);
    expect(heard.asked).toHaveLength(1);
    await until('a summary', () => heard.told.length > 1);
    expect(heard.told[1]).toBe('a.yaml: 0 of 1 groups of fixes applied, 1 finding left');
  });

  test.each([
    [
      'Safe only',
      ['privileged: true', '        allowPrivilegeEscalation: false'],
      'a.yaml: 1 of 2 groups of fixes applied, 1 finding left',
    ],
    ['Cancel', null, null],
    [null, null, null],
  ])('answered by %s', async (answer, parts, told) => {
    const client = await start();
    const heard = listen(client, answer);
    await client.open(uri, independent);
    const result = await harden(client, { uri });
    expect(heard.asked).toHaveLength(1);
    expect(result.applied).toBe(parts !== null);
    expect(client.edits).toHaveLength(parts === null ? 0 : 1);
    for (const part of parts ?? []) expect(client.applied(uri, client.edits[0]!.edit)).toContain(part);
    if (told !== null) await until(told, () => heard.told.includes(told));
    else expect(heard.told).toEqual([]);
  });

  test('applies all where the client cannot be asked', async () => {
    const client = await start();
    await client.open(uri, pod);
    expect(await harden(client, uri)).toMatchObject({ applied: true, left: [] });
    expect(client.applied(uri, client.edits[0]!.edit)).toContain('privileged: false');
  });

  test('takes the attended fixes of the rules that are accepted', async () => {
    const client = await start();
    listen(client, 'Apply all');
    await client.open(uri, independent.replace('spec:', 'spec:\n  hostPID: true'));
    const preview = (accept: readonly unknown[]) => client.connection.sendRequest<HardenedText>('bulkhead/hardenedText', { uri, accept });
    expect((await preview([])).text).toContain('hostPID');
    expect((await preview(['kubernetes/fake-host'])).text).not.toContain('hostPID');
    await expect(preview(['kubernetes/fake-hosts'])).rejects.toThrow('unknown rule kubernetes/fake-hosts');
    const result = await harden(client, { uri, accept: ['all'] });
    expect(result.groups.find(group => group.class === 'attended')?.rules).toEqual(['kubernetes/fake-host']);
  });

  test('says that it does not check a Compose file, and not that there is nothing to change', async () => {
    const client = await start();
    const heard = listen(client, 'Apply all');
    await client.open('file:///w/compose.yaml', composeFile);
    const result = await harden(client, 'file:///w/compose.yaml');
    const told = 'Bulkhead does not check Compose files yet: compose.yaml is left unchanged';
    expect(result).toMatchObject({ applied: false, failure: told, groups: [], left: [] });
    await until('a message', () => heard.told.length > 0);
    expect(heard.told).toEqual([told]);
  });
});

describe('harden for a client with a view', () => {
  const asked = { only: ['source.harden'], triggerKind: CodeActionTriggerKind.Invoked };

  test('is its command in the menu, and safe fixes on save', async () => {
    const client = await start({ options: { hardenView: true } });
    await client.open(uri, independent);
    expect(await client.actions(uri, 'kind', asked)).toMatchObject([
      { title: 'Harden this file', kind: 'source.harden.bulkhead', command: { command: 'bulkhead.harden', arguments: [{ uri }] } },
    ]);
    const [action] = await client.actions(uri, 'kind', { ...asked, triggerKind: CodeActionTriggerKind.Automatic });
    expect(action!.title).toBe('Harden this file, safe fixes only');
    expect(action!.command).toBeUndefined();
  });

  test('asks nothing and says nothing', async () => {
    const client = await start({ options: { hardenView: true } });
    const heard = listen(client, 'Cancel');
    await client.open(uri, independent);
    expect(await harden(client, uri)).toMatchObject({ applied: true });
    expect(heard).toEqual({ asked: [], told: [] });
  });

  test('is one plain edit without a view', async () => {
    const client = await start();
    await client.open(uri, independent);
    const [action] = await client.actions(uri, 'kind', asked);
    const { edit } = await client.resolve(action!);
    expect(edit!.changeAnnotations).toBeUndefined();
    expect(client.applied(uri, edit)).toContain('privileged: false');
  });
});

describe('what other files say', () => {
  const startShipped = clientsOf('server/src/main.node.ts');
  const manifest = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: { app: shop }
  template:
    metadata:
      labels: { app: shop }
    spec:
      containers:
        - name: shop
          image: registry.example.com/shop:1.0
`;
  const files = {
    'web.yaml': manifest,
    'compose.yaml': 'services:\n  shop:\n    build: .\n    image: registry.example.com/shop:1.0\n',
    Dockerfile: 'FROM node:24-slim\nWORKDIR /app\nCOPY --chown=1000 server.js .\nUSER 1000\nCMD ["node", "server.js"]\n',
  };

  test.each([true, false])('is in the first plan that anybody asks for; the file is open: %s', async open => {
    const folder = makeFolder(files);
    const client = await startShipped({ folders: [folder] });
    const own = `${folder}/web.yaml`;
    if (open) await client.open(own, manifest);
    const plan = (await planFor(client, own))!;
    const chosen = plan.groups.flatMap(({ id, chosen: usual }) => (usual ? [id] : []));
    expect((await choose(client, plan, chosen))!.text).toContain('runAsUser: 1000\n');
  });
});
