import { optionKey, plainKey, withoutScheme } from './expression';
import { isPlace } from './path-value';
import { placeKeys } from './own-calls';
import type { NamedValue } from '../../knowledge/folders';
import { resolvePath } from '../../base/text/path';
import { folderOf } from '../../workspace/paths';
import type { ProgramFact, ProgramSetting, ProgramWrite } from '../../workspace/lone-facts';
import type { StageStart } from '../../workspace/stage-start';

/** The key of a setting that a program asks for, by its keys or the last of them, where only one ends so. */
function keyIn(sets: ReadonlyMap<string, unknown>, name: string): string | undefined {
  if (name.startsWith('@')) return sets.has(name) ? name : undefined;
  const key = plainKey(name);
  if (sets.has(key)) return key;
  const keys = [...sets.keys()].filter(set => set.startsWith('.') && !set.includes('|') && (set.endsWith(key) || key.endsWith(set)));
  return new Set(keys.map(one => sets.get(one))).size === 1 ? keys[0] : undefined;
}

/**
 * Where in the image a path is that a program sets for others; `null`: that is not known.
 * @param isRaw whether it is put behind another path, and so may stay relative
 */
function settingIn(
  { path, variable, rest, under, from }: ProgramSetting,
  base: string | null,
  value: string | null | undefined,
  isRaw: boolean,
): string | null {
  const isSet = variable !== null && value != null;
  // what nobody says lies in the folder that it is put behind
  const named = isSet ? withoutScheme(value) + rest : path === '' && under !== undefined && value !== null ? `${under}/` : path;
  if ((variable !== null && (value === null || named === '')) || /[^\w./@+-]/.test(named)) return null;
  if (isRaw && from === 'start' && under === undefined) return named;
  if (base === null && !named.startsWith('/')) return null;
  const whole = resolvePath(named.startsWith('/') ? named : `${base}/${isSet && under !== undefined ? `${under}/` : ''}${named}`);
  // what is put behind a slash lies in the folder
  return named.endsWith('/') && whole !== '/' ? `${whole}/` : whole;
}

/** The properties and options that a command line or a variable gives a program, as settings: `-Dstore.home=/srv/store`, `--logging.file.name=logs/app.log`, `-dir /srv/store`. */
function propertiesOf(variables: readonly NamedValue[]): readonly (readonly [string, string])[] {
  return variables.flatMap(({ name, value }) =>
    value === null || !(name === '@start' || (/^(?:JAVA|JDK|JVM)/.test(name) && name.includes('_OPT')))
      ? []
      : [...value.matchAll(/(?:^|\s)(-D|--?)([\w.-]{1,80})[= ](?:file:)?([^\s"'-][^\s"']{0,200})/g)].flatMap(([, sign, key, given]) => [
          ...(sign === '-' ? [] : [[plainKey(`.${key!}`), given!] as const]),
          ...(sign === '-D' ? [] : [[optionKey(key!), given!] as const]),
        ]),
  );
}

/** So many values of one name are followed, by how deep it is asked for. */
const mostAt = [12, 4];

/** What the variables, settings and parameters of the programs of an image stand for. */
export interface Values {
  /** Takes what a program sets and gives; `image`: where it lies. What was taken before counts more. */
  add(fact: ProgramFact, image: string): void;
  /** The values of one of them, of a parameter those of all calls: `null` is not known, `undefined` is set by nobody; `isRaw`: it is put behind another path, and so may stay relative. */
  of(variable: string | null, isRaw?: boolean): Iterable<string | null | undefined>;
  /** Where a relative path of a program counts from; `null`: that is not known. */
  baseOf(from: ProgramWrite['from'], image: string): string | null;
}

/**
 * Follows places to where they are told.
 * @param environment what is set from outside, over the image's own
 */
export function createValues(start: StageStart, environment: readonly NamedValue[]): Values {
  const sets = new Map(propertiesOf([...environment, ...Object.entries(start.variables).map(([name, value]) => ({ name, value }))]));
  const settings = new Map<string, { readonly setting: ProgramSetting; readonly image: string }>();
  /** What a variable gives a property of Spring: `STORE_UPLOADDIR` for `store.upload-dir`. */
  const relaxedIn = (name: string): string | null | undefined => {
    if (!/^\.[\w.-]+$/.test(name)) return undefined;
    const variable = name.slice(1).toUpperCase().replace(/\./g, '_');
    const isSame = (each: string): boolean => each === variable.replace(/-/g, '') || each === variable.replace(/-/g, '_');
    const set = environment.findLast(each => isSame(each.name));
    return set ? set.value : Object.entries(start.variables).find(([each]) => isSame(each))?.[1];
  };
  /** What a place is that one program sets or gives, in the image. */
  const resolved = (key: string, depth: number, isRaw: boolean): readonly (string | undefined)[] => {
    const { setting, image } = settings.get(key)!;
    // what is set, or given, may be another one's
    if (depth > 6) return [undefined];
    const values =
      setting.variable === null ? [undefined] : [...valuesOf(setting.variable, isRaw || setting.under !== undefined, depth + 1)];
    return values.map(value => settingIn(setting, baseOf(setting.from, image), value, isRaw) ?? undefined);
  };
  /** What a variable, a setting or a parameter stands for, of several calls or classes each; `undefined`: nobody says. */
  const valuesOf = (name: string | null, isRaw = false, depth = 0): Iterable<string | null | undefined> => {
    if (name === null) return [undefined];
    if (!isPlace(name)) {
      const set = environment.findLast(each => each.name === name);
      return [set ? set.value : (start.variables[name] ?? sets.get(name))];
    }
    const relaxed = name.includes('.', 1) ? relaxedIn(name) : undefined;
    if (relaxed !== undefined) return [relaxed];
    const [key, keyword] = name.split(':') as [string, string?];
    const set = key.startsWith('.') ? keyIn(sets, key) : undefined;
    if (set !== undefined) return [sets.get(set)];
    const own = key.startsWith('.') ? keyIn(settings, key) : key;
    const keys =
      own === undefined ? [] : [own, ...(key.startsWith('@') && keyword !== undefined ? [key.replace(/#.*/, `#${keyword}`)] : [])];
    const given = keys.flatMap(placeKeys).filter(one => settings.has(one));
    if (given.length > 0) return new Set(given.slice(0, mostAt[depth] ?? 1).flatMap(one => resolved(one, depth, isRaw)));
    // what is asked of an object that is given whole is a setting
    return keyword?.startsWith('.') ? valuesOf(keyword, isRaw, depth + 1) : [undefined];
  };
  /** Where a relative path of a program counts from; `null`: that is not known. */
  const baseOf = (from: ProgramWrite['from'], image: string): string | null =>
    from === 'home' ? ([...valuesOf('HOME')][0] ?? null) : from === 'file' ? folderOf(image) || '/' : start.workdir;
  return {
    add(fact, image) {
      for (const [name, value] of Object.entries(fact.sets)) if (!sets.has(name)) sets.set(name, value);
      const before = new Set(settings.keys());
      for (const [name, setting] of Object.entries(fact.settings)) {
        const whole = name.split('|', 1)[0]!;
        // what several files call a function with is all given; what one of them sets counts more than what the next one does
        const free = name.startsWith('@') ? placeKeys(whole).find(key => !settings.has(key)) : before.has(whole) ? undefined : name;
        if (free !== undefined) settings.set(free, { setting, image });
      }
    },
    of: valuesOf,
    baseOf,
  };
}
