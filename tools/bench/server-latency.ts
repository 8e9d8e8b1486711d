import { spawn } from 'node:child_process';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { root } from '../rules/files';
import { percentile } from './timing';

/** Milliseconds from an edit to its findings: `didChange` and the pull are sent back to back over stdio. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
}

/**
 * Types into an open document and measures each edit.
 * @param edits how many; each puts a character into a comment-like place of a line that changes every time
 */
export async function measureLatency(name: string, languageId: string, text: string, edits = 400): Promise<Latency> {
  const child = spawn(process.execPath, [`${root}dist/server.js`, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  connection.onRequest('workspace/configuration', (params: { items: unknown[] }) => params.items.map(() => null));
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('workspace/diagnostic/refresh', () => null);
  connection.listen();
  try {
    await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: null,
      capabilities: { textDocument: { diagnostic: { dynamicRegistration: false } }, workspace: { configuration: true } },
    });
    await connection.sendNotification('initialized', {});
    const uri = `file:///bench/${name}`;
    await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
    const pull = (): Promise<unknown> => connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } });
    await pull();
    const lines = text.split('\n');
    const times: number[] = [];
    for (let i = 0; i < edits; i++) {
      const line = (i * 37) % lines.length;
      const at = { line, character: lines[line]!.length };
      const start = performance.now();
      void connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version: i + 2 },
        contentChanges: [{ range: { start: at, end: at }, text: ' ' }],
      });
      await pull();
      times.push(performance.now() - start);
      lines[line] += ' ';
    }
    return { p50: percentile(times, 0.5), p95: percentile(times, 0.95) };
  } finally {
    connection.dispose();
    child.kill();
  }
}
