import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { homeFolder } from '../cache-folder';

/**
 * Certificates that are trusted beside those that Node comes with: of `files`, of `NODE_EXTRA_CA_CERTS` and `SSL_CERT_FILE`, and of the folders in which
 * Docker keeps those of a registry (`/etc/docker/certs.d/HOST:PORT/*.crt`). What cannot be read is told to `log` and left out.
 */
export function createCertificates(
  env: NodeJS.ProcessEnv,
  files: readonly string[],
  log: (line: string) => void,
): (host: string) => readonly string[] | null {
  // Node forgets NODE_EXTRA_CA_CERTS for a connection that has certificates of its own
  const general = [...files, env['NODE_EXTRA_CA_CERTS'], env['SSL_CERT_FILE']].filter(path => path !== undefined && path !== '');
  let known: readonly string[] | null = null;
  const read = (path: string, said: boolean): readonly string[] => {
    try {
      return [readFileSync(path, 'utf8')];
    } catch {
      if (said) log(`the certificates in ${path} cannot be read`);
      return [];
    }
  };
  return host => {
    known ??= general.flatMap(path => read(path!, true));
    // the host is a folder's name here: it comes from a reference, so it holds no slash and is never `..`
    const folders = ['/etc/docker/certs.d', join(homeFolder(env), '.docker/certs.d')].map(base => join(base, host));
    const own = folders.flatMap(folder => namesIn(folder).flatMap(name => (name.endsWith('.crt') ? read(join(folder, name), true) : [])));
    return [...known, ...own];
  };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
