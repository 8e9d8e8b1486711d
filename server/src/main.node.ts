import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { createEngine } from '../../shared/src/engine/create-engine';
import type { InitializationOptions } from '../../shared/src/protocol/messages';
import { rules } from '../../shared/src/rules/generated/index';
import { createClientFiles } from './host/browser/client-files';
import { createWorkspaceFiles } from './host/node/workspace-files';
import { startSession } from './session';

/** Written in by the build; absent when the source runs as it is. */
declare const BULKHEAD_VERSION: string | undefined;

/** Serves the client at the other end of standard input and output, an IPC channel, a pipe or a socket, as the arguments of the process say. */
export function startServer(): void {
  const connection = createConnection(ProposedFeatures.all);
  startSession(connection, {
    engine: createEngine(rules),
    version: typeof BULKHEAD_VERSION === 'string' ? BULKHEAD_VERSION : '0.0.0',
    files: options => createWorkspaceFiles(options.files === true ? createClientFiles(connection) : null),
    pages: readPages,
  });
  connection.listen();
}

/** The pages lie beside the bundle. */
async function readPages(_options: InitializationOptions): Promise<Readonly<Record<string, string>> | null> {
  try {
    return JSON.parse(await readFile(join(__dirname, 'rules.json'), 'utf8')) as Record<string, string>;
  } catch {
    return null;
  }
}

// Run as a program, not bundled into another one.
if (require.main === module) startServer();
