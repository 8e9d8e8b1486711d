import { homedir } from 'node:os';
import { pathToFileURL } from 'node:url';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { createEngine } from '../../shared/src/engine/create-engine';
import { createClientFiles } from '../../server/src/host/browser/client-files';
import { createNodeSource } from '../../server/src/host/node/registry/source';
import { createWorkspaceFiles } from '../../server/src/host/node/workspace-files';
import { startSession } from '../../server/src/session';
import { fakeRules } from './server-rules';

// The server as it ships, with rules of its own.
const connection = createConnection(ProposedFeatures.all);
startSession(connection, {
  engine: createEngine(fakeRules),
  version: '0.0.0-test',
  home: pathToFileURL(homedir()).href,
  files: (options, warn) => createWorkspaceFiles(options.files === true ? createClientFiles(connection) : null, warn),
  digests: (options, log) => createNodeSource(connection, options, log),
  pages: async () => ({
    'kubernetes/fake-privileged': '# Privileged\n\nA privileged container *is* the node.\n\n## Reported\n\n```yaml\nx: 1\n```\n',
  }),
});
connection.listen();
