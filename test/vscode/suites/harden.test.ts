import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, eventually, findings, findingsOf, open, rulesIn, writeFile } from '../helpers';
import { deployment, dockerfile, misplaced } from '../samples';

/** What is open in the checklist. */
interface State {
  readonly files: readonly {
    readonly uri: vscode.Uri;
    readonly left: number;
    readonly groups: readonly {
      readonly id: string;
      readonly label: string;
      readonly class: string;
      readonly rules: readonly string[];
      readonly ticked: boolean;
    }[];
  }[];
}

/** What an Apply gives. */
interface Outcome {
  readonly applied: boolean;
  readonly groups: number;
  readonly offered: number;
  readonly files: readonly vscode.Uri[];
  readonly left: readonly { readonly uri: vscode.Uri; readonly rule: string; readonly message: string; readonly reason: string }[];
  readonly outdated: readonly vscode.Uri[];
}

const harden = (uri: vscode.Uri): Thenable<State> => vscode.commands.executeCommand<State>('bulkhead.harden', uri);
const tick = (uri: vscode.Uri, id: string, on: boolean): Thenable<State> =>
  vscode.commands.executeCommand<State>('bulkhead.hardenTick', uri, id, on);
const apply = (): Thenable<Outcome | undefined> => vscode.commands.executeCommand<Outcome | undefined>('bulkhead.hardenApply');

/** Opens the checklist with nothing ticked. */
async function openUnticked(uri: vscode.Uri): Promise<State['files'][number]> {
  let state = await harden(uri);
  for (const { id } of state.files[0]?.groups ?? []) state = await tick(uri, id, false);
  const [file] = state.files;
  assert.ok(file && file.groups.length > 0 && file.groups.every(({ ticked }) => !ticked), 'the plan has groups, none of them ticked');
  return file;
}

/** The document on the right of the diff. */
function hardenedDocument(): Promise<vscode.TextDocument> {
  return eventually('the diff editor', () => {
    const inputs = vscode.window.tabGroups.all.map(({ activeTab }) => activeTab?.input);
    const diff = inputs.find(input => input instanceof vscode.TabInputTextDiff);
    return diff === undefined ? undefined : vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === diff.modified.toString());
  });
}

const isOpen = (): boolean =>
  vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ input }) => input instanceof vscode.TabInputTextDiff));

/** The rules of findings, one for each: the editor shows some of them together, with a message of their own. */
const named = (found: readonly { readonly rule: string }[]): readonly string[] => found.map(({ rule }) => rule).sort();

const shown = (uri: vscode.Uri): readonly string[] => findings(uri).flatMap(rulesIn).sort();

describe('harden', () => {
  afterEach(async () => {
    await vscode.commands.executeCommand('bulkhead.hardenDiscard');
    await closeAll();
  });

  it('shows a checklist and a diff, and changes nothing before Apply; Discard closes both', async () => {
    const { document } = await open('web.yaml', deployment);
    await findingsOf(document.uri, 'kubernetes/privilege-escalation');
    const state = await harden(document.uri);
    const groups = state.files[0]?.groups ?? [];
    assert.ok(groups.length > 1);
    for (const group of groups) {
      assert.ok(group.label.length > 0 && group.rules.length > 0);
      assert.equal(group.ticked, group.class === 'safe' || group.class === 'review', `${group.label} is ${group.class}`);
    }
    const shown = await hardenedDocument();
    assert.equal(shown.languageId, 'yaml');
    for (const line of ['allowPrivilegeEscalation: false', '# the only one']) assert.ok(shown.getText().includes(line), shown.getText());
    assert.equal(document.getText(), deployment);
    assert.equal(document.isDirty, false);
    await vscode.commands.executeCommand('bulkhead.hardenDiscard');
    await eventually('the diff closes', () => !isOpen());
    assert.equal(document.getText(), deployment);
  });

  it('lets the diff follow the ticks', async () => {
    const { document } = await open('Dockerfile', dockerfile);
    const { groups } = await openUnticked(document.uri);
    const hardened = await hardenedDocument();
    await eventually('nothing is applied', () => hardened.getText() === dockerfile);
    const copy = groups.find(({ rules }) => rules.includes('dockerfile/add-for-copy'));
    assert.ok(copy);
    await tick(document.uri, copy.id, true);
    await eventually('one group is applied', () => hardened.getText() === dockerfile.replace('ADD server.js', 'COPY server.js'));
    await tick(document.uri, copy.id, false);
    await eventually('it is taken back', () => hardened.getText() === dockerfile);
  });

  it('makes a new plan when the file changes, keeps the ticks, and applies nothing that has not been seen', async () => {
    const { document } = await open('Dockerfile', dockerfile);
    const { groups } = await openUnticked(document.uri);
    const copy = groups.find(({ rules }) => rules.includes('dockerfile/add-for-copy'));
    assert.ok(copy);
    await tick(document.uri, copy.id, true);
    const hardened = await hardenedDocument();
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(1, 0), '# later\n');
    await vscode.workspace.applyEdit(edit);
    const changed = document.getText();
    const refused = await apply();
    assert.equal(refused?.applied, false);
    assert.deepEqual(refused.outdated.map(String), [document.uri.toString()]);
    assert.equal(document.getText(), changed);
    const expected = changed.replace('ADD server.js', 'COPY server.js');
    await eventually('the diff is that of the new text', () => hardened.getText() === expected);
    assert.equal((await apply())?.applied, true);
    assert.equal(document.getText(), expected);
  });

  it('applies what is ticked as one undo step, byte for byte as the diff showed it', async () => {
    const { document } = await open('web.yaml', deployment.replaceAll('\n', '\r\n'));
    const before = document.getText();
    await harden(document.uri);
    const hardened = await hardenedDocument();
    await eventually('the hardened text', () => hardened.getText().includes('allowPrivilegeEscalation: false'));
    const promised = hardened.getText();
    const outcome = await apply();
    assert.equal(outcome?.applied, true);
    assert.equal(document.getText(), promised);
    await eventually('the diff closes', () => !isOpen());
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), document.uri.toString());
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), before);
  });

  it('applies safe groups alone', async () => {
    const { document } = await open('Dockerfile', dockerfile);
    await harden(document.uri);
    const outcome = await vscode.commands.executeCommand<Outcome>('bulkhead.hardenApplySafe');
    assert.equal(outcome.groups, 1);
    assert.ok(outcome.offered > 1);
    assert.equal(document.getText(), dockerfile.replace('ADD server.js', 'COPY server.js'));
  });

  for (const [name, text] of Object.entries({ deployment, misplaced })) {
    it(`leaves a file that is no worse with any one group alone, and says truly what is left: ${name}`, async () => {
      const { document } = await open('web.yaml', text);
      await eventually('findings', () => findings(document.uri).length > 0);
      const before = shown(document.uri);
      const count = (of: readonly string[], rule: string): number => of.filter(one => one === rule).length;
      const ids = (await openUnticked(document.uri)).groups.map(({ id }) => id);
      for (const [i] of ids.entries()) {
        const { groups } = await openUnticked(document.uri);
        const group = groups[i];
        assert.ok(group);
        await tick(document.uri, group.id, true);
        const outcome = await apply();
        assert.equal(outcome?.applied, true, group.label);
        assert.ok(outcome.groups >= 1 && outcome.offered === groups.length);
        const left = named(outcome.left);
        assert.deepEqual(
          left.filter(rule => count(left, rule) > count(before, rule)),
          [],
          `${group.label} brings no finding`,
        );
        await eventually(`what ${group.label} leaves is what the editor shows`, () => {
          assert.deepEqual(shown(document.uri), left);
          return true;
        });
        assert.ok(outcome.left.every(({ reason }) => reason.length > 0));
        await vscode.commands.executeCommand('undo');
        assert.equal(document.getText(), text, group.label);
      }
    });
  }

  it('fixes all safe problems without asking, with one undo', async () => {
    const text = dockerfile.replace('CMD', 'ADD lib.js /app/\nCMD');
    const { document } = await open('Dockerfile', text);
    await findingsOf(document.uri, 'dockerfile/add-for-copy');
    await vscode.commands.executeCommand('bulkhead.fixAll');
    assert.equal(document.getText(), text.replaceAll('ADD', 'COPY'));
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), text);
  });

  it('leaves a template of a chart as it is, and shows what to write elsewhere in a document that need not be saved', async () => {
    const text = deployment.replace('name: shop\nspec', 'name: {{ .Release.Name }}\nspec');
    const { document } = await open('chart/templates/deployment.yaml', text);
    await findingsOf(document.uri, 'kubernetes/privilege-escalation');
    await harden(document.uri);
    const patch = await eventually('the text', () =>
      vscode.workspace.textDocuments.find(({ uri }) => /^bulkhead-(elsewhere|snippet)$/.test(uri.scheme)),
    );
    assert.equal(patch.languageId, 'yaml');
    for (const line of ['allowPrivilegeEscalation: false', 'name: shop']) assert.ok(patch.getText().includes(line), patch.getText());
    assert.equal(document.getText(), text);
    assert.equal(
      vscode.workspace.textDocuments.some(({ isDirty, isUntitled }) => isDirty || isUntitled),
      false,
    );
  });

  it('writes what belongs into the values of a chart there, with one undo', async () => {
    const values = "# shop\nimage: 'a'\nsecurityContext: {}\n";
    const text = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  template:
    spec:
      containers:
        - name: web
          image: {{ .Values.image }}
          securityContext:
            {{- toYaml .Values.securityContext | nindent 12 }}
`;
    const valuesUri = await writeFile('values.yaml', values);
    const chart = vscode.Uri.joinPath(valuesUri, '..');
    const template = vscode.Uri.joinPath(chart, 'templates/web.yaml');
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(chart, 'Chart.yaml'), new TextEncoder().encode('name: shop\n'));
    await vscode.workspace.fs.writeFile(template, new TextEncoder().encode(text));
    await vscode.window.showTextDocument(template, { preview: false });
    await harden(template);
    const shown = await eventually('the values', () =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'bulkhead-elsewhere'),
    );
    assert.ok(shown.getText().includes('allowPrivilegeEscalation: false'), shown.getText());
    await vscode.commands.executeCommand('bulkhead.hardenWrite', shown.uri);
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.toString(), valuesUri.toString());
    assert.ok(document.getText().startsWith("# shop\nimage: 'a'\nsecurityContext:"), document.getText());
    assert.ok(document.getText().includes('allowPrivilegeEscalation: false'), document.getText());
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), values);
  });

  it('hardens the workspace: ticks by file, one edit, closed files saved', async () => {
    const wanted = dockerfile.replace('ADD server.js', 'COPY server.js');
    const { document } = await open('Dockerfile', dockerfile);
    const closed = await writeFile('Dockerfile', dockerfile);
    const untouched = await writeFile('Dockerfile', dockerfile);
    const state = await vscode.commands.executeCommand<State>('bulkhead.hardenWorkspace');
    const addresses = state.files.map(({ uri }) => uri.toString());
    for (const uri of [document.uri, closed, untouched]) assert.ok(addresses.includes(uri.toString()), `${uri.path} is planned`);
    for (const file of state.files) {
      const isWanted = [document.uri, closed].some(uri => uri.toString() === file.uri.toString());
      for (const { id, rules, ticked } of file.groups) {
        const on = isWanted && rules.includes('dockerfile/add-for-copy');
        if (ticked !== on) await tick(file.uri, id, on);
      }
    }
    const outcome = await apply();
    assert.equal(outcome?.applied, true);
    assert.equal(outcome.groups, 2);
    assert.deepEqual(outcome.files.map(String).sort(), [document.uri, closed].map(String).sort());
    assert.equal(document.getText(), wanted);
    const read = async (uri: vscode.Uri): Promise<string> => new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    assert.equal(await read(closed), wanted);
    assert.equal(await read(untouched), dockerfile);
    assert.ok(outcome.left.some(({ uri }) => uri.toString() === untouched.toString()));
    for (const uri of [document.uri, closed, untouched])
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(uri, '..'), { recursive: true });
  });
});
