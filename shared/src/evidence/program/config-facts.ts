import { isReadName } from '../../knowledge/folders';

/** Names of files that tell a program what to do, in the formats of the usual servers, supervisors and loggers. */
const configName =
  /\.(?:conf|cfg|ini|cnf|toml|json|ya?ml|properties|env)$|(?:^|\/)(?:(?:log4j2?|logback|icecast)[\w-]*\.xml|(?:[nN][lL]og|log4net)\.config|Caddyfile|\.env)$/;

/** JSON and the like of package managers, compilers and editors: no program reads them while it runs. */
const toolFile =
  /(?:^|\/)(?:(?:package|composer|tsconfig|jsconfig|deno|bun)[\w.-]*\.json|\.[\w.-]+\.json|(?:pyproject|Cargo)\.toml|setup\.cfg|tox\.ini)$/;

/** Whether a path may be that of a configuration of a program, by its name. */
export function mayBeConfig(path: string): boolean {
  return configName.test(path) && !toolFile.test(path);
}

/** Whether a configuration is written as objects and assignments, so that it is read as programs are. */
export const isObjects = (path: string): boolean => /\.(?:json|toml)$/.test(path);

/** A setting: what it is called, what it is in (a section, or the key of an object; `''`: nothing), and its value. */
export interface Setting {
  readonly key: string;
  readonly inside: string;
  readonly value: string;
}

/** More settings of one line are not read. */
const mostInLine = 8;

/** `key value;`, `key = value`, `key: value`, `php_value[key] = value`, `key = ("value")`. */
const assigned =
  /^(?:php_(?:admin_)?value\[|["'])?([\w.-]{1,60})[\]"']?(?:\s{0,9}(?:=>?|:)\s{0,9}|\s{1,40})[("'\s]{0,4}([^"'\s;,)#]{1,200})/;

/** Elements and attributes of XML that name a file. */
const inXml = /<(file\w{0,20}|logdir)>\s{0,9}([^<\s]{1,200})|\b(file\w{0,20})="([^"]{1,200})"|<(file) value="([^"]{1,200})"/gi;

/** Formats in which what a setting is in counts by its indentation. */
const indented = /\.(?:json|ya?ml)$/;

/** The keys and sections that the lines of a configuration are in, one line after the other. */
export function createNesting(path: string): (line: string) => string {
  const open: { readonly at: number; readonly key: string }[] = [];
  let section = '';
  return line => {
    const at = line.search(/\S/);
    if (!indented.test(path)) {
      section = /^\s*\[{1,2}([\w.-]{1,60})\]/.exec(line)?.[1] ?? section;
      return section;
    }
    while (open.length > 0 && open.at(-1)!.at >= at) open.pop();
    const inside = open.at(-1)?.key ?? '';
    const key = /^\s*["']?([\w.-]{1,60})["']?\s{0,9}:\s{0,9}\{?\s*$/.exec(line)?.[1];
    if (key !== undefined && open.length < mostDeep) open.push({ at, key: inside === '' ? key : `${inside}.${key}` });
    return inside;
  };
}

/** Deeper keys are not followed. */
const mostDeep = 30;

/** The settings of a line of a configuration. */
export function settingsOf(line: string, path: string, inside: string): readonly Setting[] {
  if (/\.(?:xml|config)$/.test(path))
    // NLog's name for the folder of the program
    return [...line.replaceAll('${basedir}/', '').matchAll(inXml)]
      .slice(0, mostInLine)
      .map(match => ({ key: match[1] === 'logdir' ? 'logdir' : 'file', inside, value: match[2] ?? match[4] ?? match[6]! }));
  // HAProxy's socket, Caddy's files and folders, what Mosquitto logs to, and the words that rsync and Samba write apart
  const plain = line
    .replace(/^(?:stats (?=socket )|output (?=file )|export )/, '')
    .replace(/^storage file_system /, 'dir ')
    .replace(/^log_dest file /, 'log_file ')
    .replace(/^(pid|log|lock) (file|dir(?:ectory)?)(?=\s{0,9}=)/, '$1_$2');
  const [, key, value] = assigned.exec(plain) ?? [];
  // what follows a mark of the format is filled in: `%h`, `%(here)s`
  return key === undefined ? [] : [{ key, inside, value: value!.replace(/^unix:/, '').split('%', 1)[0]! }];
}

/** Settings whose value is a file that is written: logs, process ids, locks, sockets. */
const writtenFile =
  /(?:^|[._-])(?:(?:(?:error|access|custom|transfer|forensic|slow|std(?:out|err))[_.]?)?log(?:[_-]?file|to2?)?|(?:safe-)?pid[_-]?file|pid|(?:unix)?socket|listen|score_?board_?file|(?:dav)?lock_?(?:file|db)|log[_-](?:facility|error)|(?:dhcp-lease|lease|drift)file)$|(?:^|\.)file(?:_?name)?$|FileHandler\.pattern$/i;

/** Settings whose value is a folder that is written: caches, uploads, sessions, spools. */
const writtenFolder =
  /(?:_temp_path|_cache_path|cache_?root|cache-dir|upload-dirs|save_path|tmp_?dir|file_cache|childlogdir|spooler|persistence_location|^(?:data|log|db|cache|dump|spool|state)dir)$/i;

/** The same of where a program keeps what it stores, by the key of the object or section too: `storage.path`, `[database] file`. */
const kept =
  /(?:^|[._-])(?:storage|data(?:base)?|store|db|cache|state|log(?:s|ging)?|uploads?|persistence|sqlite3?|wal|tsdb)[._-](?:path|location|root|dir(?:ectory)?|folder|file(?:_?name)?)$/i;

/** What a setting says that is written: a file, a folder, or nothing for certain. */
export function writtenBy({ key, inside, value }: Setting): 'file' | 'folder' | null {
  if (/^(?:jdbc:)?(?:sqlite3?|h2):/.test(value)) return 'file';
  // a word alone is a level, a place of the system's log, or off
  if (/[\w-]\.(?:sqlite3?|db3?)$/.test(value) && /(?:^|[._-])(?:database|db|storage|filename)$/i.test(key)) return 'file';
  // nothing is below /run that nobody has put there
  if (/^\/(?:var\/)?run\/.*\.(?:sock(?:et)?|pid|lock)$/.test(value)) return 'file';
  if (!value.includes('/') || isReadName(key.replace(/^java\.util\.logging\./, ''))) return null;
  if (writtenFolder.test(key) || (key === 'dir' && inside === '')) return 'folder';
  const whole = `${inside}.${key}`.replace(/^\./, '');
  if (kept.test(whole)) return /\.\w{1,8}$/.test(value) ? 'file' : 'folder';
  // what a handler of Python is made with may be anything: a log says so
  return writtenFile.test(key) || whole === 'logging.file.name' || (key === 'args' && value.includes('log')) ? 'file' : null;
}

/** The user that a server goes on as where it starts as root, as it says; `null`: it says nothing. */
export function steppedTo({ key, value }: Setting, path: string): string | null {
  return /\.(?:conf|cfg)$/.test(path) && /^(?:user|server\.username)$/i.test(key) && value !== 'root' ? value : null;
}

/** What a configuration has its program do that another user than root cannot, as the end of a sentence; `null`: nothing is seen. */
export function needsRootBy({ key, value }: Setting, path: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/supervisor/.test(name) && key === 'user') return `starts a program as ${value}`;
  if (/haproxy/.test(name) && /^(?:user|group|uid|gid|chroot)$/.test(key)) return `sets ${key} ${value}`;
  // as another user it serves the list of its modules, and none of them
  if (/rsyncd/.test(name) && /^[ug]id$/.test(key)) return `sets ${key} ${value}`;
  return null;
}
