import { isFilledAtRun, isReadName, isSystemFolder } from '../../knowledge/folders';
import { withoutEnd } from '../../base/text/ends';
import { resolvePath } from '../../base/text/path';
import type { ProgramFact, ProgramSetting, ProgramWrite } from '../../workspace/lone-facts';
import { plainKey, readPath } from './expression';
import { isPlace, placeOf, type PathValue } from './path-value';
import { calleeOf, listed, parameterKey, putPlace } from './own-calls';

/** More writes, and more settings, of one file are not kept. */
const mostWrites = 12;
const mostSettings = 60;

/** What options, keys and names of variables are called whose value is what a program writes. */
export const writtenKey =
  /(?:dir|directory|folder|file|filename|path|dest|destination|storage|database|db|dbpath|log|logfile|cache|uploads?|sessions?|pid|pidfile|location|socket|sock|state_path|accesslog|errorlog|stdout_redirect|url|uri|data|store|name|root|dsn)$/i;

/** What is called the folder of something, which another file may write. */
export const folderKey = /(?:dir|directory|folder)$/i;

/** Settings of frameworks for folders that they fill: Django, Flask and their extensions. */
const filledKey = /^(?:MEDIA_ROOT|UPLOAD_FOLDER|UPLOADS_DEFAULT_DEST|SESSION_FILE_(?:DIR|PATH)|EMAIL_FILE_PATH|FILE_UPLOAD_TEMP_DIR)$/;

/** Files that programs keep for themselves. */
const keptFile = /\.(?:db|sqlite3?|log|pid|sock|rdb|mdb|jsonl|lock)$/i;

/** A file in a folder of logs. */
const logFile = /(?:^|\/)logs?\/[^/]{1,100}\.\w{1,5}$/;

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
function writeOf(value: PathValue, does: 'folder' | 'file', isCertain: boolean, makes: boolean): ProgramWrite | null {
  const { variable, from, rest, under } = value;
  const asFolder = does === 'folder' || value.isOpen;
  if (/:memory:|^mem:/.test(value.path)) return null;
  const [folder, file] = asFolder ? [value.path, ''] : split(value.path);
  if (!asFolder && file === '' && variable === null) return null;
  const clean = kept(folder);
  if (clean === null) return null;
  // a folder that is made is not the one that it starts in
  if (asFolder && clean === '' && variable === null) return null;
  // `path + '.tmp'` is beside what the variable names
  const namesFile = !asFolder && !rest.includes('/');
  const below = variable === null || namesFile ? '' : asFolder ? rest : split(rest)[0];
  return {
    folder: clean,
    from,
    variable,
    rest: withoutEnd(below, '/'),
    ...(under !== undefined && { under }),
    isFile: namesFile,
    file: asFolder ? null : file,
    isCertain,
    makes: makes && !value.isOpen,
  };
}

/** What one file of a program tells of places, as it is read line by line. */
export interface Places {
  /** What a name stands for, by its last part; `null`: that is not known. */
  readonly lookup: (name: string) => PathValue | null;
  /** A name stands for a place from here on. */
  name(name: string, value: PathValue): void;
  /** A name stands for something else from here on, which is not known: what its function was given no longer. */
  forget(name: string): void;
  /** Relative paths count from another folder from here on; `null`: from one that is not known. */
  goTo(value: PathValue | null): void;
  /** A file, or what is in a folder, is written; `isCertain`: a call says so, and not only a name; `makes`: the call makes the folder. */
  readonly write: (value: PathValue | null, does: 'folder' | 'file', isCertain?: boolean, makes?: boolean) => void;
  /** A call writes to what the file does not place, as it is written there. */
  unplaced(text: string): void;
  /** A path stands in the file: what the image does not have there, the program makes. */
  mention(path: string): void;
  /** An option, a key or a variable has a value, which is written if its name says so. */
  told(key: string, value: PathValue): void;
  /** Files that use this one see what a key is; `inside`: the keys around it, with dots. */
  set(inside: string, key: string, value: PathValue): void;
  /** A part of an object has a value, wherever in the file: `root: dir`, `this.root = dir`. */
  member(key: string, value: PathValue): void;
  /** A function is called; `args` begins behind its bracket. */
  give(callee: string, args: string): void;
  /** All of it. */
  facts(): Pick<ProgramFact, 'writes' | 'untold' | 'settings'>;
}

/** Whether a variable is a part of an object by its name alone: `.root`. */
const isPart = (variable: string | null): boolean => variable !== null && /^\.\w+$/.test(variable);

/** The key that a setting is kept under. */
export const settingKey = (inside: string, key: string): string => plainKey(`.${inside === '' ? '' : `${inside}.`}${key}`);

/** What is kept of a place that others are told. */
const settingOf = ({ path, from, variable, rest, under, isFolder }: PathValue): ProgramSetting => ({
  path: isFolder && !/^(?:.*\/)?$/.test(path) ? `${path}/` : path,
  from,
  variable,
  rest,
  ...(under !== undefined && { under }),
});

/** Collects the places of one file: each line counts for those behind it. Linear, and bounded in what it keeps. */
export function createPlaces(): Places {
  const names = new Map<string, PathValue>();
  const writes = new Map<string, ProgramWrite>();
  const settings: Record<string, ProgramSetting> = {};
  const files = new Set<string>();
  const mentions = new Set<string>();
  const members = new Map<string, PathValue | null>();
  const later: [value: PathValue, does: 'folder' | 'file', isCertain: boolean, makes: boolean][] = [];
  let kept = 0;
  let untold: string | null = null;
  let cwd: PathValue | null = null;

  /** A relative path from the folder that the program has gone to. */
  const placed = (value: PathValue): PathValue =>
    cwd === null || value.from !== 'start' || value.path.startsWith('/') || value.variable !== null
      ? value
      : { ...cwd, path: `${cwd.path}/${value.path}`, isOpen: value.isOpen };

  const lookup = (name: string): PathValue | null =>
    names.get(name.slice(Math.max(...[...'.>$@:#'].map(sign => name.lastIndexOf(sign))) + 1)) ?? null;

  /** What a value is by the part of an object that it names, where this file tells that once; a configuration may still set it. */
  const bound = (value: PathValue): PathValue => {
    const member = isPart(value.variable) ? members.get(plainKey(value.variable!.slice(1))) : null;
    if (!member || value.path !== '' || value.under !== undefined || member.isOpen) return value;
    return member.variable === null
      ? { ...value, path: member.path + value.rest, from: member.from }
      : { ...member, path: member.path === '' ? '' : member.path + value.rest, rest: member.rest + value.rest, isOpen: value.isOpen };
  };

  const write: Places['write'] = (value, does, isCertain = false, makes = false) => {
    if (value && isPart(value.variable) && later.length < mostWrites) return void later.push([value, does, isCertain, makes]);
    put(value, does, isCertain, makes);
  };

  const put = (value: PathValue | null, does: 'folder' | 'file', isCertain: boolean, makes: boolean): void => {
    if (value && does === 'file') files.add(value.path);
    const found = value && writeOf(placed(value), does, isCertain, makes);
    if (!found || writes.size >= mostWrites) return;
    const key = `${found.from} ${found.variable ?? ''} ${found.folder} ${found.under ?? ''} ${found.rest}`;
    const known = writes.get(key);
    if (!known || (found.isCertain && !known.isCertain)) writes.set(key, { ...found, makes: found.makes || known?.makes === true });
    else if (found.makes && !known.makes) writes.set(key, { ...known, makes: true });
  };

  /** Keeps what a function is given: by its number, its name, or its key in an object. */
  function giveOne(callee: string, text: string, index: number | null): void {
    const object = /^(?:\{|\[(?=["']\w{1,40}["'] ?=>)|array\()/.exec(text)?.[0];
    if (object !== undefined) return listed(text.slice(object.length)).items.forEach(item => giveOne(callee, item, null));
    const [, keyword, rest] = /^["']?(\w{1,40})["']? ?(?:=>|[=:](?![=:])) ?(.*)$/.exec(text) ?? [];
    const key = keyword ?? (index === null ? /^\w{1,40}$/.exec(text)?.[0] : index);
    if (key === undefined) return;
    if (rest?.startsWith('{')) return listed(rest.slice(1)).items.forEach(item => giveOne(callee, item, null));
    const value = readPath(rest ?? text, lookup);
    // a text without a slash may be anything
    const isPlain =
      /^["'`]/.test(rest ?? text) && value?.path.includes('/') === false && !(keyword !== undefined && writtenKey.test(keyword));
    if (!value || isPlain || kept++ >= mostSettings) return;
    putPlace(settings, parameterKey(callee, key), settingOf(placed(value)));
  }

  return {
    lookup,
    name: (name, value) => void names.set(name, value),
    forget(name) {
      if (names.get(name)?.variable?.startsWith('@')) names.delete(name);
    },
    goTo: value => void (cwd = value),
    write,
    unplaced: text => void (untold ??= text),
    mention: path => void mentions.add(path),
    told(key, value) {
      if (!(writtenKey.test(key) || filledKey.test(key)) || (isPlace(value.variable) && value.path === '')) return;
      const isFolder =
        filledKey.test(key) ||
        (/^dest(?:ination)?$/.test(key) && /^\.{0,2}\/./.test(value.path)) ||
        isFilledAtRun(value.path) ||
        (folderKey.test(key) && !isReadName(key) && !isReadName(value.path.slice(value.path.lastIndexOf('/') + 1)));
      if (keptFile.test(value.path) || logFile.test(value.path)) write(value, 'file');
      else if (isFolder) write(value, 'folder');
    },
    set(inside, key, value) {
      const own = placed(value);
      const { path, from, variable, isOpen } = own;
      const isKept = from !== 'start' || variable !== null || path.includes('/') || writtenKey.test(key);
      if (isOpen || !isKept || kept++ >= mostSettings) return;
      putPlace(settings, settingKey(inside, key), settingOf(own));
    },
    member(key, value) {
      const name = plainKey(key);
      const before = members.get(name);
      if (before === undefined) members.set(name, value);
      else if (before && (before.path !== value.path || before.variable !== value.variable || before.rest !== value.rest))
        members.set(name, null);
    },
    give(callee, args) {
      listed(args).items.forEach((text, index) => giveOne(calleeOf(callee), text, index));
    },
    facts() {
      for (const [value, does, isCertain, makes] of later.splice(0)) put(bound(value), does, isCertain, makes);
      // what is opened by name further on is no folder
      for (const path of mentions)
        if (!files.has(path) && !/\.(?:sock|so|pem|crt|key)$/.test(path) && !isReadName(path.replaceAll('/', '.')))
          write(placeOf(path), /\.\w{1,8}$/.test(path) ? 'file' : 'folder');
      return { writes: [...writes.values()], untold, settings };
    },
  };
}
