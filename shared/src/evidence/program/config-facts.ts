import { isReadName } from '../../knowledge/folders';
import { isSecretName } from '../../knowledge/secrets/detect';
import { parseDocument } from '../../syntax/yaml/parse';
import { mapOf, sequenceOf, stringOf } from '../../syntax/yaml/values';
import type { YamlNode } from '../../syntax/yaml/types';
import type { ProgramFact, ProgramPlace } from '../../workspace/unkeyed-facts';
import { isEnvironment } from '../../workspace/paths';
import { fileOfUrl } from './file-url';

/** Names of files that tell a program what to do, in the formats of the usual servers, supervisors and loggers. */
const configName = /\.(?:conf|cfg|ini|cnf|toml|json|ya?ml|env)$|(?:^|\/)(?:Caddyfile|\.env)$/;

/** JSON and the like of package managers, compilers and editors: no program reads them while it runs. */
const toolFile =
  /(?:^|\/)(?:(?:package|composer|tsconfig|jsconfig|deno|bun)[\w.-]*\.json|\.[\w.-]+\.json|(?:pyproject|Cargo)\.toml|setup\.cfg|tox\.ini)$/;

/** Whether a path may be that of a configuration of a program, by its name. */
export function mayBeConfig(path: string): boolean {
  return configName.test(path) && !toolFile.test(path);
}

/** A setting: what it is called, what it is in (a section, or the key of an object; `''`: nothing), and its value. */
interface Setting {
  readonly key: string;
  readonly inside: string;
  readonly value: string;
}

/** More settings of one configuration are not read, and none that lie deeper. */
const mostSettings = 3000;
const mostDeep = 30;

/** Settings whose value is a file that is written, as the documentation of each program has them. */
const files: ReadonlySet<string> = new Set(
  [
    // nginx.org; httpd.apache.org; lighttpd.net; caddyserver.com; docs.haproxy.org
    'pid error_log access_log errorlog customlog transferlog forensiclog pidfile scoreboardfile davlockdb',
    'server.errorlog server.pid-file accesslog.filename output_file stats_socket',
    // php.net: FPM; supervisord.org; docs.python.org: logging.config
    'slowlog access.log listen logfile stdout_logfile stderr_logfile unix_http_server.file filename filepath',
    // redis.io; mariadb.com; mosquitto.org; rsync(1); smb.conf(5); dnsmasq(8); chrony.conf(5)
    'unixsocket log_error general_log_file slow_query_log_file socket log_dest_file pid_file log_file lock_file log-facility dhcp-leasefile driftfile',
  ].flatMap(names => names.split(' ')),
);

/** The same of folders. */
const folders: ReadonlySet<string> = new Set(
  [
    'client_body_temp_path proxy_temp_path fastcgi_temp_path uwsgi_temp_path scgi_temp_path proxy_cache_path fastcgi_cache_path uwsgi_cache_path',
    'cacheroot server.upload-dirs storage_file_system session.save_path upload_tmp_dir sys_temp_dir opcache.file_cache childlogdir',
    'dir datadir tmpdir logdir persistence_location',
  ].flatMap(names => names.split(' ')),
);

/** Where a program keeps what it stores, by the key of the object or section too: `storage.path`, `[database] file`. */
const kept =
  /(?:^|[._-])(?:storage|data(?:base)?|db|cache|log|uploads?|wal|tsdb)[._-](?:path|location|dir(?:ectory)?|folder|file(?:_?name)?)$/;

/** The setting of a line of a configuration; none where it has no value: `key value;`, `key = value`, `key: value`, `php_value[key] = value`. */
function lineSettings(line: string, inside: string): readonly Setting[] {
  // most servers have one word for the key, HAProxy, Caddy, Mosquitto, rsync and Samba two
  const plain = line
    .replace(/^export /, '')
    .replace(/^(stats|output|log_dest|storage|pid|log|lock) (?=(?:socket|file|file_system)\b)/, '$1_');
  const [, key, value] =
    /^(?:php_(?:admin_)?value\[|["'])?([\w.-]{1,60})[\]"']?(?:\s{0,9}(?:=>?|:)\s{0,9}|\s{1,40})[("'\s]{0,4}([^"'\s;,)#]{1,200})/.exec(
      plain,
    ) ?? [];
  return key === undefined ? [] : [{ key, inside, value: plainValue(value!) }];
}

/** What a setting says that is written: a file, a folder, or nothing for certain. */
function writtenBy({ key, inside, value }: Setting): 'file' | 'folder' | null {
  if (/^sqlite3?:/.test(value) || (/[\w-]\.(?:sqlite3?|db3?)$/.test(value) && /(?:database|db|storage|filename)$/i.test(key)))
    return 'file';
  // nothing is below /run that nobody has put there
  if (/^\/(?:var\/)?run\/.*\.(?:sock(?:et)?|pid|lock)$/.test(value)) return 'file';
  // a word alone is a level, a place of the system's log, or off
  if (!value.includes('/')) return null;
  const name = key.toLowerCase();
  const whole = inside === '' ? name : `${inside.toLowerCase()}.${name}`;
  // what a handler of Python is made with may be anything: a log says so
  if (files.has(name) || files.has(whole) || (key === 'args' && value.includes('log'))) return 'file';
  if (folders.has(name) && (key !== 'dir' || inside === '')) return 'folder';
  return !kept.test(whole) || isReadName(key) ? null : /\.\w{1,8}$/.test(value) ? 'file' : 'folder';
}

/** The user that a server goes on as where it starts as root, as it says; `null`: it says nothing. */
function steppedTo({ key, value }: Setting, path: string): string | null {
  return /\.(?:conf|cfg)$/.test(path) && /^(?:user|server\.username)$/i.test(key) && value !== 'root' ? value : null;
}

/** Settings that take root: as another user rsync serves the list of its modules, and none of them. */
const rootSettings: readonly (readonly [server: string, keys: readonly string[]])[] = [
  ['haproxy', ['user', 'group', 'uid', 'gid', 'chroot']],
  ['rsyncd', ['uid', 'gid']],
];

/** What a configuration has its program do that another user than root cannot, as the end of a sentence; `null`: nothing is seen. */
function needsRootBy({ key, value }: Setting, path: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name.includes('supervisor') && key === 'user') return `starts a program as ${value}`;
  const [, keys] = rootSettings.find(([server]) => name.includes(server)) ?? [];
  return keys?.includes(key) === true ? `sets ${key} ${value}` : null;
}

/** The settings of YAML and JSON, each with the keys around it. */
function nestedSettings(text: string): readonly Setting[] {
  const settings: Setting[] = [];
  const walk = (node: YamlNode | null, key: string, inside: string, depth: number): void => {
    if (depth > mostDeep || settings.length >= mostSettings) return;
    const [map, list] = [mapOf(node), sequenceOf(node)];
    const within = key === '' ? inside : inside === '' ? key : `${inside}.${key}`;
    if (map) for (const { name, value } of map.entries) walk(value, name, within, depth + 1);
    else if (list) for (const item of list.items) walk(item, '', within, depth + 1);
    else {
      const value = stringOf(node);
      if (value !== null && key !== '') settings.push({ key, inside, value: plainValue(value) });
    }
  };
  walk(parseDocument(text, true).root, '', '', 0);
  return settings;
}

/** The settings of a configuration whose lines each hold some, with the section around them. */
function flatSettings(text: string): readonly Setting[] {
  const settings: Setting[] = [];
  let section = '';
  for (const line of text.split('\n', mostSettings)) {
    const code = line.slice(0, 600).trim();
    if (/^(?:#(?!!)|\/\/|;|\*)/.test(code)) continue;
    section = /^\[{1,2}([\w.-]{1,60})\]/.exec(code)?.[1] ?? section;
    settings.push(...lineSettings(code, section));
  }
  return settings;
}

/** A value up to what the format fills in: `%h`, `%(here)s`. */
const plainValue = (value: string): string => value.replace(/^unix:/, '').split('%', 1)[0]!;

/** What an `.env` sets that may name a file or folder. */
const storedAt = /^[\w.@+-]*\/[\w./@+-]*$/;

/** What variables are called whose value is where a program keeps something. */
const keptName = /(?:dir|directory|folder|file|path|storage|database|db|log|cache|uploads?|sessions?|pid|socket|data|store|root|home)$/i;

/** The place of a value, which may be a variable with what stands for it: `${STORE:-/srv/store}/files`; `null`: nobody knows. */
function placeOf(value: string, does: 'file' | 'folder'): ProgramPlace | null {
  const [, variable, standard, rest] = /^\$\{?(\w{1,100})(?::-?([^}]{0,300}))?\}?(.*)$/.exec(value) ?? [];
  if (variable !== undefined)
    return rest!.includes('$') || (standard === undefined && rest !== '')
      ? null
      : { path: (standard ?? '') + rest!, from: 'start', variable: rest === '' ? variable : null, does };
  const path = fileOfUrl(value, false)?.replace(/^\.\//, '') ?? '$';
  if (/[^\w./@+~ -]|^\/(?:dev|proc)\//.test(path)) return null;
  return path.startsWith('~/')
    ? { path: path.slice(2), from: 'home', variable: null, does }
    : { path, from: 'start', variable: null, does };
}

/** What a configuration tells of what its program writes, and of what that does as root. Linear. */
export function configFacts(text: string, path: string): Pick<ProgramFact, 'places' | 'does' | 'stepsTo' | 'sets'> {
  const isNested = /\.(?:json|ya?ml)$/.test(path);
  const places: ProgramPlace[] = [];
  const sets: Record<string, string> = {};
  let does: string | null = null;
  let stepsTo: string | null = null;
  let serverRoot = '';
  for (const setting of isNested ? nestedSettings(text) : flatSettings(text)) {
    const { key, value } = setting;
    does ??= needsRootBy(setting, path);
    stepsTo ??= steppedTo(setting, path);
    // no secret names a file
    if (isSecretName(key)) continue;
    if (isEnvironment(path)) {
      if (keptName.test(key) && storedAt.test(value)) sets[key] = value;
    } else if (key === 'ServerRoot') serverRoot = `${value}/`;
    else {
      const written = writtenBy(setting);
      const place = written && placeOf(value.startsWith('/') ? value : serverRoot + value, written);
      if (place && places.length < mostPlaces) places.push(place);
    }
  }
  return { places, does, stepsTo, sets };
}

/** More places of one configuration are not kept. */
const mostPlaces = 12;
