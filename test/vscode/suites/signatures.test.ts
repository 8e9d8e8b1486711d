import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { keyPair, repositoryWithImage, serve, type ServedRegistry, signedImage } from '../../unit/signature/artefacts';
import { actionsAt, closeAll, eventually, findings, findingsOf, ruleOf, writeFile } from '../helpers';

const mine = keyPair('P-256');
const bare = repositoryWithImage('bare');

/** The registry lives in the extension host, as the checks do. */
describe('signatures', () => {
  let registry: ServedRegistry;
  let host = '';
  before(async () => {
    registry = await serve({ 'team/app': signedImage('signed', mine.key), 'team/bare': bare });
    host = registry.host;
  });
  after(() => registry.close());
  afterEach(async () => {
    registry.asked.length = 0;
    await closeAll();
  });

  /** Opens a Dockerfile beside the configuration that says who has to sign. */
  const openBeside = async (text: string): Promise<vscode.TextEditor> => {
    const config = await writeFile('.bulkhead.yaml', `trustedSigners:\n  - images: ${host}/team\n    key: keys/cosign.pub\n`);
    const write = async (name: string, content: string): Promise<vscode.Uri> => {
      const uri = vscode.Uri.joinPath(config, '..', name);
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(content));
      return uri;
    };
    await write('keys/cosign.pub', mine.pem);
    return await vscode.window.showTextDocument(await write('Dockerfile', text), { preview: false });
  };

  it('are asked for by the command, and not before; what is missing stands at the image, and hover says who signed', async () => {
    const { document } = await openBeside(`FROM ${host}/team/app:1.0 AS a\nFROM ${host}/team/bare:1.0\n`);
    await findingsOf(document.uri, 'dockerfile/missing-digest');
    assert.deepEqual(registry.asked, []);
    const result = await vscode.commands.executeCommand<{ checked: number; signed: number }>('bulkhead.verifySignaturesHere', document.uri);
    assert.deepEqual([result.checked, result.signed], [2, 1]);
    const [found] = await findingsOf(document.uri, 'bulkhead/unsigned-image');
    assert.equal(document.getText(found!.range), `${host}/team/bare:1.0`);
    assert.equal(findings(document.uri).filter(one => ruleOf(one) === 'bulkhead/unsigned-image').length, 1);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(0, 8),
    );
    const text = hovers
      .flatMap(({ contents }) => contents.map(content => (typeof content === 'string' ? content : content.value)))
      .join('\n');
    assert.match(text, /is signed with key keys\/cosign\.pub/);
  });

  it('the light bulb writes the command that signs into the terminal, and does not run it', async () => {
    const { document } = await openBeside(`FROM ${host}/team/bare:1.0\n`);
    const at = new vscode.Range(0, 8, 0, 8);
    const verify = await eventually('the action', async () =>
      (await actionsAt(document.uri, at, 'quickfix')).find(({ title }) => title.startsWith('Verify the signature')),
    );
    await vscode.commands.executeCommand(verify.command!.command, ...(verify.command!.arguments as unknown[]));
    await findingsOf(document.uri, 'bulkhead/unsigned-image');
    const sign = await eventually('the action', async () =>
      (await actionsAt(document.uri, at, 'quickfix')).find(({ title }) => title.startsWith('Type the signing command')),
    );
    assert.deepEqual(sign.command!.arguments, [`cosign sign --key cosign.key ${host}/team/bare@${bare.digest}`]);
  });
});
