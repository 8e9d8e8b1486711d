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
  return userFolder(part, env, platform, { variable: 'XDG_CACHE_HOME', mac: 'Library/Caches', other: '.cache' });
}

/** The same for what has to be there the next time, unlike a cache. */
export function userStateFolder(part: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  return userFolder(part, env, platform, { variable: 'XDG_STATE_HOME', mac: 'Library/Application Support', other: '.local/state' });
}

interface UserFolders {
  readonly variable: string;
  readonly mac: string;
  readonly other: string;
}

function userFolder(part: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform, { variable, mac, other }: UserFolders): string {
  const home = homeFolder(env);
  const chosen = env[variable];
  const local = env['LOCALAPPDATA'];
  const base =
    chosen && isAbsolute(chosen)
      ? chosen
      : platform === 'win32'
        ? local && isAbsolute(local)
          ? local
          : join(home, 'AppData/Local')
        : join(home, platform === 'darwin' ? mac : other);
  return join(base, 'bulkhead', part);
}
