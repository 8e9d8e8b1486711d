import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** A folder of ours under the user's cache folder. A relative `XDG_CACHE_HOME` does not count (XDG Base Directory Specification): it could lie in a repository. */
export function userCacheFolder(part: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  const home = env['HOME'] || homedir();
  const chosen = env['XDG_CACHE_HOME'];
  const base =
    chosen && isAbsolute(chosen)
      ? chosen
      : platform === 'win32'
        ? env['LOCALAPPDATA'] || join(home, 'AppData/Local')
        : platform === 'darwin'
          ? join(home, 'Library/Caches')
          : join(home, '.cache');
  return join(base, 'bulkhead', part);
}
