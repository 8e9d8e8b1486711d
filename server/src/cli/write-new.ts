import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { masked, type MaskedText, plain, trusted } from '../../../shared/src/early';
import { attempt } from '../host/node/files';
import type { Output } from './output';

/** Says why a file was not written. Gives the exit code. */
export function refuseNew(name: string, reason: MaskedText, output: Output): 2 {
  output.say(masked`bulkhead: ${trusted(name)}: ${reason}`);
  return 2;
}

/** Writes a file that is not there yet, and says so. */
export function writeNew(name: string, text: string, output: Output): boolean {
  const path = resolve(name);
  const written = attempt(path, () => {
    try {
      writeFileSync(path, text, { flag: 'wx' });
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    }
  });
  if (!written.ok || !written.value) {
    refuseNew(name, written.ok ? plain('already exists; nothing was written') : trusted(written.message), output);
    return false;
  }
  output.print(masked`Wrote ${trusted(name)}\n`);
  return true;
}
