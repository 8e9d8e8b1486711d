import { Console } from 'node:console';
import { realpathSync, statSync } from 'node:fs';
import { parse, resolve } from 'node:path';
import { isWithin, realOf } from '../../../../shared/host/node/folders';
import { homeFolder } from '../../../../shared/host/node/cache-folder';
import { trusted } from '../../../../shared/src/early';
import { version } from '../../../../shared/host/version';
import { listTools } from '../../agents/tools';
import { attempt } from '../../host/node/files';
import type { Output } from '../output';
import { InputError, type Arguments } from '../usage';
import { createCalls } from './calls';
import { createLineReader } from './lines';
import { createProtocol } from './protocol';

/** The longest message that is read. */
const maxMessageBytes = 8 << 20;

/** `bulkhead mcp`: answers a client over standard input and output until its input ends. Gives the exit code. */
export async function serveMcp(args: Arguments, output: Output): Promise<number> {
  // one stray line on standard output would break the protocol
  globalThis.console = new Console(process.stderr, process.stderr);
  const root = rootOf(args.get('root') ?? '.');
  process.chdir(root);
  const allowed = { write: args.has('allow-write'), network: args.has('allow-network') };
  const calls = createCalls({ agentRoot: root, allowed }, line => output.say(line));
  const protocol = createProtocol({
    version,
    tools: listTools(allowed),
    call: (tool, params, cancellation) => calls.call(tool, params, cancellation),
    send: text => output.print(trusted(`${text}\n`)),
  });
  const read = createLineReader(
    maxMessageBytes,
    line => protocol.receive(line),
    () => protocol.refuseLong(maxMessageBytes),
  );
  await new Promise<void>((done, failed) => {
    process.stdin.on('data', read).on('end', done).on('error', failed);
  });
  await protocol.settled();
  await calls.end();
  return 0;
}

/** The folder that tools may name files in, without links. More than a project lies on a disk, and in a home folder. Throws `InputError`. */
function rootOf(given: string): string {
  const found = attempt(given, () => {
    const root = realpathSync.native(resolve(given));
    return { root, isFolder: statSync(root).isDirectory() };
  });
  if (!found.ok) throw new InputError(`--root ${given}: ${found.message}`);
  const { root, isFolder } = found.value;
  if (!isFolder) throw new InputError(`--root ${given}: is not a folder`);
  if (root === parse(root).root || isWithin(root, realOf(homeFolder(process.env))))
    throw new InputError(`${root}: the root may not be a disk or a home folder; name the folder of a project by --root`);
  return root;
}
