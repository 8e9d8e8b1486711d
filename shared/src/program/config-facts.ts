import { isReadName } from '../run-as/folders';

/** Names of files that tell a program what to do, in the formats of the usual servers, supervisors and loggers. */
const configName = /\.(?:conf|cfg|ini|cnf|toml|json|properties|env)$|(?:^|\/)(?:(?:log4j2?|logback)[\w-]*\.xml|Caddyfile|\.env)$/;

/** JSON and the like of package managers, compilers and editors: no program reads them while it runs. */
const toolFile =
  /(?:^|\/)(?:(?:package|composer|tsconfig|jsconfig|deno|bun)[\w.-]*\.json|\.[\w.-]+\.json|(?:pyproject|Cargo)\.toml|setup\.cfg|tox\.ini)$/;

/** Whether a path may be that of a configuration of a program, by its name. */
export function mayBeConfig(path: string): boolean {
  return configName.test(path) && !toolFile.test(path);
}

/** Whether a configuration is written as objects and assignments, so that it is read as programs are. */
export const isObjects = (path: string): boolean => /\.(?:json|toml)$/.test(path);

/** A setting: what it is called, and its value. */
export interface Setting {
  readonly key: string;
  readonly value: string;
}

/** More settings of one line are not read. */
const mostInLine = 8;

/** `key value;`, `key = value`, `key: value`, `php_value[key] = value`, `key = ("value")`. */
const assigned = /^(?:php_(?:admin_)?value\[)?([\w.-]{1,60})\]?(?:\s{0,9}(?:=>?|:)\s{0,9}|\s{1,40})[("'\s]{0,4}([^"'\s;,)#]{1,200})/;

/** Elements and attributes of XML that name a file. */
const inXml = /<(file\w{0,20})>\s{0,9}([^<\s]{1,200})|\b(file\w{0,20})="([^"]{1,200})"/gi;

/** The settings of a line of a configuration. */
export function settingsOf(line: string, path: string): readonly Setting[] {
  if (path.endsWith('.xml'))
    return [...line.matchAll(inXml)].slice(0, mostInLine).map(match => ({ key: 'file', value: match[2] ?? match[4]! }));
  // HAProxy's socket, and Caddy's files and folders
  const plain = line.replace(/^(?:stats (?=socket )|output (?=file )|export )/, '').replace(/^storage file_system /, 'dir ');
  const [, key, value] = assigned.exec(plain) ?? [];
  // what follows a mark of the format is filled in: `%h`, `%(here)s`
  return key === undefined ? [] : [{ key, value: value!.replace(/^unix:/, '').split('%', 1)[0]! }];
}

/** Settings whose value is a file that is written: logs, process ids, locks, sockets. */
const writtenFile =
  /(?:^|[._-])(?:(?:(?:error|access|custom|transfer|forensic|slow|std(?:out|err))[_.]?)?log(?:[_-]?file|to2?)?|(?:safe-)?pid[_-]?file|pid|(?:unix)?socket|listen|score_?board_?file|(?:dav)?lock_?(?:file|db))$|(?:^|\.)file(?:_?name)?$|^logging\.file\.name$|FileHandler\.pattern$/i;

/** Settings whose value is a folder that is written: caches, uploads, sessions, spools. */
const writtenFolder =
  /(?:_temp_path|_cache_path|cache_?root|cache-dir|upload-dirs|save_path|tmp_?dir|file_cache|childlogdir|spooler|persistence_location|^datadir|^dir)$/i;

/** What a setting says that is written: a file, a folder, or nothing for certain. */
export function writtenBy({ key, value }: Setting): 'file' | 'folder' | null {
  // a word alone is a level, a place of the system's log, or off
  if (!value.includes('/') || isReadName(key.replace(/^java\.util\.logging\./, ''))) return null;
  if (writtenFolder.test(key)) return 'folder';
  // what a handler of Python is made with may be anything: a log says so
  return writtenFile.test(key) || (key === 'args' && value.includes('log')) ? 'file' : null;
}

/** What a configuration has its program do that another user than root cannot, as the end of a sentence; `null`: nothing is seen. */
export function needsRootBy({ key, value }: Setting, path: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/supervisor/.test(name) && key === 'user') return `starts a program as ${value}`;
  if (/haproxy/.test(name) && /^(?:user|group|uid|gid|chroot)$/.test(key)) return `sets ${key} ${value}`;
  return null;
}
