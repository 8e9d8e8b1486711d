import { callsIn, inner, receiver, second } from './calls';
import { isPathFunction, optionKey, placeOf, readPath } from './expression';
import { optionOf } from './options';
import { createDeclarations, createReturns, parameterKey } from './own-calls';
import type { Places } from './places';
import { createSettingReader, importedNames } from './program-settings';
import { modules, writeCall } from './write-calls';

/** More keys of one line are not looked at. */
const mostInLine = 12;

/** `key: value`, `key = value`, `'key' => value`, `key 'value'`, each where a value begins. */
const keyed = /(?<!\w)([A-Za-z_]\w{0,50})["'\]]{0,2}(?: ?=> ?| ?:?= ?|: ?| (?=["']))(?![=>])/g;

/** A URL of a database in a file. */
const databaseUrl =
  /["'`=]((?:(?:jdbc:)?(?:sqlite3?|h2|hsqldb|derby)(?:\+\w{1,20})?:[^"'`\s]{1,200}|file:[\w./@+-]{1,150}\.(?:db3?|sqlite3?)(?=["'`?])))/g;

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

/** The folder of a file by a member of it: `LOG_FILE.parent`. */
const parentOfFile = /^\s*([\w.$]{1,80})\.(?:parent(?:File)?|getParent(?:File)?(?:\(\))?)\s*(?:[,)]|$)/;

/** A mode in which a file is written, and nothing else that a second argument may be. */
const modeAlone = /^\s*(?:mode\s*=\s*|\{\s*flags?:\s*)?["'][rwaxbt+U]{1,4}["']|O_(?:CREATE?|WRONLY|RDWR|APPEND)/;

/** Options of `mkdir` by which the folders around are made, too. */
const withParents = /\bparents\s{0,3}=\s{0,3}True|\brecursive\s{0,3}:\s{0,3}true/;

/** A name for a temporary file or folder: `with tempfile.TemporaryDirectory() as folder:`. */
const isTemporary = /[tT]emp\w{0,20}\(.{0,80}?\)\s{0,3}as\s{1,3}(\w{1,40})/;

/** Absolute paths where programs keep what they store: nothing is there that the build has not put there. */
const standing = /["'`](\/(?:var\/(?:lib|mail|cache|spool|log|data|db|opt)|srv|data)\/[\w./@+-]{1,150})["'`]/g;

/** Lines in which such a text is the path of a request, and no file. */
const isRoute =
  /\b(?:route|get|post|put|delete|patch|use|all|head|path|url|href|fetch|https?|handle|HandleFunc|map|location)\b\s{0,3}[(:=@"'`]/i;

/** A mode of opening a file in which it is written. */
const writing = /^\s*(?:mode\s*=\s*)?["'](?:[^"'r]?[wax]|r\+|rw)|O_(?:CREATE?|WRONLY|RDWR|APPEND)|ZipArchive::(?:CREATE|OVERWRITE)/;

/** The name of an argument that is a path. */
const keyword = /^ ?(?:\{ ?)?(?:path|file|filename|filepath|fname|database|db|db_path|dir|directory|folder|location|log_dir) ?[=:](?!=) ?/;

/**
 * A reader of the lines of a program, one after the other: what it takes from others, declares, sets, calls and writes.
 * @param isFlask whether its databases are those of Flask's extension, which keeps them in a folder of instances
 */
export function createCodeReader(
  path: string,
  places: Places,
  isPerl: boolean,
  isFlask: boolean,
): (line: string, whole: string, isConfig: boolean) => void {
  const settings = createSettingReader(path);
  const isJava = /\.(?:java|kt)$/.test(path);
  // its options say that a file is written
  const isRust = path.endsWith('.rs');
  const isC = /\.(?:c|cc|cpp)$/.test(path);
  // elsewhere objects of any kind have parts of one name
  const isTyped = isJava || isRust || isC || /\.(?:go|cs)$/.test(path);
  const declares = createDeclarations(path);
  const returns = createReturns(path);
  const { lookup, write } = places;

  /** Functions, with what their parameters stand for in them, and what they give back. */
  function readFunctions(code: string): boolean {
    const declared = declares(code);
    for (const { callee, index, name, standard } of declared?.parameters ?? []) {
      const known = standard === null ? null : readPath(standard, lookup);
      const variable = `${parameterKey(callee, index)}:${name}`;
      // what is injected is given by nobody else
      if (known && isJava) {
        places.name(name, known);
        continue;
      }
      places.name(name, {
        path: known?.variable === null ? known.path : '',
        from: known?.from ?? 'start',
        variable,
        rest: '',
        isOpen: false,
      });
    }
    const returned = returns(code, declared);
    const value = returned && readPath(returned.value, lookup);
    if (value && lookup(returned.name) === null) places.name(returned.name, value);
    return declared !== null;
  }

  /** Options with a default, and whatever has a name and a value. */
  function readValues(code: string, scope: string | null): void {
    const option = optionOf(code);
    const told = option && readPath(option.value, lookup);
    // what its command gives an option of a compiled program takes the place of the default
    const standard = told?.variable === null && isTyped ? { ...told, variable: optionKey(option!.names[0]!) } : told;
    if (option && standard) {
      // what the program calls it: the option's name, or the variable that it is kept in
      for (const name of option.names) {
        places.name(name, standard);
        places.set('', name, standard);
      }
      places.told(option.names[0]!, standard);
    }
    for (const match of found(code, keyed)) {
      const text = code.slice(match.index + match[0].length);
      // what is in an object has keys of its own
      const value = /^\{|\bConfigParser\(/.test(text) ? null : readPath(text, lookup);
      // in `inbox: Path = ` the type is no name
      if (!value || option?.names.includes(match[1]!) || /^(?:Path|str|string)$/.test(match[1]!)) continue;
      places.name(match[1]!, value);
      if (isTyped && (code[match.index - 1] === '.' || /: ?$/.test(match[0]))) places.member(match[1]!, value);
      if (scope !== null) places.set(scope, match[1]!, value);
      places.told(match[1]!, value);
    }
    for (const { 1: url } of found(code, databaseUrl)) {
      const value = readPath(`'${url}'`, lookup);
      write(value, 'file');
      if (isFlask && value && !value.path.startsWith('/')) write({ ...value, path: 'instance', from: 'file' }, 'folder');
    }
    for (const { 1: source } of found(code, dataSource)) write(readPath(`'${source}'`, lookup), 'file');
    if (!option && !isRoute.test(code)) for (const { 1: path } of found(code, standing)) places.mention(path!);
  }

  /** A call that writes. */
  function readWrite(code: string, name: string, start: number, args: string): void {
    const does = writeCall(name);
    if (!does || (does.needs && !does.needs.test(does.path === 1 ? args : name + args))) return;
    const dot = name.lastIndexOf('.');
    const isReceiver = (does.path === 'receiver' || does.mode) && dot >= 0 && !modules.has(name.slice(0, dot).split('.').at(-1)!);
    // Perl names the mode in front of the path
    if (isPerl && name === 'open') {
      if (/^\s*["'](?:>|\+<)/.test(second(args))) write(readPath(second(second(args)), lookup), 'file');
      return;
    }
    const around = isReceiver ? receiver(code, start + dot) : '';
    if (does.path === 'receiver' && isReceiver && around === '') return;
    const argument = (does.path === 1 ? second(args) : args).replace(keyword, '');
    const inside = parentOfFile.exec(around)?.[1] ?? parentOfFile.exec(argument)?.[1];
    const own = isReceiver ? readPath(inside ?? around, lookup) : null;
    const mode = isReceiver && own ? args : second(args);
    if (does.mode && !writing.test(mode)) return;
    const value = own ?? readPath(inside ?? argument, lookup) ?? (does.standard === undefined ? null : placeOf(does.standard));
    const isCertain =
      (does.certain === true || (isC && name === 'mkdir') || /\b(?:parents|exist_ok)=/.test(args)) && (!does.mode || modeAlone.test(mode));
    const isFolder = does.does === 'folder' && inside === undefined;
    write(value, isFolder ? 'folder' : 'file', isCertain, isFolder && (does.makes === true || withParents.test(args)));
    if (isCertain && value === null) places.unplaced(/^[^(),;]{0,60}/.exec(isReceiver ? around : argument)![0].trim() || name);
  }

  return (text, whole, isConfig) => {
    // what a module gives is called at once
    const line = text.replace(/require\(["']better-sqlite3["']\)\(/, 'Database(');
    for (const name of importedNames(line, path))
      places.name(name, { path: '', from: 'start', variable: `.${name}`, rest: '', isOpen: false });
    if (/^(?:#(?!!)|\/\/|\*|import\b|from\b)/.test(line)) return;
    const scope = settings.read(whole);
    const declares = !isConfig && readFunctions(line);
    readValues(line, scope);
    for (const { name, start, args: from } of callsIn(line)) {
      const args = line.slice(from);
      if (!isConfig && !declares && line[from - 1] === '(' && !name.startsWith(inner) && !isPathFunction(name)) places.give(name, args);
      readWrite(line, name, start, args);
    }
    const opened = isRust ? /(?:^|\bOpenOptions\b.{0,200})\.open\((.*)/.exec(line)?.[1] : undefined;
    if (opened !== undefined) write(readPath(opened, lookup), 'file', true);
    const goes = /(?:^|[.\s])(?:chdir|set_current_dir|Chdir|SetCurrentDirectory)\((.*)/.exec(line)?.[1];
    if (goes !== undefined) places.goTo(readPath(goes, lookup));
    const temporary = isTemporary.exec(line)?.[1];
    if (temporary !== undefined) places.name(temporary, placeOf('/tmp'));
  };
}
