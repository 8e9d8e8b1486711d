import { resolve } from 'node:path';
import { masked, type MaskedText, plain, trusted } from '../../../shared/src/early';
import { createFile } from '../host/node/output-file';
import type { Output } from './output';

/** Says why a file was not written. Gives the exit code. */
export function refuseNew(name: string, reason: MaskedText, output: Output): 2 {
  output.say(masked`bulkhead: ${trusted(name)}: ${reason}`);
  return 2;
}

/** Writes a file that is not there yet, and says so. `guarded`: the folders whose links are not followed out of them. */
export function writeNew(name: string, guarded: readonly string[], text: string, output: Output): boolean {
  const written = createFile(resolve(name), guarded, text);
  if (!written.ok || !written.value) {
    refuseNew(name, written.ok ? plain('already exists; nothing was written') : masked`not written: ${trusted(written.message)}`, output);
    return false;
  }
  output.print(masked`Wrote ${trusted(name)}\n`);
  return true;
}
