import { join } from 'node:path';
import { supervise } from './host/node/supervisor/supervise';
import { openTransport } from './host/node/supervisor/transport';
import { optimizeLater } from './host/node/v8-flags';
import { watchLimits } from './watch/limits';

/**
 * Serves the client at the other end of standard input and output, an IPC channel, a pipe or a socket, as the arguments of the process say. The work is done by a
 * worker, which lies beside this script.
 */
export function startServer(): void {
  optimizeLater();
  supervise({
    worker: join(__dirname, 'worker.js'),
    transport: openTransport(process.argv.slice(2)),
    limits: watchLimits(process.env),
  });
}

// Run as a program, not bundled into another one.
if (require.main === module) startServer();
