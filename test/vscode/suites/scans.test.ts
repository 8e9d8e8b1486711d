import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { fakeVersion, installScanner, type FakeScanner } from '../../support/fake-scanner';
import { entry, trivyJson } from '../../support/scan-report';
import { actionsAt, closeAll, eventually, findings, folder, gone, open, ruleOf, underlined } from '../helpers';

const rule = 'bulkhead/vulnerable-image';
const report = trivyJson([entry('CVE-2099-1', 'CRITICAL', '1.1', 'libssl'), entry('CVE-2099-2', 'HIGH', '1.1')]);

interface ScanResult {
  readonly scanned: number;
  readonly affected: number;
  readonly cancelled: boolean;
  readonly failed: readonly { readonly reasonId: string }[];
}

/** The scanner only replays; VS Code, the server and the process that it starts are real. */
describe('scans', () => {
  const tools = fs.mkdtempSync(path.join(os.tmpdir(), 'bulkhead-vscode-scan-'));
  const configuration = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('bulkhead');
  let scanner: ReturnType<typeof installScanner>;
  const install = async (fake: FakeScanner): Promise<void> => {
    scanner = installScanner(path.join(tools, crypto.randomUUID()), 'trivy', fake);
    await configuration().update('scan.path', scanner.path, vscode.ConfigurationTarget.Global);
    await eventually('the setting', () => configuration().get('scan.path') === scanner.path);
  };
  after(async () => {
    await configuration().update('scan.path', undefined, vscode.ConfigurationTarget.Global);
    fs.rmSync(tools, { recursive: true, force: true });
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('bulkhead.clearScanResults');
    await closeAll();
  });

  const scanFindings = (uri: vscode.Uri): vscode.Diagnostic[] => findings(uri).filter(diagnostic => ruleOf(diagnostic) === rule);
  const hoverText = async (uri: vscode.Uri, position: vscode.Position): Promise<string> => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, position);
    return hovers.flatMap(({ contents }) => contents.map(content => (typeof content === 'string' ? content : content.value))).join('\n');
  };

  it('an image: from the light bulb to the tag, the hover, and what is ignored', async () => {
    await install({ report });
    const { document } = await open('Dockerfile', 'FROM registry.example/app:1.0\nUSER 10001\n');
    const tag = new vscode.Range(0, 26, 0, 29);
    const action = await eventually('the action', async () =>
      (await actionsAt(document.uri, tag, 'quickfix')).find(({ title }) => title === 'Scan registry.example/app:1.0 for vulnerabilities'),
    );
    await hoverText(document.uri, tag.start);
    assert.deepEqual(scanner.calls(), []);
    const { command, arguments: args = [] } = action.command!;
    const result = await vscode.commands.executeCommand<ScanResult>(command, ...(args as unknown[]));
    assert.deepEqual(result, {
      scanned: 1,
      affected: 1,
      kept: 0,
      summary: 'registry.example/app:1.0: 1 critical, 1 high with a fix; 2 in all',
      failed: [],
      cancelled: false,
    });
    const [found] = await eventually('the finding', () => (scanFindings(document.uri).length > 0 ? scanFindings(document.uri) : undefined));
    assert.equal(underlined(document, found!), '0:26 1.0');
    assert.equal(found!.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(found!.message, 'registry.example/app:1.0: 1 critical, 1 high with a fix; 2 in all (Trivy 0.74.0)');
    const hover = await hoverText(document.uri, tag.start);
    assert.match(hover, /\*\*critical\*\* libssl 1\.0 → 1\.1, \[CVE-2099-1\]\(https:\/\/example\.com\/CVE-2099-1\)/);

    // as the view's menu has it
    const vulnerability = { id: 'CVE-2099-1', severity: 'critical', title: '', fixed: '1.1', url: null, purl: 'pkg:deb/debian/libssl' };
    const item = { name: 'libssl', installed: '1.0', vulnerabilities: [vulnerability] };
    const row = { kind: 'vulnerability', image: { reference: 'registry.example/app:1.0' }, item, vulnerability };
    await vscode.commands.executeCommand('bulkhead.scansView.focus');
    const ignored = await vscode.commands.executeCommand<{ uri: string; failure: string | null }>(
      'bulkhead.ignoreVulnerability',
      row,
      'TLS ends at the proxy',
    );
    assert.equal(ignored.failure, null);
    const file = vscode.Uri.joinPath(folder(), '.trivyignore.yaml');
    assert.equal(ignored.uri, file.toString());
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
    assert.match(
      text,
      /^vulnerabilities:\n {2}- id: CVE-2099-1\n {4}purls:\n {6}- "pkg:deb\/debian\/libssl"\n {4}statement: "TLS ends at the proxy"\n/,
    );
    await eventually('what is left', () =>
      scanFindings(document.uri).some(({ message }) => message.includes(': 1 high with a fix; 1 in all')),
    );
    await vscode.workspace.fs.delete(file);
  });

  it('all images of the workspace, each once, in files that are not open too', async () => {
    await install({ report });
    const { document } = await open('Dockerfile', 'FROM registry.example/one:1 AS a\nFROM registry.example/two:1\n');
    await vscode.workspace.fs.writeFile(
      vscode.Uri.joinPath(document.uri, '../compose.yaml'),
      new TextEncoder().encode('services:\n  a:\n    image: registry.example/three:1\n  b:\n    image: registry.example/two:1\n'),
    );
    const result = await vscode.commands.executeCommand<ScanResult>('bulkhead.scanAllImages');
    const asked = scanner.calls().flatMap(({ args }) => (args[0] === 'image' ? args.at(-1)! : []));
    assert.equal(new Set(asked).size, asked.length);
    for (const name of ['one', 'two', 'three']) assert.ok(asked.includes(`registry.example/${name}:1`), name);
    assert.equal(result.scanned, asked.length);
    await eventually('both findings', () => scanFindings(document.uri).length === 2);
    await vscode.commands.executeCommand('bulkhead.clearScanResults');
    await gone(document.uri, rule);
  });

  it('a scan that takes too long is cancelled by its progress, and its scanner is ended', async () => {
    await install({ instead: 'hang' });
    const { document } = await open('Dockerfile', 'FROM registry.example/slow:1\n');
    let done = false;
    const argument = { uri: document.uri.toString(), position: { line: 0, character: 10 } };
    const running = Promise.resolve(vscode.commands.executeCommand<ScanResult>('bulkhead.scanImage', argument));
    void running.finally(() => (done = true));
    const call = await eventually('the scanner', () => scanner.calls().find(({ args }) => args[0] === 'image'));
    await eventually('the end', async () => {
      await vscode.commands.executeCommand('notification.acceptPrimaryAction');
      return done;
    });
    assert.equal((await running).cancelled, true);
    await eventually('the end of the scanner', () => !isRunning(call.pid));
    assert.deepEqual(scanFindings(document.uri), []);
  });

  it('a scanner that is known to be malware is asked for nothing but its version', async () => {
    await install({ version: fakeVersion.replace('0.74.0', '0.69.4'), report });
    const { document } = await open('Dockerfile', 'FROM registry.example/app:1.0\n');
    const argument = { uri: document.uri.toString(), position: { line: 0, character: 10 } };
    const { failed } = await vscode.commands.executeCommand<ScanResult>('bulkhead.scanImage', argument);
    assert.deepEqual(
      failed.map(({ reasonId }) => reasonId),
      ['refused-version'],
    );
    assert.equal(scanner.calls().length, 1);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
