import { mayBeConfig } from './config-facts';

/** More files are not followed from one. */
const most = 80;

/** Modules that come with Python, or are usually installed: none of them is a file of the project. */
const installed: ReadonlySet<string> = new Set(
  'os sys re io json time datetime logging sqlite3 pathlib typing random math signal shutil subprocess threading tempfile uuid hashlib base64 functools itertools collections dataclasses contextlib asyncio http socketserver socket urllib csv pickle string struct enum abc copy glob traceback argparse configparser inspect secrets textwrap concurrent multiprocessing queue warnings flask fastapi django starlette uvicorn gunicorn requests pydantic sqlalchemy aiohttp tornado bottle numpy pandas redis celery jinja2 yaml click httpx werkzeug __future__ wsgiref email html zipfile gzip ssl select platform getpass'.split(
    ' ',
  ),
);

/** Whether a module of Python may be a file of the project. */
export const isModule = (name: string): boolean => name.startsWith('.') || !installed.has(name.split('.', 1)[0]!);

/**
 * The files that a module of Python may be, from the folder of the one that imports it.
 * @param importer its path: a package that it lies in tells where modules are counted from
 */
function python(module: string, importer: string): readonly string[] {
  const dots = module.length - module.replace(/^\.+/, '').length;
  const path = module.slice(dots).split('.').join('/');
  if (path === '' || !isModule(module)) return [];
  const files = [`${path}.py`, `${path}/__init__.py`];
  if (dots > 0) return files.map(file => '../'.repeat(dots - 1) + file);
  const around = importer.split('/').slice(0, -1);
  const own = around.lastIndexOf(path.split('/')[0]!);
  if (own >= 0) return files.map(file => '../'.repeat(around.length - own) + file);
  return [...files, ...files.map(file => `../${file}`)];
}

/** The files that a relative import of JavaScript may be. */
function script(path: string): readonly string[] {
  if (/\.(?:[cm]?[jt]sx?|json)$/.test(path)) return [path, ...(path.endsWith('.js') ? [`${path.slice(0, -3)}.ts`] : [])];
  return [`${path}.js`, `${path}.ts`, `${path}/index.js`, `${path}.mjs`, `${path}.cjs`, `${path}/index.ts`];
}

/** Packages that come with Go, by the first part of their names. */
const ofGo: ReadonlySet<string> = new Set(
  'archive bufio bytes cmp compress container context crypto database debug embed encoding errors expvar flag fmt go golang.org hash html image index io iter log maps math mime net os path plugin reflect regexp runtime slices sort strconv strings sync syscall testing text time unicode unique'.split(
    ' ',
  ),
);

/** The sources that a package of Go may be, from the folder of the one that imports it up to that of the module. */
function goPackage(path: string): readonly string[] {
  const parts = path.split('/');
  if (ofGo.has(parts[0]!)) return [];
  const ours = parts.findIndex(part => part === 'internal' || part === 'pkg');
  const module = /^(?:github|gitlab|bitbucket)\./.test(parts[0]!) ? 3 : parts[0]!.includes('.') ? 2 : 1;
  const own = parts.slice(ours >= 0 ? ours : module).join('/');
  return own === '' ? [] : [`../../${own}/*.go`, `../${own}/*.go`, `${own}/*.go`];
}

/** The sources of a package of Java that is imported, from the folder of the one that imports it; none of a project of others. */
function javaPackage(path: string, own: string): readonly string[] {
  const [to, from] = [path.split('.'), own.split('.')];
  let same = 0;
  while (same < to.length && same < from.length && to[same] === from[same]) same++;
  return same < Math.min(2, from.length) ? [] : [`${'../'.repeat(from.length - same)}${[...to.slice(same), '*.java'].join('/')}`];
}

/** Words of a command that name programs. */
const programWord = /(?:^|[\s"'/=])((?:\.{0,2}\/)?[\w./-]{0,80}\w\.(?:py|[cm]?js|ts|rb|ru|php|sh))(?=$|[\s"';&|)])/g;

/** Libraries that come with Ruby, or are usually installed. */
const ofRuby: ReadonlySet<string> = new Set(
  'json yaml set time date logger fileutils pathname securerandom digest erb open3 socket optparse ostruct tempfile tmpdir uri csv zlib stringio English benchmark bigdecimal etc forwardable singleton observer timeout monitor thread openssl psych pstore webrick sinatra rack puma thin bundler rubygems rake sequel sqlite3 active_record rails redis sidekiq pg mysql2 nokogiri httparty faraday dotenv roda grape rufus-scheduler'.split(
    ' ',
  ),
);

/** Configurations of its own that a program names. */
const configWord = /["'`]((?:\.{1,2}\/)?[\w./-]{0,80}(?:\w\.(?:conf|cfg|ini|toml|json|ya?ml|properties)|\.env))["'`]/g;

/** The files of a project that a script of its package.json starts, as far as they may be there. */
export function commandFiles(command: string): readonly string[] {
  const found = [...command.slice(0, 500).matchAll(programWord)].map(match => match[1]!);
  const alone = /(?:^|[\s"'])(?:node|tsx|ts-node|nodemon)\s+([\w./-]{1,100})$/.exec(command.slice(0, 500))?.[1];
  return alone === undefined ? found : [...found, ...script(alone), alone];
}

const bounded = (words: Iterable<string>): readonly string[] => [...new Set(words)].slice(0, most);

/** The files of its own that a program uses, relative to its folder, as far as they may be there. */
export function usedFiles(lines: readonly string[], path: string): readonly string[] {
  const found: string[] = [];
  const name = path.slice(path.lastIndexOf('/') + 1);
  const configs: string[] = [];
  const addConfig = (file: string): void => void configs.push(file, `../${file}`);
  let own = '';
  for (const whole of lines) {
    if (found.length >= most) break;
    const line = whole.slice(0, 300);
    if (configs.length < most) {
      for (const { 1: file } of line.matchAll(configWord)) if (mayBeConfig(file!)) addConfig(file!);
      if (/\bdotenv\b|load_dotenv|Dotenv/.test(line)) addConfig('.env');
    }
    if (name.endsWith('.py')) {
      const from = /^\s*from\s+([\w.]+)\s+import\s+(.*)/.exec(line);
      const plain = /^\s*import\s+([\w., ]+)/.exec(line)?.[1];
      if (from) {
        found.push(...python(from[1]!, path));
        // what is imported from a package may be a module of it
        const parent = from[1]!.endsWith('.') ? from[1]! : `${from[1]!}.`;
        found.push(...(from[2]!.match(/\w+/g) ?? []).slice(0, 4).flatMap(word => python(parent + word, path)));
      } else if (plain) found.push(...plain.split(',').flatMap(each => python(each.trim().split(/\s/, 1)[0]!, path)));
      const settings = /DJANGO_SETTINGS_MODULE['"]\]?[,\s=]{1,3}['"]([\w.]+)['"]/.exec(line)?.[1];
      if (settings) found.push(...python(settings, path));
      // `app.config.from_object('config.Config')`, `uvicorn.run('main:app')`: a module, or a name in it
      const object = /(?:from_object|import_string|uvicorn\.run)\(\s?["']([\w.]{1,100})[:"']/.exec(line)?.[1];
      if (object)
        found.push(...python(object, path), ...(object.includes('.') ? python(object.slice(0, object.lastIndexOf('.')), path) : []));
      const settingsFile = /from_pyfile\(\s?["']([\w./-]{1,100}\.py)["']/.exec(line)?.[1];
      if (settingsFile) found.push(settingsFile, `../${settingsFile}`, `../instance/${settingsFile}`, `instance/${settingsFile}`);
    } else if (name.endsWith('.go')) {
      const used = /^\s*(?:import\s+)?(?:[\w.]{1,40}\s+)?"([\w.-]{1,60}(?:\/[\w.-]{1,60}){1,8})"\s*$/.exec(line)?.[1];
      if (used) found.push(...goPackage(used));
    } else if (name.endsWith('.java')) {
      own ||= /^\s*package\s+([\w.]{1,120});/.exec(line)?.[1] ?? '';
      const used = /^\s*import\s+(?:static\s+)?([a-z][\w]{0,40}(?:\.[a-z]\w{0,40}){0,8})\.[A-Z*]/.exec(line)?.[1];
      if (used && own !== '' && used !== own) found.push(...javaPackage(used, own));
    } else if (name.endsWith('.rs')) {
      const used = /^\s*(?:pub(?:\([\w ]{1,20}\))?\s+)?mod\s+(\w{1,40});/.exec(line)?.[1];
      if (used) found.push(`${used}/*.rs`);
    } else if (/\.[cm]?[jt]sx?$/.test(name)) {
      const used = /(?:require\(|from|import)\s{0,2}\(?["'](\.{1,2}\/[\w./-]+)["']/.exec(line)?.[1];
      if (used) found.push(...script(used));
    } else if (/\.(?:rb|ru)$/.test(name)) {
      const used = /^\s*(?:require_relative|require|load)\s?\(?["'](\.{0,2}\/?[\w./-]+)["']/.exec(line);
      // `require File.expand_path('config/environment', __dir__)`
      const expanded = /^\s*require\s?\(?File\.(?:expand_path\(\s?|join\(__dir__,\s?)["']([\w./-]{1,80})["']/.exec(line)?.[1];
      if (expanded) found.push(`${(line.includes('__FILE__') ? expanded.replace(/^\.\.\//, '') : expanded).replace(/\.rb$/, '')}.rb`);
      const file = used && `${used[1]!.replace(/\.rb$/, '')}.rb`;
      if (file && (line.includes('require_relative') || file.startsWith('.'))) found.push(file);
      // what is looked for in lib, by way of $LOAD_PATH
      else if (file?.includes('/')) found.push(`lib/${file}`, `../${file}`, file);
      else if (file && !ofRuby.has(file.slice(0, -3))) found.push(`lib/${file}`, `../lib/${file}`, file);
    } else if (name.endsWith('.php') || name === 'artisan') {
      const used = /(?:require|include)(?:_once)?\s?\(?(?:__DIR__\s?\.\s?)?["']\/?([\w./-]+\.php)["']/.exec(line)?.[1];
      if (used && !used.startsWith('vendor/')) found.push(used);
      // from the folder around: `require dirname(__DIR__) . '/src/app.php'`
      const above = /(?:require|include)(?:_once)?\s?\(?dirname\(__DIR__\)\s?\.\s?["']\/([\w./-]{1,80}\.php)["']/.exec(line)?.[1];
      if (above && !above.startsWith('vendor/')) found.push(`../${above}`);
    } else if (/^(?:pyproject\.toml|setup\.(?:cfg|py))$/.test(name)) {
      // commands that a package of Python brings: `shop = "shop.cli:main"`
      const command = /^\W{0,20}[\w.-]{1,60}["']?\s?=\s?["']?([\w.]{1,100}):\w/.exec(line)?.[1];
      if (command) found.push(...python(command, path).flatMap(file => (file.startsWith('.') ? [] : [file, `src/${file}`])));
    } else if (name === 'package.json') {
      const start = /"(?:start|main|serve)(?::\w+)?"\s*:\s*"([^"]{1,120})"/.exec(line)?.[1];
      if (start) found.push(...commandFiles(start));
    } else if (/\.(?:conf|ini)$/.test(name)) {
      const command = /^\s*command\s*=(.*)/.exec(line)?.[1];
      if (command)
        for (const word of command.split(/\s+/)) if (/^\/[\w./-]+$/.test(word) && !/^\/(?:usr\/)?s?bin\//.test(word)) found.push(word);
      const root = /^\s*(?:DocumentRoot|root)\s+["']?(\/[\w./-]+)/.exec(line)?.[1];
      if (root) found.push(`${root}/index.php`);
    } else if (/\.sh$|^[\w-]+$/.test(name)) {
      for (const { 1: word } of line.matchAll(programWord)) found.push(word!);
      if (/\b(?:npm|pnpm|yarn|bun)\b/.test(line)) found.push('package.json', '../package.json');
      const module =
        /(?:gunicorn|uvicorn|hypercorn|daphne|waitress-serve|granian)\b.{0,120}?\s["']?([\w.]+):\w+/.exec(line)?.[1] ??
        /python[\d.]* -m ([\w.]+)/.exec(line)?.[1];
      if (module) found.push(...python(module, path));
    }
  }
  return bounded([...found, ...configs]);
}
