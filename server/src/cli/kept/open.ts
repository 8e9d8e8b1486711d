import { lstatSync } from 'node:fs';
import { resolve } from 'node:path';
import { masked, type MaskedText, trusted } from '../../../../shared/src/early';
import { userCacheFolder } from '../../../../shared/host/node/cache-folder';
import type { Arguments } from '../usage';
import { codeName } from './code-name';
import { openPacks, type Packs } from './packs';
import { isPrivateFolder } from './private-files';

/** What earlier runs have kept, as the arguments say; `say` hears of a folder that was named and cannot be used. `null`: nothing is kept. */
export function openKept(args: Arguments, say: (line: MaskedText) => void): Packs | null {
  const version = codeName();
  if (args.has('no-cache') || version === null) return null;
  const keyFolder = userCacheFolder('kept', process.env);
  const location = args.get('cache-location');
  if (location === undefined) return openPacks({ folder: keyFolder, keyFolder, version });
  const folder = resolve(location);
  if (isThere(folder) && !isPrivateFolder(folder)) {
    say(masked`bulkhead: --cache-location ${trusted(location)}: not used: it must be a folder of your own that nobody else may write to`);
    return null;
  }
  return openPacks({ folder, keyFolder, version });
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
