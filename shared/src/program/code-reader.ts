import { callsIn, receiver, second } from './calls';
import { isPathFunction, readPath } from './expression';
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
  const declares = createDeclarations(path);
  const returns = createReturns(path);
  const { lookup, write } = places;

  /** Functions, with what their parameters stand for in them, and what they give back. */
  function readFunctions(code: string): boolean {
    const declared = declares(code);
    for (const { callee, index, name, standard } of declared?.parameters ?? []) {
      const known = standard === null ? null : readPath(standard, lookup);
      const variable = `${parameterKey(callee, index)}:${name}`;
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
    const standard = option && readPath(option.value, lookup);
    if (standard) {
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
    const before = dot < 0 ? '' : name.slice(0, dot);
    const isReceiver = (does.path === 'receiver' || does.mode) && dot >= 0 && !modules.has(before.split('.').at(-1)!);
    // Perl names the mode in front of the path
    if (isPerl && name === 'open') {
      if (/^\s*["'](?:>|\+<)/.test(second(args))) write(readPath(second(second(args)), lookup), 'file');
      return;
    }
    if (does.mode && !writing.test(isReceiver && readPath(before, lookup) ? args : second(args))) return;
    const around = isReceiver ? receiver(code, start + dot) : '';
    const argument = does.path === 1 ? second(args) : args;
    const inside = parentOfFile.exec(around)?.[1] ?? parentOfFile.exec(argument)?.[1];
    const own = isReceiver ? readPath(inside ?? around, lookup) : null;
    const value = own ?? readPath(inside ?? argument, lookup);
    const isCertain =
      (does.certain === true || /\b(?:parents|exist_ok)=/.test(args)) &&
      (!does.mode || modeAlone.test(isReceiver && own ? args : second(args)));
    write(value, inside !== undefined || ofFile.test(args) ? 'file' : does.does, isCertain);
    if (isCertain && value === null) places.unplaced(/^[^(),;]{0,60}/.exec(isReceiver ? before : argument)![0].trim() || name);
  }

  return (line, whole, isConfig) => {
    for (const name of importedNames(line, path))
      places.name(name, { path: '', from: 'start', variable: `.${name}`, rest: '', isOpen: false });
    if (/^(?:#(?!!)|\/\/|\*|import\b|from\b)/.test(line)) return;
    const scope = settings.read(whole);
    const declares = !isConfig && readFunctions(line);
    readValues(line, scope);
    for (const { name, start, args: from } of callsIn(line)) {
      const args = line.slice(from);
      if (!isConfig && !declares && line[from - 1] === '(' && !isPathFunction(name)) places.give(name, args);
      readWrite(line, name, start, args);
    }
    const goes = /(?:^|[.\s])(?:chdir|set_current_dir|Chdir|SetCurrentDirectory)\((.*)/.exec(line)?.[1];
    if (goes !== undefined) places.goTo(readPath(goes, lookup));
    const temporary = isTemporary.exec(line)?.[1];
    if (temporary !== undefined) places.name(temporary, { path: '/tmp', from: 'start', variable: null, rest: '', isOpen: false });
    // `(BASE / 'x').mkdir()`: what stands in front is no name
    for (const match of found(line, /\)\.(mkdir|mkdirs|write_text|write_bytes|touch|open)\(/g)) {
      if (match[1] === 'open' && !writing.test(line.slice(match.index + match[0].length))) continue;
      const isFolder = match[1]!.startsWith('mkdir');
      write(readPath(receiver(line, match.index + 1), lookup), isFolder ? 'folder' : 'file', isFolder);
    }
  };
}
