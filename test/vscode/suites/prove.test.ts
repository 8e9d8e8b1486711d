import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { installEngine } from '../../support/fake-engine';
import { actionsAt, closeAll, eventually, open } from '../helpers';

interface ProveResult {
  readonly state: string;
  readonly name: string | null;
  readonly report: string | null;
  readonly kept: boolean;
}

/** The engine only plays one; VS Code, the server and the processes that it starts are real. No test can answer a dialogue: VS Code shows none in tests. */
describe('proving a service', () => {
  const tools = fs.mkdtempSync(path.join(os.tmpdir(), 'bulkhead-vscode-prove-'));
  const earlier = { PATH: process.env['PATH'], XDG_STATE_HOME: process.env['XDG_STATE_HOME'] };
  let engine: ReturnType<typeof installEngine>;
  const setEnvironment = async (values: Readonly<Record<string, string | undefined>>): Promise<void> => {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await vscode.commands.executeCommand('bulkhead.restart');
  };
  before(async () => {
    engine = installEngine(tools, {});
    await setEnvironment({ PATH: `${tools}:${process.env['PATH'] ?? ''}`, XDG_STATE_HOME: path.join(tools, 'state') });
  });
  after(async () => {
    await setEnvironment(earlier);
    fs.rmSync(tools, { recursive: true, force: true });
  });
  afterEach(closeAll);

  const compose = 'services:\n  job:\n    image: registry.example.com/job:1\n    command: [work]\n';
  const starts = (): number => engine.calls().filter(({ args }) => args[0] === 'run').length;

  it('is in the light bulb of what harden asks, and starts nothing without an answer', async () => {
    const { document } = await open('compose.yaml', compose);
    const name = new vscode.Range(1, 3, 1, 3);
    const action = await eventually('the action', async () =>
      (await actionsAt(document.uri, name, 'quickfix')).find(({ title }) => title === 'Prove that job runs hardened'),
    );
    const { command, arguments: args = [] } = action.command!;
    const result = await vscode.commands.executeCommand<ProveResult>(command, ...(args as unknown[]));
    assert.deepEqual([result.state, result.name, result.kept], ['declined', 'job', false]);
    // the engine was asked for what a dialogue would show, and for nothing else
    assert.ok(engine.calls().some(({ args: [verb] }) => verb === 'info'));
    assert.equal(starts(), 0);
    assert.deepEqual(engine.left(), []);
  });

  it('says why a service cannot be proved, in a document that asks for no saving', async () => {
    const { document, selection } = await open('compose.yaml', `${compose}    privileged: true\n`);
    assert.equal(selection.active.line, 0);
    await eventually('findings', () => vscode.languages.getDiagnostics(document.uri).length > 0);
    const result = await vscode.commands.executeCommand<ProveResult>('bulkhead.prove');
    assert.deepEqual([result.state, result.name], ['cannot', 'job']);
    const shown = await eventually('the report', () =>
      vscode.window.visibleTextEditors.find(editor => editor.document.uri.scheme === 'bulkhead-info'),
    );
    assert.equal(shown.document.getText(), result.report);
    assert.match(shown.document.getText(), /^job: cannot be proved: it needs something from the host: privileged/);
    assert.equal(shown.document.isDirty, false);
    assert.equal(starts(), 0);
  });
});
