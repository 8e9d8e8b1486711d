import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, eventually, findings, findingsOf, gone, ruleOf, underlined, writeFile } from '../helpers';

const manifest = (name: string, value: string): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: shop
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: 'ghcr.io/acme/${name}:1', env: [{name: URL, value: '${value}'}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop}
spec: {selector: {app: ${name}}, ports: [{port: 80}]}
`;

const textOf = async (uri: vscode.Uri): Promise<string> => new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));

describe('policies', () => {
  afterEach(closeAll);

  it('Write Network Policy on a folder writes a new file, opens it, and overwrites nothing', async () => {
    const config = await writeFile('.bulkhead.yaml', 'profile: strict\n');
    const folder = vscode.Uri.joinPath(config, '../deploy');
    for (const [name, value] of [
      ['web', 'http://api'],
      ['api', ''],
    ] as const)
      await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, `${name}.yaml`), new TextEncoder().encode(manifest(name, value)));
    const uri = await vscode.commands.executeCommand<vscode.Uri | undefined>('bulkhead.writeNetworkPolicy', folder);
    assert.equal(uri?.path, `${folder.path}/network-policy-shop.yaml`);
    assert.equal(vscode.window.activeTextEditor?.document.uri.path, uri.path);
    const written = vscode.window.activeTextEditor.document.getText();
    assert.ok(written.includes('# Deployment web (URL)'), written);
    assert.deepEqual(findings(uri).map(ruleOf), []);
    await vscode.workspace.saveAll();
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode('# mine\n'));
    assert.equal(await vscode.commands.executeCommand('bulkhead.writeNetworkPolicy', folder), undefined);
    assert.equal(await textOf(uri), '# mine\n');
  });

  it('the light bulb at the name of a workload writes them beside the manifest', async () => {
    const config = await writeFile('.bulkhead.yaml', 'profile: recommended\n');
    const file = vscode.Uri.joinPath(config, '../web.yaml');
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(manifest('web', 'https://pay.example.com')));
    const { document } = await vscode.window.showTextDocument(file);
    const action = await eventually('the action', async () => {
      const range = new vscode.Range(3, 8, 3, 8);
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        range,
        'refactor.rewrite',
      );
      return actions.find(({ title }) => title === 'Write network policies for the namespace shop…');
    });
    await vscode.commands.executeCommand(action.command!.command, ...(action.command!.arguments as unknown[]));
    const shown = await eventually('the file', () =>
      vscode.window.visibleTextEditors.find(editor => editor.document.uri.path.endsWith('network-policy-shop.yaml')),
    );
    assert.ok(shown.document.getText().includes('pay.example.com'));
    assert.equal(shown.document.uri.path, vscode.Uri.joinPath(file, '../network-policy-shop.yaml').path);
  });

  it('an image policy of the signers of the configuration', async () => {
    const signers = 'trustedSigners:\n  - {images: [ghcr.io/acme], identity: release@example.com, issuer: "https://login.example.com"}\n';
    const config = await writeFile('.bulkhead.yaml', `profile: strict\n${signers}`);
    const folder = vscode.Uri.joinPath(config, '..');
    const file = vscode.Uri.joinPath(folder, 'web.yaml');
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(manifest('web', '')));
    const uri = await vscode.commands.executeCommand<vscode.Uri | undefined>('bulkhead.writePolicyHere', {
      kind: 'image',
      uri: file.toString(),
      engine: 'kyverno',
    });
    assert.equal(uri?.path, `${folder.path}/image-policy.yaml`);
    assert.match(vscode.window.activeTextEditor!.document.getText(), /subject: release@example\.com/);
    assert.deepEqual(findings(uri).map(ruleOf), []);
  });
});

describe("rules of one's own", () => {
  afterEach(closeAll);

  it('are findings in Problems, suppressed by their ids, and gone with the rule', async () => {
    const team =
      "customRules:\n  - {id: custom/team, kind: Deployment, cel: 'has(object.metadata.labels)', message: Say which team runs it}\n";
    const config = await writeFile('.bulkhead.yaml', team);
    const file = vscode.Uri.joinPath(config, '../web.yaml');
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(manifest('web', '')));
    const { document } = await vscode.window.showTextDocument(file);
    const [finding] = await findingsOf(file, 'custom/team');
    assert.equal(underlined(document, finding!), '2:0 metadata');
    assert.equal(finding!.message, 'Say which team runs it');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(file, new vscode.Position(2, 0), '# bulkhead-ignore custom/team -- one team runs it all\n');
    await vscode.workspace.applyEdit(edit);
    await gone(file, 'custom/team');
    await vscode.commands.executeCommand('undo');
    await findingsOf(file, 'custom/team');
    await vscode.workspace.fs.writeFile(config, new TextEncoder().encode('profile: recommended\n'));
    await gone(file, 'custom/team');
  });
});

describe('a release workflow', () => {
  afterEach(closeAll);

  it('is written from the light bulb of a Dockerfile, opened, and never over another', async () => {
    const root = vscode.Uri.joinPath(await writeFile('.bulkhead.yaml', 'profile: recommended\n'), '..');
    const dockerfile = vscode.Uri.joinPath(root, 'shipped/Dockerfile');
    await vscode.workspace.fs.writeFile(dockerfile, new TextEncoder().encode('FROM node:24\n'));
    const { document } = await vscode.window.showTextDocument(dockerfile);
    const action = await eventually('the action', async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        new vscode.Range(0, 0, 0, 0),
        'refactor.rewrite',
      );
      return actions.find(({ title }) => title === 'Write a release workflow for this Dockerfile…');
    });
    const run = () =>
      vscode.commands.executeCommand<vscode.Uri | undefined>(action.command!.command, ...(action.command!.arguments as unknown[]));
    const uri = await run();
    assert.equal(
      uri?.path,
      vscode.Uri.joinPath(vscode.workspace.getWorkspaceFolder(dockerfile)!.uri, '.github/workflows/release.yml').path,
    );
    const written = vscode.window.activeTextEditor!.document;
    assert.equal(written.uri.path, uri.path);
    assert.match(written.getText(), /context: \S*shipped\n/);
    await vscode.workspace.saveAll();
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode('# mine\n'));
    assert.equal(await run(), undefined);
    assert.equal(await textOf(uri), '# mine\n');
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(uri, '../..'), { recursive: true });
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(dockerfile, '..'), { recursive: true });
  });
});
