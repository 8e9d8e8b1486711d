import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter, type ProtocolConnection } from 'vscode-languageserver/node';
import { root } from '../rules/files';

/** Starts the built server with a workspace folder (a path) or none, hands its connection to `use`, and ends it. */
export async function withServer<T>(folder: string | null, use: (connection: ProtocolConnection) => Promise<T>): Promise<T> {
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
      workspaceFolders: folder === null ? null : [{ uri: pathToFileURL(folder).href, name: 'bench' }],
      capabilities: {
        textDocument: { diagnostic: { dynamicRegistration: false } },
        workspace: { configuration: true, diagnostics: { refreshSupport: true } },
      },
    });
    await connection.sendNotification('initialized', {});
    return await use(connection);
  } finally {
    connection.dispose();
    child.kill();
  }
}
