import { withoutEnd } from '../../base/text/ends';
import { listed } from './own-calls';
import { partsOf } from './expression-parts';
import { folderAround, isSection, isWhole, keyOf, ofObject, setting, standsFor } from './named-paths';
import { isPlace, placeOf, type Lookup, type Origin, type PathValue } from './path-value';
import { above, givesPath, isJoin, isSame, itself, ups } from './steps';

/** A key of a setting as configurations and programs share it: `log_file`, `log-file` and `LogFile` are one. */
export const plainKey = (key: string): string => key.toLowerCase().replace(/[_-]/g, '');

/** The key of an option of the command line, which no configuration has. */
export const optionKey = (name: string): string => `./${plainKey(name)}`;

/** Defaults in more defaults are not read. */
const deepest = 3;

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

/** Functions and words around a path that leave it what it is. */
const around =
  /^(?:(?:os\.)?path\.(?:join|resolve|abspath|realpath|normpath|normalize|dirname|expanduser)|join|resolve|abspath|realpath|dirname|(?:pathlib\.)?(?:Pure)?Path|File\.(?:join|expand_path|dirname)|(?:file)?path\.(?:Join|Clean|Abs|Dir)|(?:to)?(?:Absolute|Real)Path|getAbsolute(?:Path|File)|normalize|toFile|toPath|to_path_buf|into|Paths?\.(?:of|get|Combine|GetFullPath)|Path::new|new|File|DirectoryInfo|FileInfo|URI|URL|str|String|Pathname(?:\.new)?|(?:url\.)?fileURLToPath|Rails\.root(?:\.join)?|process\.cwd|os\.getcwd|getcwd|Dir\.pwd|Directory\.GetCurrentDirectory|(?:String|PathBuf)::from|to_string|toString|await|var|const|let)$/;

/** Whether a function puts paths together, or leaves one what it is. */
export const isPathFunction = (name: string): boolean => around.test(name);

/** What gives the folder of a file: all of it is in the brackets. */
const folderOfFile = /^\s*(?:[\w.]{0,30}\.)?(?:[dD]irname|Dir|GetDirectoryName)\(/;

/** What puts a text together by a pattern. */
const formatted = /^\s*&?(?:fmt\.Sprintf|String\.format|sprintf|format!)\(\s*/;

/** What stands for another value in such a pattern. */
const gap = /%[-+ #0-9.]*[a-zA-Z]|\{[^{}]*\}/g;

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

/** A method that gives a folder which an object of settings keeps: `properties.getUploadDir()`. */
const gotten = /\.get([A-Z]\w{0,40}(?:Dir|Directory|Folder|Location|Root)|Dir|Directory|Folder|Location)$/;

/** Properties that Java has by itself. */
const ofJava: Readonly<Record<string, PathValue>> = {
  'user.home': placeOf('', 'home'),
  'user.dir': placeOf('.'),
  'java.io.tmpdir': placeOf('/tmp'),
};

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
  under: string | undefined;
  isFolder: boolean;
  parents: number;
  /** Whether the program's own file is named, rather than its folder. */
  isFile: boolean;
}

/** Puts a piece behind a path: with a slash where the two are joined. */
function put(state: State, piece: string, isJoined: boolean): void {
  const joined = isJoined || state.isFolder;
  state.isFolder = false;
  const whole = (before: string): string =>
    joined && before !== '' && !before.endsWith('/') && piece !== '' && !piece.startsWith('/') ? `${before}/${piece}` : before + piece;
  if (state.variable !== null) state.rest = joined && state.rest === '' && /^[^/]/.test(piece) ? `/${piece}` : whole(state.rest);
  if (state.path !== null || state.variable === null) state.path = whole(state.path ?? '');
}

/** Puts what a variable stands for behind a path. */
function putUnder(state: State, variable: string | null, standard: string): void {
  state.under = state.path ?? '';
  if (standard === '') state.path = null;
  else put(state, standard, true);
  state.variable = variable;
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

/** Adds what a name stands for; `false`: that is not known. */
function addValue(state: State, value: PathValue | null, joined: boolean): boolean {
  if (value === null) return false;
  if (state.path === null && state.variable === null) {
    const isUnset = isPlace(value.variable) && value.path === '';
    [state.path, state.from, state.variable, state.rest] = [isUnset ? null : value.path, value.from, value.variable, value.rest];
    state.under = value.under;
    state.isFolder = value.isFolder === true;
  } else if (isPlace(value.variable)) {
    const isBehind = joined || state.isFolder || state.path?.endsWith('/') === true;
    if (!isBehind || state.variable !== null || value.under !== undefined) return false;
    putUnder(state, value.variable, value.path);
    state.rest = value.rest;
  } else if (value.isOpen) return false;
  else put(state, value.path, joined);
  return !value.isOpen;
}

/** `File.expand_path('data', ROOT)` names the folder behind the path: turned round. From a file the first step upwards leads to its folder. */
const expanded = /\bFile\.expand_path\(\s?([^(),]{1,100}),\s?([^(),]{1,60}(?:\([^()]{0,60}\))?)\)/;

function inOrder(text: string): string {
  if (!text.includes('expand_path')) return text;
  return text.replace(expanded, (_, path: string, from: string) =>
    from.trim() === '__FILE__' ? `File.join(__dir__, ${path.replace(/\.\.\/?/, '')})` : `File.join(${from}, ${path})`,
  );
}

/** What stands between the names of a path. */
const separator = /^(?:DIRECTORY_SEPARATOR|File::SEPARATOR|os\.sep|path\.sep)$/;

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
    if (inside && inside.path !== itself && (inside.path !== '' || inside.variable !== null) && !inside.path.startsWith('..'))
      return folderAround(inside);
  }
  const parts = partsOf(inOrder(text));
  const state: State = {
    path: null,
    from: 'start',
    variable: null,
    rest: '',
    under: undefined,
    isFolder: false,
    parents: 0,
    isFile: false,
  };
  let isOpen = false;
  let joined = false;
  for (let at = 0; at < parts.length; at++) {
    const { kind, value, before } = parts[at]!;
    const isBehind = (state.path ?? state.variable) !== null && isJoin(parts[at - 1]?.value ?? '');
    joined = isBehind || /[,/]/.test(before) || (joined && parts[at - 1]?.kind === 'name' && state.path === '');
    if (kind === 'text') {
      const before = `${state.path ?? ''}${state.rest}`;
      if (addText(state, value, joined, lookup)) continue;
      isOpen = true;
      // what it began with is the beginning of a name
      joined &&= `${state.path ?? ''}${state.rest}` === before;
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
      if (state.variable !== null || variable === null) {
        isOpen = true;
        break;
      }
      if (state.path !== null) {
        putUnder(state, variable, '');
        continue;
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
      state.isFile = /^__file/i.test(value);
      // of a folder the first step leads to the one around it
      state.parents += ups(value) + (/^__dir/i.test(value) ? 1 : 0);
      // how many: `dirname(__DIR__, 2)`
      const levels = parts[at - 1]?.value === 'dirname' && parts[at + 1]?.before === ',' ? /^[1-5]$/.exec(parts[at + 1]!.value) : null;
      if (levels) {
        state.parents += Number(levels[0]) - 1;
        at++;
      }
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
      // by number: `parents[1]`
      const numbered = /(?:^|\.)parents$/.test(value) && parts[at + 1]?.before.startsWith('[') ? /^\d$/.exec(parts[at + 1]!.value) : null;
      const more = numbered ? Number(numbered[0]) + 1 : 0;
      if (numbered) at++;
      const own = around.test(value) ? null : isTemporary ? nowhere : standsFor(value, more, lookup);
      // what a parameter, or a setting, is asked for by a key
      const isCalled = parts[at + 1]?.before.startsWith('(') === true;
      let known = own ?? (isCalled ? null : ofObject(value, lookup));
      while (known && isWhole(known) && parts[at + 1]?.kind === 'text' && parts[at + 1]!.before.endsWith('['))
        known = keyOf(known, parts[++at]!.value);
      const steps = ups(value) + more;
      if (separator.test(value)) put(state, '/', false);
      else if (known === null && (around.test(value) || isSame(value) || steps > 0)) {
        // behind a path they lead up from it, in front of one from what follows
        const up =
          before.startsWith(')') && steps > 0 && state.path && state.variable === null
            ? above(state.path, state.from === 'file', steps)
            : null;
        if (up === null) state.parents += steps;
        else state.path = up;
      } else {
        // the keys that it is asked for: `settings['photos']['originals']`, `config.get('storage.path')`
        const keys: string[] = [];
        while (known === null && parts[at + 1]?.kind === 'text' && /[[(]$/.test(parts[at + 1]!.before)) keys.push(parts[++at]!.value);
        const asked = parts[at + 1];
        if (known === null && asked?.kind === 'text' && asked.before === ',' && isSection(value, keys, asked.value))
          keys.push(parts[++at]!.value);
        // `config['paths'].get('output')`
        const isLed = keys.length > 0 && /^\]\.$/.test(asked?.before ?? '') && /^get\w{0,12}$/.test(asked!.value);
        if (isLed && parts[at + 2]?.kind === 'text') keys.push(parts[(at += 2)]!.value);
        const isAsked = keys.length > 0 && parts[at]!.before.endsWith('(');
        // a function that gives a path, and is declared further on or elsewhere
        const isCall = keys.length === 0 && isCalled && !givesPath(value);
        const got = keys.length === 0 ? gotten.exec(value)?.[1] : undefined;
        const given =
          known ?? (got !== undefined ? setting(`it.${got}`, []) : isCall ? null : (lookupKey(keys, lookup) ?? setting(value, keys)));
        if (!addValue(state, given, joined)) {
          isOpen = true;
          // what a name stands for is cut already
          joined ||= given?.isOpen === true;
          break;
        }
        // what it is where nobody sets it
        const other = /^(?:or|fallback)$/.test(parts[at + 1]?.value ?? '') ? parts[at + 2] : parts[at + 1];
        const isDefault = other !== parts[at + 1] || /\|\||\?\?|\?:/.test(other?.before ?? '') || (isAsked && other?.before === ',');
        // a default that is an expression of its own
        const isInstead = isPlace(state.variable) && state.path === null && /\|\||\?\?|\?:/.test(other?.before ?? '');
        const isOwn = other?.kind === 'name' && ((known === null && isAsked && other.before === ',') || isInstead);
        const standard = isOwn && depth < deepest ? readPath(text.slice(other.at), lookup, depth + 1) : null;
        if (standard?.variable === null && isPlace(state.variable)) return { ...standard, variable: state.variable };
        if (known !== null || other?.kind !== 'text' || !isDefault || !isPath(other.value)) continue;
        if (isPlace(state.variable)) state.path ??= other.value;
        if (isAsked) break;
        at += other === parts[at + 1] ? 1 : 2;
      }
    }
  }
  const { path, from, variable, rest, under, parents, isFile } = state;
  if ((path === null || (path === '' && from === 'start')) && variable === null) return null;
  // the first step upwards leads from the file to its folder
  const upwards = from === 'file' && parents > 1 ? '../'.repeat(Math.min(parents - 1, 5)) : '';
  const isCut = isOpen && !joined && !state.isFolder;
  const cut = (text: string): string => (isCut && !text.endsWith('/') ? text.slice(0, text.lastIndexOf('/') + 1) : text);
  const known = cut(path ?? '');
  const folder = from !== 'start' ? known.replace(/^\/+/, '') : known;
  if (isFile && folder === '' && parents === 0) return { path: itself, from, variable, rest, isOpen };
  const value: PathValue = {
    path: folder === '/' ? folder : withoutEnd(upwards + folder, '/'),
    from,
    variable,
    rest: withoutEnd(cut(rest), '/'),
    isOpen,
    ...((state.isFolder || (rest === '' ? known : rest).endsWith('/')) && !isOpen && { isFolder: true as const }),
  };
  // what is not set leaves nothing behind the folder
  return under === undefined ? value : { ...value, path: folder === '' ? '' : value.path, under: withoutEnd(upwards + under, '/') };
}
