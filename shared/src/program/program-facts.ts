import { isFilledAtRun, isReadName, isSystemFolder } from '../run-as/folders';
import { withoutEnd } from '../text/ends';
import { resolvePath } from '../text/path';
import { readScript } from '../workspace/script-facts';
import { isEnvironment } from '../workspace/paths';
import type { ProgramFact, ProgramSetting, ProgramWrite } from '../workspace/lone-facts';
import { isPathFunction, isPlace, readPath, type PathValue } from './expression';
import { callsIn, receiver, second, type Call } from './calls';
import { createNesting, isObjects, mayBeConfig, needsRootBy, settingsOf, steppedTo, writtenBy, type Setting } from './config-facts';
import { frameworkFolders } from './framework-folders';
import { optionOf } from './options';
import { calleeOf, createDeclarations, createReturns, listed, parameterKey, putPlace } from './own-calls';
import { createSettingReader, importedNames } from './program-settings';
import { usedFiles } from './used-files';
import { plainC } from './plain-c';
import { modules, writeCall } from './write-calls';

/** More of a program is not read: what it prepares comes first. */
const longest = 100_000;
const mostLines = 3000;
const mostColumns = 600;

/** More keys of one line are not looked at. */
const mostInLine = 12;

/** More settings of one file are not kept. */
const mostSets = 60;

/** A value that may be a file or folder that is written. */
const storedAt = /^(?:[\w.@+-]*\/[\w./@+-]*|[\w-]{1,40}(?:\.(?:db|sqlite3?|log|jsonl?))?)$/;

/** More is not told of one file. */
const most = 12;

/** Names of files that are read as programs, or that say what a program does. */
const programName =
  /\.(?:py|[cm]?[jt]sx?|rb|ru|php|go|java|kt|cs|rs|pl|c|cc|cpp|h|hpp)$|(?:^|\/)(?:package\.json|pyproject\.toml|setup\.cfg|artisan|gunicorn\.conf\.py|start|entrypoint|docker-entrypoint)$|\.sh$/;

/** A glob of the names that most programs have, for who can only watch by globs. */
export const programGlob =
  '**/{*.{py,js,cjs,mjs,ts,rb,ru,php,go,java,kt,cs,rs,pl,c,cc,cpp,h,hpp,properties,conf,cfg,ini,cnf,toml,xml,json},Caddyfile,artisan}';

/** Whether a path may be that of a program or its configuration, by its name. */
export function mayBeProgram(path: string): boolean {
  return programName.test(path) || mayBeConfig(path);
}

/** What options, keys and names of variables are called whose value is what a program writes. */
const writtenKey =
  /(?:dir|directory|folder|file|filename|path|dest|destination|storage|database|db|dbpath|log|logfile|cache|uploads?|sessions?|pid|pidfile|location|socket|sock|state_path|accesslog|errorlog|stdout_redirect|url|uri|data|store|name|root|dsn)$/i;

/** What is called the folder of something, which another file may write. */
const folderKey = /(?:dir|directory|folder)$/i;

/** Settings of frameworks for folders that they fill: Django, Flask and their extensions. */
const filledKey = /^(?:MEDIA_ROOT|UPLOAD_FOLDER|UPLOADS_DEFAULT_DEST|SESSION_FILE_(?:DIR|PATH)|EMAIL_FILE_PATH|FILE_UPLOAD_TEMP_DIR)$/;

/** Files that programs keep for themselves. */
const keptFile = /\.(?:db|sqlite3?|log|pid|sock|rdb|mdb|jsonl|lock)$/i;

/** `key: value`, `key = value`, `'key' => value`, `key 'value'`, each where a value begins. */
const keyed = /(?<!\w)([A-Za-z_]\w{0,50})["'\]]{0,2}(?: ?=> ?| ?:?= ?|: ?| (?=["']))(?![=>])/g;

/** A URL of a database in a file. */
const databaseUrl = /["'`=]((?:jdbc:)?(?:sqlite3?|h2)(?:\+\w{1,20})?:[^"'`\s]{1,200})/g;

/** The file of a database in a connection string of .NET. */
const dataSource = /\bData ?Source ?= ?([\w./@+-]{1,200}\.(?:db3?|sqlite3?))(?=[;"'])/gi;

/** The first matches of an expression in a line. */
function* found(line: string, pattern: RegExp): Generator<RegExpExecArray> {
  let count = 0;
  for (const match of line.matchAll(pattern)) {
    if (count++ === mostInLine) return;
    yield match;
  }
}

/** The part of a path that a write leaves a file in, and the file's own name. */
function split(path: string): readonly [folder: string, file: string] {
  const at = path.lastIndexOf('/');
  return [at < 0 ? '' : path.slice(0, at) || '/', path.slice(at + 1)];
}

/** A path as it is kept: `./`, `//` and `x/..` taken out; `null` where nothing of ours is written there. */
function kept(path: string): string | null {
  if (path.startsWith('/')) {
    const clean = resolvePath(path);
    return clean === '/' || isSystemFolder(clean) || /^\/(?:var\/)?tmp(?:\/|$)/.test(clean) ? null : clean;
  }
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.length > 8 ? null : parts.join('/');
}

/** What is written where a value leads, as it is told; `null`: nothing of ours. */
function writeOf(value: PathValue, does: 'folder' | 'file', isCertain: boolean): ProgramWrite | null {
  const { variable, from, rest } = value;
  const asFolder = does === 'folder' || value.isOpen;
  if (/:memory:|^mem:/.test(value.path)) return null;
  const [folder, file] = asFolder ? [value.path, ''] : split(value.path);
  if (!asFolder && file === '' && variable === null) return null;
  const clean = kept(folder);
  if (clean === null) return null;
  // a folder that is made is not the one that it starts in
  if (asFolder && clean === '' && variable === null) return null;
  const namesFile = !asFolder && rest === '';
  const below = variable === null ? '' : asFolder || namesFile ? rest : split(rest)[0];
  return { folder: clean, from, variable, rest: withoutEnd(below, '/'), isFile: namesFile, file: asFolder ? null : file, isCertain };
}

/** The folder of a file by a member of it: `LOG_FILE.parent`. */
const parentOfFile = /^\s*([\w.$]{1,80})\.(?:parent(?:File)?|getParent(?:File)?(?:\(\))?)\s*(?:[,)]|$)/;

/** The folder of a file, as an argument of its own: `os.makedirs(os.path.dirname(path))`. */
const ofFile = /^\s*[\w.]{0,30}[dD]ir(?:name)?\([^()]{0,200}\)\s*(?:[,)]|$)/;

/** A mode in which a file is written, and nothing else that a second argument may be. */
const modeAlone = /^\s*(?:mode\s*=\s*|\{\s*flags?:\s*)?["'][rwaxbt+U]{1,4}["']|O_(?:CREATE?|WRONLY|RDWR|APPEND)/;

/** A name for a temporary file or folder: `with tempfile.TemporaryDirectory() as folder:`. */
const isTemporary = /[tT]emp\w{0,20}\(.{0,80}?\)\s{0,3}as\s{1,3}(\w{1,40})/;

/** Absolute paths where programs keep what they store: nothing is there that the build has not put there. */
const standing = /["'`](\/(?:var\/(?:lib|mail|cache|spool|log|data|db|opt)|srv|data)\/[\w./@+-]{1,150})["'`]/g;

/** Lines in which such a text is the path of a request, and no file. */
const isRoute =
  /\b(?:route|get|post|put|delete|patch|use|all|head|path|url|href|fetch|https?|handle|HandleFunc|map|location)\b\s{0,3}[(:=@"'`]/i;

/** A mode of opening a file in which it is written. */
const writing = /^\s*(?:mode\s*=\s*)?["'](?:[^"'r]?[wax]|r\+|rw)|O_(?:CREATE?|WRONLY|RDWR|APPEND)/;

/**
 * What a program writes while it runs, and the files of its own that it uses, as far as single lines tell: none of it is run. Linear.
 * @param path decides how it is read; what is no program gives no fact
 */
export function programFacts(text: string, path: string): readonly ProgramFact[] {
  const isShell = path.endsWith('.sh') || /^#! ?(?:\/usr\/bin\/env )?\S*\b(?:ba|da|a|z|k)?sh\b/.test(text.slice(0, 80));
  if (!mayBeProgram(path) && !text.startsWith('#!')) return [];
  const lines = text.slice(0, longest).split('\n').slice(0, mostLines);
  // what tools are told says nothing of what the program does
  const isManifest = /(?:^|\/)(?:pyproject\.toml|setup\.cfg)$/.test(path);
  const nesting = mayBeConfig(path) ? createNesting(path) : null;
  const isPerl = /\.pl$/.test(path) || /^#!.*\bperl\b/.test(text.slice(0, 80));
  const isC = /\.(?:c|cc|cpp|h|hpp)$/.test(path);
  let configured: string | null = null;
  let stepsTo: string | null = null;
  let serverRoot = '';
  const sets: Record<string, string> = {};
  const settings: Record<string, ProgramSetting> = {};
  const reader = createSettingReader(path);
  const names = new Map<string, PathValue>();
  const lookup = (name: string): PathValue | null =>
    names.get(
      name.slice(
        Math.max(name.lastIndexOf('.'), name.lastIndexOf('>'), name.lastIndexOf('$'), name.lastIndexOf('@'), name.lastIndexOf(':')) + 1,
      ),
    ) ?? null;
  const writes = new Map<string, ProgramWrite>();
  const files = new Set<string>();
  const mentions = new Set<string>();
  let untold: string | null = null;
  /** The folder that the program has gone to; `null`: the one that it starts in. */
  let cwd: PathValue | null = null;
  const add = (value: PathValue | null, does: 'folder' | 'file', isCertain = false): void => {
    if (value && does === 'file') files.add(value.path);
    const write = value && writeOf(placed(value), does, isCertain);
    if (!write || writes.size >= most) return;
    const key = `${write.from} ${write.variable ?? ''} ${write.folder}`;
    if (!writes.has(key) || (write.isCertain && !writes.get(key)!.isCertain)) writes.set(key, write);
  };
  /** A relative path from the folder that the program has gone to. */
  const placed = (value: PathValue): PathValue =>
    cwd === null || value.from !== 'start' || value.path.startsWith('/') || value.variable !== null
      ? value
      : { ...cwd, path: `${cwd.path}/${value.path}`, isOpen: value.isOpen };

  const declares = createDeclarations(path);
  const returns = createReturns(path);
  /** Keeps what a function is called with, as far as that is a place. */
  const give = (call: Call, args: string): void => {
    listed(args).items.forEach((text, index) => {
      const [, keyword, rest] = /^(\w{1,40}) ?[=:](?![=:]) ?(.*)$/.exec(text) ?? [];
      const value = readPath(rest ?? text, lookup);
      // a text without a slash may be anything
      if (!value || (/^["'`]/.test(rest ?? text) && !value.path.includes('/'))) return;
      const { path: given, from, variable, rest: below } = placed(value);
      if (Object.keys(settings).length < mostSets)
        putPlace(settings, parameterKey(calleeOf(call.name), keyword ?? index), { path: given, from, variable, rest: below });
    });
  };

  (isManifest ? [] : lines).forEach((whole, number) => {
    const written = whole.slice(0, mostColumns).trim();
    const line = isC ? plainC(written) : written;
    for (const name of importedNames(line, path))
      names.set(name, { path: '', from: 'start', variable: `.${name}`, rest: '', isOpen: false });
    if (line === '' || /^(?:#(?!!)|\/\/|\*|import\b|from\b)/.test(line)) return;
    const scope = reader.read(whole.slice(0, mostColumns));
    const code = line.endsWith('(') ? `${line}${(lines[number + 1] ?? '').slice(0, mostColumns).trim()}` : line;
    if (nesting) {
      const inside = nesting(whole.slice(0, mostColumns));
      for (const setting of settingsOf(line.replace(/^- /, ''), path, inside)) configure(setting);
      if (!isObjects(path)) return;
    }
    const declared = nesting ? null : declares(code);
    for (const { callee, index, name, standard } of declared?.parameters ?? []) {
      const known = standard === null ? null : readPath(standard, lookup);
      names.set(name, {
        path: known?.variable === null ? known.path : '',
        from: known?.from ?? 'start',
        variable: `${parameterKey(callee, index)}:${name}`,
        rest: '',
        isOpen: false,
      });
    }
    const returned = nesting ? null : returns(code, declared);
    const gives = returned && readPath(returned.value, lookup);
    if (gives && lookup(returned.name) === null) names.set(returned.name, gives);
    const option = optionOf(code);
    const standard = option && readPath(option.value, lookup);
    if (standard) {
      // what the program calls it: the option's name, or the variable that it is kept in
      for (const name of option.names) {
        names.set(name, standard);
        keep('', name, standard);
      }
      told(option.names[0]!, null, standard);
    }
    for (const match of found(code, keyed)) {
      const text = code.slice(match.index + match[0].length);
      // what is in an object has keys of its own
      const value = /^\{|\bConfigParser\(/.test(text) ? null : readPath(text, lookup);
      // in `inbox: Path = ` the type is no name
      if (!value || option?.names.includes(match[1]!) || /^(?:Path|str|string)$/.test(match[1]!)) continue;
      names.set(match[1]!, value);
      if (scope !== null) keep(scope, match[1]!, value);
      if (writtenKey.test(match[1]!)) told(match[1]!, null, value);
    }
    for (const { 1: url } of found(code, databaseUrl)) {
      const value = readPath(`'${url}'`, lookup);
      add(value, 'file');
      if (value && !value.path.startsWith('/') && /flask_sqlalchemy/i.test(text))
        add({ ...value, path: 'instance', from: 'file' }, 'folder');
    }
    for (const { 1: source } of found(code, dataSource)) add(readPath(`'${source}'`, lookup), 'file');
    for (const call of callsIn(code)) {
      const { name, start, args: from } = call;
      const does = writeCall(name);
      const args = code.slice(from);
      if (!nesting && declared === null && code[from - 1] === '(' && !isPathFunction(name)) give(call, args);
      if (!does) continue;
      const dot = name.lastIndexOf('.');
      const before = dot < 0 ? '' : name.slice(0, dot);
      if (does.needs && !does.needs.test(does.path === 1 ? args : name + args)) continue;
      const isReceiver = (does.path === 'receiver' || does.mode) && dot >= 0 && !modules.has(before.split('.').at(-1)!);
      // Perl names the mode in front of the path
      if (isPerl && name === 'open') {
        if (/^\s*["'](?:>|\+<)/.test(second(args))) add(readPath(second(second(args)), lookup), 'file');
        continue;
      }
      if (does.mode) {
        const mode = isReceiver && readPath(before, lookup) ? args : second(args);
        if (!writing.test(mode)) continue;
      }
      const around = isReceiver ? receiver(code, start + dot) : '';
      const argument = does.path === 1 ? second(args) : args;
      const inside = parentOfFile.exec(around)?.[1] ?? parentOfFile.exec(argument)?.[1];
      const own = isReceiver ? readPath(inside ?? around, lookup) : null;
      const value = own ?? readPath(inside ?? argument, lookup);
      const isCertain =
        (does.certain === true || /\b(?:parents|exist_ok)=/.test(args)) &&
        (!does.mode || modeAlone.test(isReceiver && own ? args : second(args)));
      add(value, inside !== undefined || ofFile.test(args) ? 'file' : does.does, isCertain);
      if (isCertain && value === null) untold ??= /^[^(),;]{0,60}/.exec(isReceiver ? before : argument)![0].trim() || name;
    }
    // what Django collects at each start goes where its settings say
    if (isShell && /\bcollectstatic\b/.test(code))
      add({ path: '', from: 'start', variable: '.STATIC_ROOT', rest: '', isOpen: false }, 'folder', true);
    const goes = /(?:^|[.\s])(?:chdir|set_current_dir|Chdir|SetCurrentDirectory)\((.*)/.exec(code)?.[1];
    if (goes !== undefined) cwd = readPath(goes, lookup);
    const temporary = isTemporary.exec(code)?.[1];
    if (temporary !== undefined) names.set(temporary, { path: '/tmp', from: 'start', variable: null, rest: '', isOpen: false });
    if (!option && !isRoute.test(code)) for (const { 1: path } of found(code, standing)) mentions.add(path!);
    // `(BASE / 'x').mkdir()`: what stands in front is no name
    for (const match of found(code, /\)\.(mkdir|mkdirs|write_text|write_bytes|touch|open)\(/g)) {
      if (match[1] === 'open' && !writing.test(code.slice(match.index + match[0].length))) continue;
      const isFolder = match[1]!.startsWith('mkdir');
      add(readPath(receiver(code, match.index + 1), lookup), isFolder ? 'folder' : 'file', isFolder);
    }
  });

  // what is opened by name further on is no folder
  for (const path of mentions) if (!files.has(path)) mentioned(path);

  /** Keeps a path that is set for the files that use this one. */
  function keep(inside: string, key: string, { path: value, from, variable, rest, isOpen }: PathValue): void {
    const isKept = from !== 'start' || variable !== null || value.includes('/') || writtenKey.test(key);
    if (isOpen || !isKept || Object.keys(settings).length >= mostSets) return;
    settings[`.${inside === '' ? '' : `${inside}.`}${key}`.toLowerCase()] ??= { path: value, from, variable, rest };
  }

  /** What a path that stands in the program tells: what the image does not have there, the program makes. */
  function mentioned(path: string): void {
    const isFile = /\.\w{1,8}$/.test(path);
    if (!/\.(?:sock|so|pem|crt|key)$/.test(path) && !isReadName(path.replaceAll('/', '.')))
      add({ path, from: 'start', variable: null, rest: '', isOpen: false }, isFile ? 'file' : 'folder');
  }

  /** What a setting of a configuration tells. */
  function configure(setting: Setting): void {
    const { key, value } = setting;
    const { inside } = setting;
    if (!isEnvironment(path) && storedAt.test(value) && Object.keys(sets).length < mostSets)
      sets[`.${inside === '' ? '' : `${inside}.`}${key}`.toLowerCase()] = value;
    configured ??= needsRootBy(setting, path);
    stepsTo ??= steppedTo(setting, path);
    if (isEnvironment(path)) {
      if (writtenKey.test(key) && /^[\w.@+-]*\/[\w./@+-]*$/.test(value)) sets[key] = value;
    } else if (key === 'ServerRoot') serverRoot = value;
    else {
      const does = writtenBy(setting);
      const isBelow = does !== null && !value.startsWith('/') && serverRoot !== '';
      const known = readPath(`'${isBelow ? `${serverRoot}/${value}` : value}'`, lookup);
      // the value of a variable of the server's own is not known
      if (known === null || (known.variable !== null && known.path === '' && known.rest !== '')) return;
      if (does !== null) add(known, does);
      else if (path.endsWith('.properties') || (folderKey.test(key) && isFilledAtRun(known.path))) told(key, null, known);
    }
  }

  /** What the name of an option or variable tells of its value. */
  function told(key: string, text: string | null, known: PathValue | null = null): void {
    const value = known ?? (text === null ? null : readPath(text, lookup));
    if (!value || !(writtenKey.test(key) || filledKey.test(key)) || (isPlace(value.variable) && value.path === '')) return;
    if (keptFile.test(value.path)) add(value, 'file');
    else if (
      filledKey.test(key) ||
      isFilledAtRun(value.path) ||
      (folderKey.test(key) && !isReadName(key) && !isReadName(value.path.slice(value.path.lastIndexOf('/') + 1)))
    )
      add(value, 'folder');
  }

  for (const folder of frameworkFolders(lines.join('\n'), path))
    add({ path: folder, from: 'file', variable: null, rest: '', isOpen: false }, 'folder', true);
  const uses = usedFiles(lines, path);
  const does = isShell ? (readScript(text, path)[0]?.does ?? null) : configured;
  const fact = { writes: [...writes.values()], does, stepsTo, uses, untold, sets, settings };
  const isEmpty = Object.values(fact).every(part => part === null || Object.keys(part).length === 0);
  return isEmpty ? [] : [{ type: 'program', path, range: { start: 0, end: 0 }, ...fact }];
}
