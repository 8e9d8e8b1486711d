import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { installExtension, installStart, quietSettings, root, startServer, workbenchUrl, writeSettings } from './host';

/** Serves the embedded VS Code with the packaged extension on a folder (the argument) until it is told to stop, and prints its address. */
async function serve(folder: string): Promise<void> {
  const scratch = path.join(root, '.vscode-test/start');
  fs.rmSync(scratch, { recursive: true, force: true });
  const extensions = path.join(scratch, 'extensions');
  const userData = path.join(scratch, 'user');
  fs.mkdirSync(extensions, { recursive: true });
  writeSettings(userData, quietSettings);
  await installExtension(path.join(root, 'dist/bulkhead.vsix'), extensions, scratch);
  await installStart(extensions, scratch);
  // Other users of this machine can reach the port, so that the address holds a secret.
  const token = randomBytes(16).toString('hex');
  const server = await startServer({ scratch, userData, extensions, token, allBuiltins: true });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      server.stop();
      process.exit(0);
    });
  }
  const address = workbenchUrl(server, folder, [], token);
  console.log(`\nOpen this address in a browser on this machine; Ctrl+C ends it.\n\n  ${address}\n`);
  await new Promise(resolve => server.process.on('exit', resolve));
}

serve(process.argv[2] ?? 'examples').catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
