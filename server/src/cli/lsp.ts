import { createRequire } from 'node:module';
import { join } from 'node:path';

/** `bulkhead lsp`: runs the language server, which lies beside the command line as a bundle of its own. Ends when the client closes the connection. */
export function serve(): Promise<never> {
  // the server's library reads how to connect from the arguments of the process
  if (!process.argv.includes('--stdio')) process.argv.push('--stdio');
  const { startServer } = createRequire(__filename)(join(__dirname, 'server.js')) as { startServer: () => void };
  startServer();
  // the server ends the process itself
  return new Promise<never>(() => {});
}
