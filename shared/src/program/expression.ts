import { withoutEnd } from '../text/ends';
import { listed } from './own-calls';

/** Where a relative path counts from: the folder that the program starts in, that of its own file, or the home directory of its user. */
export type Origin = 'start' | 'file' | 'home';

/** A path that an expression of a program gives, as far as it is written down. */
export interface PathValue {
  /** As written, joined with `/`; `''` for the folder itself that it counts from. */
  readonly path: string;
  readonly from: Origin;
  /** The variable of the environment, with a dot in front the setting, or with `@` the parameter, whose value stands for the path, or for its beginning up to `rest`; `null`: none. */
  readonly variable: string | null;
  /** What follows the variable's value: below it with a slash in front, else its name goes on, `.tmp`; `''`: nothing. */
  readonly rest: string;
  /** Whether something follows that is not known: `path` is a folder then. */
  readonly isOpen: boolean;
}

/** Whether a variable is none of the environment, but a setting or a parameter: what it names is a whole path, and nothing to put behind another. */
export function isPlace(variable: string | null): boolean {
  return variable !== null && /^[.@]/.test(variable);
}

/** A key of a setting as configurations and programs share it: `log_file`, `log-file` and `LogFile` are one. */
export const plainKey = (key: string): string => key.toLowerCase().replace(/[_-]/g, '');

/** The key of an option of the command line, which no configuration has. */
export const optionKey = (name: string): string => `./${plainKey(name)}`;

/** Looks up what a name of the program stands for. */
type Lookup = (name: string) => PathValue | null;

/** A part of an expression, and the signs in front of it. */
interface Part {
  readonly kind: 'text' | 'name';
  readonly value: string;
  readonly before: string;
  /** Where it begins in the expression. */
  readonly at: number;
}

/** Defaults in more defaults are not read. */
const deepest = 3;

/** More characters of one expression are not read. */
const longest = 300;

/** Quotes of strings. */
const quotes = '"\'`';

const isWord = (char: string): boolean => /[\w$@]/.test(char);

/** The strings and names of an expression up to where it ends: at a comma, semicolon or bracket that is not its own. */
function partsOf(text: string): readonly Part[] {
  const parts: Part[] = [];
  let before = '';
  let depth = 0;
  const end = Math.min(text.length, longest);
  for (let at = 0; at < end; at++) {
    const char = text[at]!;
    if (quotes.includes(char)) {
      let to = at + 1;
      while (to < end && text[to] !== char) to += text[to] === '\\' ? 2 : 1;
      parts.push({ kind: 'text', value: text.slice(at + 1, to), before, at });
      [before, at] = ['', to];
    } else if (isWord(char)) {
      let to = at + 1;
      while (to < end && (isWord(text[to]!) || (/[.:?>-]/.test(text[to]!) && /^(?:\.|\?\.|::|->)[A-Za-z_]/.test(text.slice(to, to + 3))))) {
        to += isWord(text[to]!) ? 1 : text[to] === '.' ? 1 : 2;
      }
      // letters in front of a string say how it is read: f"", r''
      if (!(to < end && quotes.includes(text[to]!) && to - at <= 2)) {
        parts.push({ kind: 'name', value: text.slice(at, to), before, at });
        before = '';
      }
      at = to - 1;
    } else if ('([{'.includes(char)) {
      depth++;
      before += char;
    } else if (')]}'.includes(char)) {
      if (--depth < 0) break;
      before += char;
    } else if ((char === ',' || char === ';') && depth === 0) break;
    else if (char === '#' || (char === '/' && text[at + 1] === '/')) break;
    else if (char !== ' ') before += char;
  }
  return parts;
}

/** What reads a variable of the environment: its name follows. */
const environment =
  /^(?:os\.)?environ(?:\.get)?$|getenv$|^ENV(?:\.fetch)?$|^env::var$|^std::env::var$|^\$_(?:ENV|SERVER)$|GetEnvironmentVariable$/i;

/** The folder or file of the program itself. */
const ownPlace =
  /^(?:__dirname|__filename|__dir__|__DIR__|__file__|__FILE__|import\.meta(?:\.\w+)?|(?:\w+\.)?root_path|AppContext\.BaseDirectory)(?:\.|$)/;

/** The home directory of the user. */
const home = /^(?:(?:os\.)?homedir|(?:pathlib\.)?Path\.home|Dir\.home|os\.User(?:Home|Cache|Config)Dir|expanduser)$/;

/** What gives a temporary file or folder, or a file that keeps nothing. */
const temporary =
  /^(?:tempfile\.\w+|(?:fs\.|fsp\.|promises\.)?mkdtemp(?:Sync)?|(?:os\.)?tmpdir|sys_get_temp_dir|tempnam|tmpfile|(?:\w+\.)?Tempfile\.(?:new|create|open)|Dir\.(?:tmpdir|mktmpdir)|os\.(?:TempDir|MkdirTemp|CreateTemp|devnull|DevNull)|ioutil\.Temp\w+|(?:std::)?env::temp_dir|(?:Files\.|File\.)?createTemp\w+|Path\.GetTemp\w+|tempdir)$/;

/** A setting by its name in a program: `config.storage.path`, `settings['photos']['originals']`, without what it is kept in; `null`: the name alone. */
function settingOf(name: string, keys: readonly string[]): string | null {
  const parts = name.replace(/[?!]/g, '').split(/\.|->|::/);
  const last = parts.at(-1)!;
  const isAsked = /^(?:get|fetch|dig|get_?string|get_?property|get_?str|getpath|value|require|\[\])$/i.test(last) && keys.length > 0;
  // a constant by itself is set in another file
  const isConstant = keys.length === 0 && /^[A-Z][A-Z\d_]{2,}$/.test(last);
  const path = isConstant ? [last] : [...parts.slice(1, isAsked ? -1 : undefined), ...keys];
  return path.length === 0 || /^(?:getP|p)arent(?:File)?$/.test(last) || path.length > 5 || path.some(part => !/^[\w.:-]{1,60}$/.test(part))
    ? null
    : `.${path.join('.').replace(/:/g, '.')}`;
}

/** Functions and words around a path that leave it what it is. */
const around =
  /^(?:(?:os\.)?path\.(?:join|resolve|abspath|realpath|normpath|normalize|dirname|expanduser)|join|resolve|abspath|realpath|dirname|(?:pathlib\.)?(?:Pure)?Path|File\.(?:join|expand_path|dirname)|(?:file)?path\.(?:Join|Clean|Abs|Dir)|(?:to)?(?:Absolute|Real)Path|getAbsolute(?:Path|File)|normalize|toFile|toPath|to_path_buf|into|Paths?\.(?:of|get|Combine|GetFullPath)|Path::new|new|File|DirectoryInfo|FileInfo|URI|URL|str|String|Pathname(?:\.new)?|(?:url\.)?fileURLToPath|Rails\.root(?:\.join)?|process\.cwd|os\.getcwd|getcwd|Dir\.pwd|Directory\.GetCurrentDirectory|(?:String|PathBuf)::from|to_string|toString|await|var|const|let)$/;

/** Whether a function puts paths together, or leaves one what it is. */
export const isPathFunction = (name: string): boolean => around.test(name);

/** What the parent of a name stands for: `DATABASE.parent`. */
function parentOf(name: string, lookup: Lookup): PathValue | null {
  const of = /^(.{1,80})\.(?:parent|parentFile|getParent|getParentFile)$/.exec(name)?.[1];
  const value = of === undefined ? null : lookup(of);
  return value && !value.isOpen && (value.variable !== null || value.path.includes('/')) ? folderAround(value) : null;
}

/** Methods of a path that give the path itself, or one below it: `root.resolve("x")`, `dir.join("x")`. */
const ofPath =
  /^(.{1,80})\.(?:resolve|join|joinpath|to(?:File|Path|String|AbsolutePath|RealPath)|normalize|getAbsolute(?:Path|File)|getPath|clone|to_path_buf|to_owned|to_string|as_path|as_ref|as_str|into)$/;

/** What a name stands for, or the path whose method it is. */
function standsFor(name: string, lookup: Lookup): PathValue | null {
  const own = lookup(name) ?? parentOf(name, lookup);
  const of = own === null ? ofPath.exec(name)?.[1] : undefined;
  return of === undefined ? own : (standsFor(of, lookup) ?? setting(of, []));
}

/** What gives the folder of a file: all of it is in the brackets. */
const folderOfFile = /^\s*(?:[\w.]{0,30}\.)?(?:[dD]irname|Dir|GetDirectoryName)\(/;

/** What puts a text together by a pattern. */
const formatted = /^\s*&?(?:fmt\.Sprintf|String\.format|sprintf|format!)\(\s*/;

/** What stands for another value in such a pattern. */
const gap = /%[-+ #0-9.]*[a-zA-Z]|\{[^{}]*\}/g;

/** The folder that a path is in. */
function folderAround({ path, variable, rest, isOpen, from }: PathValue): PathValue {
  const up = (part: string): string => (part.includes('/') ? part.slice(0, part.lastIndexOf('/')) || '/' : '');
  const above = variable === null || path !== '' ? up(path) || '.' : '';
  return {
    path: above,
    from,
    variable,
    rest: variable === null ? '' : rest.includes('/') ? rest.slice(0, rest.lastIndexOf('/')) : '/..',
    isOpen,
  };
}

/** The path that a pattern gives: what stands in front of its first gap, or the value that fills that, and what follows up to the next. */
function readPattern(items: readonly string[], lookup: Lookup): PathValue | null {
  const pattern = /^["'`]([^"'`]{0,200})["'`]$/.exec(items[0] ?? '')?.[1];
  const gaps = [...(pattern ?? '').matchAll(gap)];
  if (pattern === undefined || gaps.length === 0) return null;
  const [first, second] = gaps;
  const before = pattern.slice(0, first!.index);
  if (before !== '') return { ...placeOf(before.slice(0, before.lastIndexOf('/') + 1)), isOpen: true };
  const value = items[1] === undefined ? null : readPath(items[1], lookup);
  const behind = pattern.slice(first![0].length, second?.index);
  const whole = second ? behind.slice(0, behind.lastIndexOf('/') + 1) : behind;
  if (!value || value.isOpen || !isPath(whole)) return value;
  const end = withoutEnd(whole, '/');
  const isNamed = value.variable !== null;
  return {
    ...value,
    path: isNamed && value.path === '' ? '' : value.path + end,
    rest: isNamed ? value.rest + end : '',
    isOpen: second !== undefined,
  };
}

/** A path that is written down as it is. */
export const placeOf = (path: string, from: Origin = 'start'): PathValue => ({ path, from, variable: null, rest: '', isOpen: false });

/** A method that gives a folder which an object of settings keeps: `properties.getUploadDir()`. */
const gotten = /\.get([A-Z]\w{0,40}(?:Dir|Directory|Folder|Location|Root)|Dir|Directory|Folder|Location)$/;

/** Properties that Java has by itself. */
const ofJava: Readonly<Record<string, PathValue>> = {
  'user.home': placeOf('', 'home'),
  'user.dir': placeOf('.'),
  'java.io.tmpdir': placeOf('/tmp'),
};

/** How often a name leads to a parent: `.parent.parent`, `dirname`. */
const ups = (name: string): number =>
  name.split(/\.|->/).filter(part => part === 'parent' || part === 'dirname' || part === 'parentFile').length;

/** A URL of a database in a file, without what comes in front of the file. */
export function withoutScheme(text: string): string {
  const scheme = /^(?:(?:jdbc:)?(?:sqlite3?|h2|hsqldb|derby)(?:\+\w+)?:(?:file:)?|file:)(?:\/\/\/?(?=.))?/.exec(text);
  return scheme ? text.slice(scheme[0].length).split(/[;?]/, 1)[0]! : text;
}

/** Whether a text may be a path, or a part of one. */
const isPath = (text: string): boolean => /^[\w./@+-]*$/.test(text) && !/^\.+$/.test(text.replace(/\.\.?\/?/g, '')) && text.length < 200;

interface State {
  path: string | null;
  from: Origin;
  variable: string | null;
  rest: string;
  parents: number;
}

/** Puts a piece behind a path: with a slash where the two are joined. */
function put(state: State, piece: string, joined: boolean): void {
  const whole = (before: string): string =>
    joined && before !== '' && !before.endsWith('/') && piece !== '' && !piece.startsWith('/') ? `${before}/${piece}` : before + piece;
  if (state.variable !== null) state.rest = joined && state.rest === '' && /^[^/]/.test(piece) ? `/${piece}` : whole(state.rest);
  if (state.path !== null || state.variable === null) state.path = whole(state.path ?? '');
}

/** Where a string has another expression in it: `${x}`, `{x}`, `#{x}`. */
const inserted = /[$#]?\{([^{}]{0,60})\}|\$(\w+)/g;

/** Adds a string, with the names in it looked up; `false`: it goes on with what is not known. */
function addText(state: State, text: string, joined: boolean, lookup: Lookup): boolean {
  let last = 0;
  let first = joined;
  for (const match of text.matchAll(inserted)) {
    const before = withoutScheme(text.slice(last, match.index));
    if (!isPath(before)) return false;
    if (before !== '') put(state, before, first);
    first = first && before === '';
    last = match.index + match[0].length;
    const name = (match[1] ?? match[2]!).trim();
    if (ownPlace.test(name)) state.from = 'file';
    else if (!addValue(state, lookup(name) ?? variableNamed(name), first)) return false;
    first = false;
  }
  const tail = last === 0 ? withoutScheme(text) : text.slice(last);
  if (!isPath(tail)) return false;
  put(state, tail, first);
  return true;
}

const variableNamed = (name: string): PathValue | null => {
  const variable = /^process\.env\.(\w+)$/.exec(name)?.[1];
  return variable === undefined ? null : { path: '', from: 'start', variable, rest: '', isOpen: false };
};

/** Where nothing stays: with the temporary files. */
const nowhere = placeOf('/tmp');

/** What the last of some keys stands for; a parameter of that name is another matter. */
function lookupKey(keys: readonly string[], lookup: Lookup): PathValue | null {
  const found = keys.length === 0 ? null : lookup(keys.at(-1)!);
  return found?.variable?.startsWith('@') ? null : found;
}

function setting(name: string, keys: readonly string[]): PathValue | null {
  const variable = settingOf(name, keys);
  return variable === null ? null : { path: '', from: 'start', variable, rest: '', isOpen: false };
}

/** Adds what a name stands for; `false`: that is not known. */
function addValue(state: State, value: PathValue | null, joined: boolean): boolean {
  if (value === null) return false;
  if (state.path === null && state.variable === null) {
    const isUnset = isPlace(value.variable) && value.path === '';
    [state.path, state.from, state.variable, state.rest] = [isUnset ? null : value.path, value.from, value.variable, value.rest];
  } else if (isPlace(value.variable) || value.isOpen) return false;
  else put(state, value.path, joined);
  return !value.isOpen;
}

/**
 * Reads the path that an expression of any of the usual languages gives: strings, `join` and `+` and `/`, the default of a variable of the
 * environment, the folder of the program itself, names that `lookup` knows. `null`: it does not begin with anything that is written down.
 * @param depth how many defaults it is in: each is read anew
 */
export function readPath(text: string, lookup: Lookup, depth = 0): PathValue | null {
  const called = folderOfFile.exec(text) ?? formatted.exec(text);
  const { items, rest: behind } = called ? listed(text.slice(called[0].length)) : { items: [], rest: '' };
  if (called && /^\s*(?:[,;)?]|$)/.test(behind)) {
    if (formatted.test(text)) return readPattern(items, lookup);
    const inside = items.length === 1 ? readPath(items[0]!, lookup) : null;
    // the folder of the program's own file is told by the steps that lead there
    if (inside && (inside.path !== '' || inside.variable !== null) && !inside.path.startsWith('..')) return folderAround(inside);
  }
  const parts = partsOf(text);
  const state: State = { path: null, from: 'start', variable: null, rest: '', parents: 0 };
  let isOpen = false;
  let joined = false;
  for (let at = 0; at < parts.length; at++) {
    const { kind, value, before } = parts[at]!;
    const isBehind = (state.path ?? state.variable) !== null && /(?:^|\.)(?:join|joinpath|resolve)$/.test(parts[at - 1]?.value ?? '');
    joined = isBehind || /[,/]/.test(before) || (joined && parts[at - 1]?.kind === 'name' && state.path === '');
    if (kind === 'text') {
      if (addText(state, value, joined, lookup)) continue;
      isOpen = true;
      break;
    }
    const named = /^process\.env(?:\.(\w+))?$/.exec(value) ?? (environment.test(value) ? [value] : null);
    if (named) {
      // what is asked of all of them: System.getenv().getOrDefault("NAME", …)
      if (parts[at + 1]?.kind === 'name' && /^\.?(?:getOrDefault|get)$/.test(parts[at + 1]!.value)) at++;
      const variable = named[1] ?? (parts[at + 1]?.kind === 'text' ? parts[++at]!.value : null);
      const next = parts[at + 1];
      const isOr = next?.kind === 'name' && (next.value === 'or' || /unwrap_or|orElse/.test(next.value));
      const other = isOr ? parts[at + 2] : next;
      const isDefault =
        other?.kind === 'text' &&
        (other !== next || /\|\||\?\?|\?:|\{/.test(next.before) || (next.before === ',' && named[1] === undefined));
      if (state.path !== null || variable === null) {
        isOpen = true;
        break;
      }
      state.variable = variable;
      // a default that is an expression of its own
      const hasDefault =
        next?.kind === 'name' && (/\|\||\?\?|\?:|\{/.test(next.before) || (next.before === ',' && named[1] === undefined) || isOr);
      const standard = hasDefault && depth < deepest ? readPath(text.slice(other?.at ?? text.length), lookup, depth + 1) : null;
      if (standard?.variable === null) return { ...standard, variable };
      if (!isDefault) continue;
      at += other === next ? 1 : 2;
      const fallback = withoutScheme(other.value);
      if (isPath(fallback)) state.path = fallback;
    } else if (ownPlace.test(value)) {
      state.from = 'file';
      state.path ??= '';
      // of a folder the first step leads to the one around it
      state.parents += ups(value) + (/^__dir/i.test(value) ? 1 : 0);
    } else if (/\.ContentRootPath$/.test(value) && state.path === null) {
      // .NET's, where it starts
      state.path = '';
    } else if (/(?:^|\.)instance_path$/.test(value) && state.path === null) {
      // Flask's, beside the package that runs
      state.path = 'instance';
    } else if (/^System\.getProperty$/.test(value) && state.path === null && ofJava[parts[at + 1]?.value ?? '']) {
      const { path, from } = ofJava[parts[++at]!.value]!;
      [state.path, state.from] = [path, from];
    } else if (home.test(value) && state.path === null) {
      [state.from, state.path] = ['home', ''];
    } else {
      const isTemporary = temporary.test(value) && !/^dir$/.test(parts[at + 1]?.value ?? '');
      const own = around.test(value) ? null : isTemporary ? nowhere : standsFor(value, lookup);
      // what a parameter is asked for is a setting, whatever the parameter is
      const isAskedFor = own?.variable?.startsWith('@') === true && parts[at + 1]?.kind === 'text' && parts[at + 1]!.before.endsWith('[');
      const found = isAskedFor ? null : own;
      if (found === null && (around.test(value) || ups(value) > 0)) state.parents += ups(value);
      else {
        // the keys that it is asked for: `settings['photos']['originals']`, `config.get('storage.path')`
        const keys: string[] = [];
        while (found === null && parts[at + 1]?.kind === 'text' && /[[(]$/.test(parts[at + 1]!.before)) keys.push(parts[++at]!.value);
        const isAsked = keys.length > 0 && parts[at]!.before.endsWith('(');
        const isCall = keys.length === 0 && parts[at + 1]?.before.startsWith('(') === true;
        const got = keys.length === 0 ? gotten.exec(value)?.[1] : undefined;
        const given =
          found ?? (got !== undefined ? setting(`it.${got}`, []) : isCall ? null : (lookupKey(keys, lookup) ?? setting(value, keys)));
        if (!addValue(state, given, joined)) {
          isOpen = true;
          // what a name stands for is cut already
          joined ||= given?.isOpen === true;
          break;
        }
        // what it is where nobody sets it
        const other = parts[at + 1]?.value === 'or' ? parts[at + 2] : parts[at + 1];
        const isDefault = other !== parts[at + 1] || /\|\||\?\?|\?:/.test(other?.before ?? '') || (isAsked && other?.before === ',');
        // a default that is an expression of its own
        const isOwn = found === null && isAsked && other?.kind === 'name' && other.before === ',';
        const standard = isOwn && depth < deepest ? readPath(text.slice(other.at), lookup, depth + 1) : null;
        if (standard?.variable === null && isPlace(state.variable)) return { ...standard, variable: state.variable };
        if (found !== null || other?.kind !== 'text' || !isDefault || !isPath(other.value)) continue;
        if (isPlace(state.variable)) state.path ??= other.value;
        if (isAsked) break;
        at += other === parts[at + 1] ? 1 : 2;
      }
    }
  }
  const { path, from, variable, rest, parents } = state;
  if ((path === null || (path === '' && from === 'start')) && variable === null) return null;
  // the first step upwards leads from the file to its folder
  const above = from === 'file' && parents > 1 ? '../'.repeat(Math.min(parents - 1, 5)) : '';
  const isCut = isOpen && !joined && path !== null && !path.endsWith('/');
  const known = isCut ? path.slice(0, path.lastIndexOf('/') + 1) : (path ?? '');
  const folder = from !== 'start' ? known.replace(/^\/+/, '') : known;
  return { path: above + (folder === '/' ? folder : withoutEnd(folder, '/')), from, variable, rest, isOpen };
}
