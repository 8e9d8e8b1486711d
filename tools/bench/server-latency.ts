import { readFileSync } from 'node:fs';
import type { ProtocolConnection } from 'vscode-languageserver/node';
import { ownServer, withServer, type ServerUnderTest } from './server';
import { percentile } from './timing';

/** Milliseconds from an edit to its findings: `didChange` and the pull are sent back to back over stdio. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
  /** The p50 of the first 40 edits. */
  readonly firstP50: number;
  /** The same without the first edits, on which the engine is still being compiled. */
  readonly warmP50: number;
  readonly warmP95: number;
  /** From starting to open the document to its findings. */
  readonly open: number;
  /** Processor time of an edit, of all edits; `null` where the system does not tell. */
  readonly cpu: number | null;
  /** How long each edit took there was time for, in turn. */
  readonly times: readonly number[];
}

/** How many edits it takes until the engine is compiled. */
const cold = 50;

/** After this many milliseconds a server that nobody asks anything has compiled its rules on samples (server/src/session/warm-up.ts). */
const warmUpMs = 3000;

/** A server that says nothing for so long is not waited for. */
const mostMs = 30_000;

/** Nobody types any longer into one that is slow. */
const longestMs = 15_000;

/** Processor time that a process and those that it has started have taken, in milliseconds: Linux counts it in hundredths of a second. */
function processorTime(pid: number | string): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    const own = (Number(fields[11]) + Number(fields[12])) * 10;
    return children.reduce((sum, child) => sum + (processorTime(child) ?? 0), own);
  } catch {
    return null;
  }
}

/** Gives a function that sends a notification and waits for the findings of the document: asks for them, or waits until they come by themselves. */
function answers(connection: ProtocolConnection, uri: string, { pushes }: ServerUnderTest): (send: () => void) => Promise<unknown> {
  let arrived: (() => void) | null = null;
  connection.onNotification('textDocument/publishDiagnostics', (params: { readonly uri: string }) => {
    if (params.uri === uri) arrived?.();
  });
  return send => {
    if (!pushes) {
      send();
      return connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } });
    }
    return new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no findings in ${mostMs} ms`)), mostMs);
      arrived = () => {
        clearTimeout(timer);
        resolve();
      };
      send();
    });
  };
}

/**
 * Types into an open document and measures each edit.
 * @param idle whether the server gets time to warm up before the document is opened
 * @param edits how many; each puts a blank behind a line, another one every time. A server that is slow gets fewer, so that it takes a quarter of a minute.
 */
export function measureLatency(
  name: string,
  languageId: string,
  text: string,
  idle: boolean,
  edits = 400,
  server: ServerUnderTest = ownServer,
): Promise<Latency> {
  return withServer(
    null,
    async (connection, pid) => {
      if (idle) await new Promise(resolve => setTimeout(resolve, warmUpMs));
      const uri = `file:///bench/${name}`;
      const found = answers(connection, uri, server);
      const opened = performance.now();
      await found(() => void connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } }));
      const open = performance.now() - opened;
      const lines = text.split('\n');
      const times: number[] = [];
      const [cpu, began] = [processorTime(pid), performance.now()];
      for (let i = 0; i < edits && performance.now() - began < longestMs; i++) {
        const line = (i * 37) % lines.length;
        const at = { line, character: lines[line]!.length };
        lines[line] += ' ';
        const change = server.wholeTexts ? { text: lines.join('\n') } : { range: { start: at, end: at }, text: ' ' };
        const start = performance.now();
        await found(
          () =>
            void connection.sendNotification('textDocument/didChange', {
              textDocument: { uri, version: i + 2 },
              contentChanges: [change],
            }),
        );
        times.push(performance.now() - start);
      }
      const taken = processorTime(pid);
      const warm = times.slice(cold);
      return {
        p50: percentile(times, 0.5),
        p95: percentile(times, 0.95),
        firstP50: percentile(times.slice(0, 40), 0.5),
        warmP50: percentile(warm, 0.5),
        warmP95: percentile(warm, 0.95),
        open,
        cpu: cpu === null || taken === null ? null : (taken - cpu) / times.length,
        times,
      };
    },
    server,
  );
}
