import { lstatSync } from 'node:fs';
import { resolve } from 'node:path';
import { masked, type MaskedText, trusted } from '../../../../shared/src/early';
import { userCacheFolder } from '../../../../shared/host/node/cache-folder';
import type { Arguments } from '../usage';
import { codeName } from './code-name';
import { openPacks, type Packs } from '../../host/node/kept/packs';
import { isPrivateFolder } from '../../host/node/kept/private-files';

/** What earlier runs have kept, as the arguments say; `say` hears of a folder that was named and cannot be used. `null`: nothing is kept. */
export function openKept(args: Arguments, say: (line: MaskedText) => void): Packs | null {
  const version = codeName();
  const folder = version === null ? null : keptFolder(args, say);
  return version === null || folder === null ? null : openPacks({ folder, keyFolder: userCacheFolder('kept', process.env), version });
}

/** The folder for what is kept between runs, as the arguments say; see `openKept`. */
export function keptFolder(args: Arguments, say: (line: MaskedText) => void): string | null {
  if (args.has('no-cache')) return null;
  const location = args.get('cache-location');
  if (location === undefined) return userCacheFolder('kept', process.env);
  const folder = resolve(location);
  if (isThere(folder) && !isPrivateFolder(folder)) {
    say(masked`bulkhead: --cache-location ${trusted(location)}: not used: it must be a folder of your own that nobody else may write to`);
    return null;
  }
  return folder;
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
