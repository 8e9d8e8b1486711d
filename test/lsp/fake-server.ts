import { supervise } from '../../server/src/host/node/supervisor/supervise';
import { openTransport } from '../../server/src/host/node/supervisor/transport';
import { watchLimits } from '../../server/src/watch/limits';

// The server as it ships, with rules of its own: see fake-worker.ts, which is bundled beside this.
supervise({ worker: `${__dirname}/worker.js`, transport: openTransport(process.argv.slice(2)), limits: watchLimits(process.env) });
