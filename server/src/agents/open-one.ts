import { masked, plain, trusted } from '../../../shared/src/early';
import type { Cancellation } from '../../../shared/src/base/ports/cancellation';
import { type Answer, failed, quote } from './answer';
import { inputOf } from './input';
import type { AgentFile, AgentHost } from './port';
import type { ToolArguments } from './read-arguments';

/** Opens the one file that a call is about; an answer says why there is none, or why it may not be written. */
export async function openOne(args: ToolArguments, host: AgentHost, cancellation: Cancellation): Promise<AgentFile | Answer> {
  if (args['write'] === true) {
    if (host.noWriting !== null) return failed(host.noWriting);
    if (args['text'] !== undefined) return failed(plain('write needs path: a text is in no file'));
  }
  for await (const found of host.open(inputOf(args, false), cancellation)) {
    if ('file' in found) return found.file;
    if ('none' in found) return failed(masked`${quote(trusted(found.none.path))}: ${found.none.reason}`);
  }
  return failed(plain('there is no such file'));
}
