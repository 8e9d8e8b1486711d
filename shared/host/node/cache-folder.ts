import { homedir, userInfo } from 'node:os';
import { isAbsolute, join, parse } from 'node:path';

/** The user's home. One that is empty or relative does not count: it would be a folder of the repository that is checked. The root of the disk stands for none. */
export function homeFolder(env: NodeJS.ProcessEnv): string {
  for (const find of [() => env['HOME'], homedir, () => userInfo().homedir]) {
    try {
      const home = find();
      if (home && isAbsolute(home)) return home;
    } catch {
      // the user has no entry in the system's table
    }
  }
  return parse(process.cwd()).root;
}

/** A folder of ours under the user's cache folder. A relative `XDG_CACHE_HOME` does not count (XDG Base Directory Specification): it could lie in a repository. */
export function userCacheFolder(part: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  const home = homeFolder(env);
  const chosen = env['XDG_CACHE_HOME'];
  const local = env['LOCALAPPDATA'];
  const base =
    chosen && isAbsolute(chosen)
      ? chosen
      : platform === 'win32'
        ? local && isAbsolute(local)
          ? local
          : join(home, 'AppData/Local')
        : platform === 'darwin'
          ? join(home, 'Library/Caches')
          : join(home, '.cache');
  return join(base, 'bulkhead', part);
}
