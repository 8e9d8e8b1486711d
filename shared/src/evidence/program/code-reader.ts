import { callsIn, inner, receiver, second } from './calls';
import { isPathFunction, optionKey, readPath } from './expression';
import { placeOf, type PathValue } from './path-value';
import { optionOf } from './options';
import { createDeclarations, createReturns, listed, parameterKey } from './own-calls';
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
): (line: string, whole: string, isConfig: boolean, call: string) => void {
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

  /** Functions, with what their parameters stand for in them, and what they give back: the names of the parameters; `null`: none begins here. */
  function readFunctions(code: string): readonly string[] | null {
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
      if (known) places.told(name, lookup(name)!);
    }
    const returned = returns(code, declared);
    const value = returned && readPath(returned.value, lookup);
    if (value && lookup(returned.name) === null) {
      places.name(returned.name, value);
      // what follows in it is left to who calls it
      places.set('', returned.name, { ...value, isOpen: false });
    }
    return declared && declared.parameters.map(({ name }) => name);
  }

  /** What is taken out of an object: `const { dir } = options`. */
  function readTaken(code: string): void {
    const [, names, from] = /^(?:const|let|var) \{([^{}]{1,200})\} ?= ?([\w.$]{1,80});?$/.exec(code) ?? [];
    if (names === undefined) return;
    for (const [, key, name] of names.matchAll(/(\w{1,60})(?: ?: ?(\w{1,60}))?/g)) {
      const value = readPath(`${from}.${key}`, lookup);
      if (value) places.name(name ?? key!, value);
    }
  }

  let loops = 0;

  /** What a name stands for in a loop: each of a few places. */
  function readLoop(code: string): void {
    const [, one, , other] = /\bfor (?:\(?(?:const|let|var) )?(\w{1,40}) (in|of) ([[(].{1,300})/.exec(code) ?? [];
    const [, before, name] =
      /(?:foreach \(|^)([[(].{1,300}?)(?: as \$|\.each (?:do|\{) ?\||\.forEach\(\(?(?:async \(?)?)(\w{1,40})/.exec(code) ?? [];
    const words = /^%w[[(]([\w ./-]{1,300})[\])]\.each (?:do|\{) ?\|(\w{1,40})/.exec(code);
    const [variable, list] = words
      ? [
          words[2],
          `[${words[1]!
            .split(' ')
            .map(word => `'${word}'`)
            .join(',')}]`,
        ]
      : [one ?? name, other ?? before];
    if (variable === undefined || list === undefined) return;
    const callee = `in ${path.replace(/\W/g, '_')} ${loops++}`;
    // a word of a list that is made is a path, as it is with a slash
    for (const item of listed(list.slice(1)).items) places.give(callee, item.replace(/^["'`](?=[\w.-]{1,60}["'`]$)/, '$&./'));
    places.name(variable, { path: '', from: 'start', variable: `${parameterKey(callee, 0)}:${variable}`, rest: '', isOpen: false });
  }

  /** Options with a default, and whatever has a name and a value, but the parameters of a function. */
  function readValues(code: string, scope: string | null, parameters: readonly string[]): void {
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
      if (!value && /^(?:(?:const|let|var) )?$/.test(code.slice(0, match.index)) && match[0].endsWith('= ')) places.forget(match[1]!);
      if (!value || option?.names.includes(match[1]!) || /^(?:Path|str|string)$/.test(match[1]!)) continue;
      if (isTyped && (code[match.index - 1] === '.' || /: ?$/.test(match[0]))) places.member(match[1]!, value);
      if (scope !== null) places.set(scope, match[1]!, value);
      if (parameters.includes(match[1]!)) continue;
      places.name(match[1]!, value);
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
    const isCertain =
      (does.certain === true || (isC && name === 'mkdir') || /\b(?:parents|exist_ok)=/.test(args)) && (!does.mode || modeAlone.test(mode));
    const isFolder = does.does === 'folder' && inside === undefined;
    const make = (value: PathValue | null): void =>
      write(value, isFolder ? 'folder' : 'file', isCertain, isFolder && (does.makes === true || withParents.test(args)));
    // several folders at once: `mkdir_p([a, b])`
    const [first, ...more] = own === null && isFolder && argument.startsWith('[') ? listed(argument.slice(1)).items : [argument];
    for (const item of more) make(readPath(item, lookup));
    const value = own ?? readPath(inside ?? first!, lookup) ?? (does.standard === undefined ? null : placeOf(does.standard));
    make(value);
    if (isCertain && value === null) places.unplaced(/^[^(),;]{0,60}/.exec(isReceiver ? around : argument)![0].trim() || name);
  }

  const isRuby = /\.(?:rb|ru)$/.test(path);
  const isScript = /\.[cm]?[jt]sx?$/.test(path);

  return (text, whole, isConfig, wholeCall) => {
    const plain = (code: string): string =>
      // what a module gives is called at once; and a private field or method: `#dir = './data'`
      isScript ? code.replace(/require\(["']better-sqlite3["']\)\(/, 'Database(').replace(/^#(?=[a-z_]\w{0,60}\s?[=(;])/i, '') : code;
    const [line, call] = [plain(text), plain(wholeCall)];
    for (const name of importedNames(line, path))
      places.name(name, { path: '', from: 'start', variable: `.${name}`, rest: '', isOpen: false });
    if (/^(?:#(?!!)|\/\/|\*|import\b|from\b)/.test(line)) return;
    const scope = settings.read(whole);
    const parameters = isConfig ? null : readFunctions(call);
    readValues(line, scope, parameters ?? []);
    if (isScript) readTaken(line);
    readLoop(line);
    for (const { name, start, args: from } of callsIn(call)) {
      const args = call.slice(from);
      const isGiven = !isConfig && parameters === null && call[from - 1] === '(' && !name.startsWith(inner) && !isPathFunction(name);
      if (isGiven) places.give(name, args);
      readWrite(call, name, start, args);
    }
    const opened = isRust ? /(?:^|\bOpenOptions\b.{0,200})\.open\((.*)/.exec(line)?.[1] : undefined;
    if (opened !== undefined) write(readPath(opened, lookup), 'file', true);
    const goes = /(?:^|[.\s])(?:chdir|set_current_dir|Chdir|SetCurrentDirectory)\((.*)/.exec(line)?.[1];
    if (goes !== undefined) places.goTo(readPath(goes, lookup));
    const temporary = isTemporary.exec(line)?.[1];
    if (temporary !== undefined) places.name(temporary, placeOf('/tmp'));
    // Ruby calls without brackets: `DATA.mkpath`
    const bare = isRuby ? /^([\w.@]{1,80})\.(?:mkpath|mkdir)\b(?!\()/.exec(line)?.[1] : undefined;
    if (bare !== undefined) write(readPath(bare, lookup), 'folder', true);
  };
}
