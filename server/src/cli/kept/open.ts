import { lstatSync } from 'node:fs';
import { resolve } from 'node:path';
import { masked, type MaskedText, plain, trusted } from '../../../../shared/src/early';
import { userCacheFolder } from '../../../../shared/host/node/cache-folder';
import { liesIn } from '../../../../shared/host/node/folders';
import type { Arguments } from '../usage';
import { codeName } from './code-name';
import { openPacks, type Packs } from '../../host/node/kept/packs';
import { realPath } from '../../host/node/output-file';
import { isPrivateFolder } from '../../host/node/kept/private-files';

/** What earlier runs have kept, as the arguments say; `say` hears of a folder that was named and cannot be used. `null`: nothing is kept. */
export function openKept(args: Arguments, guarded: readonly string[], say: (line: MaskedText) => void): Packs | null {
  const version = codeName();
  const folder = version === null ? null : keptFolder(args, guarded, say);
  return version === null || folder === null ? null : openPacks({ folder, keyFolder: userCacheFolder('kept', process.env), version });
}

/** The folder for what is kept between runs, as the arguments say; see `openKept`. */
export function keptFolder(args: Arguments, guarded: readonly string[], say: (line: MaskedText) => void): string | null {
  if (args.has('no-cache')) return null;
  const location = args.get('cache-location');
  // with the key in it, whoever filled the repository could have sealed what they like
  const own = userCacheFolder('kept', process.env);
  const isForeign = guarded.some(one => liesIn(own, one));
  if (location === undefined) return isForeign ? null : own;
  const path = resolve(location);
  const folder = realPath(path, guarded);
  const isUsable = lstatSync(path, { throwIfNoEntry: false }) === undefined || isPrivateFolder(path);
  if (folder.ok && isUsable && !isForeign) return folder.value;
  const why = !folder.ok
    ? trusted(folder.message)
    : isUsable
      ? masked`the key that protects the cache would be inside the directory being checked, in ${trusted(own)}`
      : plain('it must be a directory that you own and that no one else can write to');
  say(masked`bulkhead: --cache-location ${trusted(location)} is not used: ${why}`);
  return null;
}
