import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { masked, plain, trusted } from '../../../shared/src/early';
import { configFileName } from '../../../shared/src/index';
import { starterConfiguration } from '../../../shared/src/protocol/starter';
import { attempt } from '../host/node/files';
import type { Output } from './output';

/** `bulkhead init`. Never overwrites. Gives the exit code. */
export function init(output: Output): number {
  const path = resolve(configFileName);
  const written = attempt(path, () => {
    try {
      writeFileSync(path, starterConfiguration, { flag: 'wx' });
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    }
  });
  if (!written.ok || !written.value) {
    output.say(
      masked`bulkhead: ${plain(configFileName)}: ${written.ok ? plain('already exists; nothing was written') : trusted(written.message)}`,
    );
    return 2;
  }
  output.print(masked`Wrote ${plain(configFileName)}\n`);
  return 0;
}
