import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter, type ProtocolConnection } from 'vscode-languageserver/node';
import { root } from '../rules/files';

/** A language server that is measured. */
export interface ServerUnderTest {
  /** The program and its arguments, for stdio. */
  readonly command: readonly string[];
  /** Whether it sends what it found by itself; else it is asked. */
  readonly pushes?: true;
  /** Whether it wants the whole text for every edit. */
  readonly wholeTexts?: true;
  /** Whether its client cannot be asked to pull again, as some that are not VS Code. */
  readonly withoutRefresh?: true;
}

/** The built server. */
export const ownServer: ServerUnderTest = { command: [process.execPath, `${root}dist/server.js`, '--stdio'] };

/** Starts a server with a workspace folder (a path) or none, hands its connection and the number of its process to `use`, and ends it. */
export async function withServer<T>(
  folder: string | null,
  use: (connection: ProtocolConnection, pid: number) => Promise<T>,
  { command: [program = '', ...args], pushes, withoutRefresh }: ServerUnderTest = ownServer,
): Promise<T> {
  // what others write there is none of ours
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', pushes ? 'ignore' : 'inherit'] });
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  connection.onRequest('workspace/configuration', (params: { items: unknown[] }) => params.items.map(() => null));
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('workspace/diagnostic/refresh', () => null);
  connection.listen();
  try {
    await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: folder === null ? null : [{ uri: pathToFileURL(folder).href, name: 'bench' }],
      capabilities: {
        textDocument: pushes ? { publishDiagnostics: {} } : { diagnostic: { dynamicRegistration: false } },
        workspace: { configuration: true, ...(withoutRefresh ? {} : { diagnostics: { refreshSupport: true } }) },
      },
    });
    await connection.sendNotification('initialized', {});
    return await use(connection, child.pid!);
  } finally {
    connection.dispose();
    child.kill();
  }
}
