import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { createEngine } from '../../shared/src/engine/create-engine';
import type { InitializationOptions } from '../../shared/src/protocol/messages';
import { rules } from '../../shared/src/generated/index';
import { createClientFiles } from './host/browser/client-files';
import { createNodeSource } from './host/node/registry/source';
import { createWorkspaceFiles } from './host/node/workspace-files';
import { canonicalUri } from './lsp/uri';
import { startSession } from './session';
import { version } from './version';

/** Serves the client at the other end of standard input and output, an IPC channel, a pipe or a socket, as the arguments of the process say. */
export function startServer(): void {
  const connection = createConnection(ProposedFeatures.all);
  startSession(connection, {
    engine: createEngine(rules),
    version,
    home: canonicalUri(pathToFileURL(homedir()).href),
    files: (options, warn) => createWorkspaceFiles(options.files === true ? createClientFiles(connection) : null, warn),
    digests: (options, log) => createNodeSource(connection, options, log),
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
