import { withServer } from './server';
import { percentile } from './timing';

/** Milliseconds from an edit to its findings: `didChange` and the pull are sent back to back over stdio. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
  /** The p50 of the first 40 edits. */
  readonly firstP50: number;
  /** The same without the first edits, on which the engine is still being compiled. */
  readonly warmP95: number;
}

/** How many edits it takes until the engine is compiled. */
const cold = 50;

/** After this many milliseconds a server that nobody asks anything has compiled its rules on samples (server/src/warm-up.ts). */
const warmUpMs = 3000;

/**
 * Types into an open document and measures each edit.
 * @param idle whether the server gets time to warm up before the document is opened
 * @param edits how many; each puts a blank behind a line, another one every time
 */
export function measureLatency(name: string, languageId: string, text: string, idle: boolean, edits = 400): Promise<Latency> {
  return withServer(null, async connection => {
    if (idle) await new Promise(resolve => setTimeout(resolve, warmUpMs));
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
    const firstP50 = percentile(times.slice(0, 40), 0.5);
    return { p50: percentile(times, 0.5), p95: percentile(times, 0.95), firstP50, warmP95: percentile(times.slice(cold), 0.95) };
  });
}
