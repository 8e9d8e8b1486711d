import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Listens to what a process of Node sends, and starts. */
export interface Listener {
  /** The environment that the process must run in. */
  readonly env: Readonly<Record<string, string>>;
  /** What was sent so far: a word for each connection that the proxy took, for each that the process began, directly or not, and for each process that it started. */
  sent(): readonly string[];
  stop(): void;
}

/** A proxy that every variable names and that answers nobody, and a record of each connection, datagram, name and process that the process asks for. */
export async function listen(): Promise<Listener> {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-listen-'));
  const [record, hook] = [join(folder, 'record'), join(folder, 'hook.cjs')];
  writeFileSync(record, '');
  writeFileSync(
    hook,
    `const { appendFileSync } = require('node:fs');
const watch = (object, name) => {
  const original = object[name];
  object[name] = function (...args) {
    appendFileSync(${JSON.stringify(record)}, name + '\\n');
    return original.apply(this, args);
  };
};
watch(require('node:net').Socket.prototype, 'connect');
watch(require('node:dgram').Socket.prototype, 'send');
watch(require('node:dns'), 'lookup');
watch(require('node:child_process').ChildProcess.prototype, 'spawn');
watch(require('node:child_process'), 'spawnSync');
`,
  );
  let taken = 0;
  const proxy = createServer(socket => {
    taken++;
    socket.on('error', () => undefined).destroy();
  });
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return {
    env: {
      HTTPS_PROXY: url,
      HTTP_PROXY: url,
      ALL_PROXY: url,
      https_proxy: url,
      http_proxy: url,
      all_proxy: url,
      NO_PROXY: '',
      no_proxy: '',
      NODE_OPTIONS: `--require "${hook.replaceAll('\\', '/')}"`,
    },
    sent: () => [
      ...Array.from({ length: taken }, () => 'proxy'),
      ...readFileSync(record, 'utf8')
        .split('\n')
        .filter(line => line !== ''),
    ],
    stop: () => {
      proxy.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
