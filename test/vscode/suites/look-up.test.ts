import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { makeIndexed, repositoryOf } from '../../support/image-chain';
import { serve, type ServedRegistry } from '../../unit/signature/artefacts';
import { actionsAt, closeAll, eventually, findings, open, ruleOf } from '../helpers';

const image = makeIndexed({ config: { User: '', ExposedPorts: { '80/tcp': {} }, Entrypoint: ['/web'] } });

interface LookUpResult {
  readonly found: number;
  readonly cancelled: boolean;
  readonly failed: readonly { readonly reasonId: string }[];
}

/** The registry lives in the extension host, as the look-ups do: nothing of it goes through the server. */
describe('looking images up', () => {
  let registry: ServedRegistry;
  const configuration = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('bulkhead');
  const allow = async (hosts: readonly string[] | undefined): Promise<void> => {
    await configuration().update('scan.registries', hosts, vscode.ConfigurationTarget.Global);
    await eventually('the setting', () => configuration().get<string[]>('scan.registries')?.join() === (hosts ?? []).join());
  };
  before(async () => {
    registry = await serve({ web: { repository: repositoryOf(image) } });
    await allow([registry.host]);
  });
  after(async () => {
    await allow(undefined);
    registry.close();
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('bulkhead.clearRegistryCache');
    await vscode.commands.executeCommand('notifications.clearAll');
    registry.asked.length = 0;
    await closeAll();
  });

  const pod = (): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec:\n  containers:\n    - name: web\n      image: ${registry.host}/web@${image.digest}\n      securityContext: { runAsNonRoot: true }\n`;
  const at = new vscode.Range(6, 20, 6, 20);
  const mismatch = (uri: vscode.Uri): vscode.Diagnostic | undefined =>
    findings(uri).find(diagnostic => ruleOf(diagnostic) === 'kubernetes/image-user-mismatch');
  const hoverText = async (uri: vscode.Uri): Promise<string> => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, at.start);
    return hovers.flatMap(({ contents }) => contents.map(content => (typeof content === 'string' ? content : content.value))).join('\n');
  };

  it('one image: from the light bulb to findings and hover, and nothing before', async () => {
    const { document } = await open('pod.yaml', pod());
    const action = await eventually('the action', async () =>
      (await actionsAt(document.uri, at, 'quickfix')).find(({ title }) => title.startsWith('Look up image ')),
    );
    assert.match(await hoverText(document.uri), /\[Look Up Image\]\(command:bulkhead\.lookUpImages\?/);
    assert.deepEqual(registry.asked, []);
    const { command, arguments: args = [] } = action.command!;
    const result = await vscode.commands.executeCommand<LookUpResult>(command, ...(args as unknown[]));
    assert.deepEqual({ found: result.found, failed: result.failed }, { found: 1, failed: [] });
    const found = await eventually('the finding', () => mismatch(document.uri));
    assert.match(found.message, / \(from a lookup\)$/);
    assert.match(await hoverText(document.uri), /user: root\n- starts: \/web\n- ports: 80\/tcp/);
    // forgotten, and no finding rests on it any more
    await vscode.commands.executeCommand('bulkhead.clearRegistryCache');
    await eventually('no finding', () => mismatch(document.uri) === undefined);
  });

  it('the link of a hover looks the image up', async () => {
    const { document } = await open('pod.yaml', pod());
    const text = await eventually('the link', async () =>
      /command:(bulkhead\.lookUpImages)\?([^)]*)\)/.exec(await hoverText(document.uri)),
    );
    const args = JSON.parse(decodeURIComponent(text[2]!)) as unknown[];
    assert.equal((await vscode.commands.executeCommand<LookUpResult>(text[1]!, ...args)).found, 1);
    await eventually('the finding', () => mismatch(document.uri));
  });

  it('the images of a file, and of the workspace once that was agreed to', async () => {
    const { document } = await open('pod.yaml', pod());
    assert.equal((await vscode.commands.executeCommand<LookUpResult>('bulkhead.lookUp', document.uri)).found, 1);
    await vscode.commands.executeCommand('bulkhead.clearRegistryCache');
    await vscode.commands.executeCommand('notifications.clearAll');
    registry.asked.length = 0;
    await vscode.workspace.fs.writeFile(document.uri, new TextEncoder().encode(document.getText()));
    let done = false;
    const running = Promise.resolve(vscode.commands.executeCommand<LookUpResult>('bulkhead.lookUpWorkspace'));
    void running.finally(() => (done = true));
    await eventually('the answer', async () => {
      await vscode.commands.executeCommand('notification.acceptPrimaryAction');
      return done;
    });
    const { found, cancelled } = await running;
    assert.deepEqual({ isFound: found > 0, cancelled }, { isFound: true, cancelled: false });
    await eventually('the finding', () => mismatch(document.uri));
  });

  it('hosts of a private network are not asked because a file names them', async () => {
    await allow([]);
    try {
      const { document } = await open('pod.yaml', pod());
      const result = await vscode.commands.executeCommand<LookUpResult>('bulkhead.lookUp', document.uri);
      assert.equal(result.failed.length, 1);
      assert.deepEqual(registry.asked, []);
    } finally {
      await allow([registry.host]);
    }
  });
});
