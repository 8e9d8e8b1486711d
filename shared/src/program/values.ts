import { isPlace, optionKey, plainKey, withoutScheme } from './expression';
import { placeKeys } from './own-calls';
import type { NamedValue } from '../run-as/folders';
import { resolvePath } from '../text/path';
import { folderOf } from '../workspace/paths';
import type { ProgramFact, ProgramSetting, ProgramWrite } from '../workspace/lone-facts';
import type { StageStart } from '../workspace/stage-start';

/** The value of a setting that the configurations of a program have, by its keys or the last of them, where only one ends so. */
function setIn<T>(sets: ReadonlyMap<string, T>, name: string): T | undefined {
  if (name.startsWith('@')) return sets.get(name);
  const key = plainKey(name);
  const whole = sets.get(key);
  if (whole !== undefined) return whole;
  const values = new Set(
    [...sets].flatMap(([set, value]) => (set.startsWith('.') && (set.endsWith(key) || key.endsWith(set)) ? [value] : [])),
  );
  return values.size === 1 ? [...values][0] : undefined;
}

/** Where in the image a path is that a program sets for others; `null`: that is not known. */
function settingIn({ path, variable, rest }: ProgramSetting, base: string | null, value: string | null | undefined): string | null {
  const isSet = variable !== null && value != null;
  const named = isSet ? withoutScheme(value) + rest : path;
  if ((variable !== null && (value === null || named === '')) || /[^\w./@+-]/.test(named)) return null;
  return named.startsWith('/') ? resolvePath(named) : base === null ? null : resolvePath(`${base}/${named}`);
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

/** What the variables, settings and parameters of the programs of an image stand for. */
export interface Values {
  /** Takes what a program sets and gives; `image`: where it lies. What was taken before counts more. */
  add(fact: ProgramFact, image: string): void;
  /** The values of one of them, of a parameter those of all calls: `null` is not known, `undefined` is set by nobody. */
  of(variable: string | null): Iterable<string | null | undefined>;
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
  /** What a variable, a setting or a parameter stands for; `undefined`: nobody says. */
  const valueOf = (name: string, depth = 0): string | null | undefined => {
    if (!isPlace(name)) {
      const set = environment.findLast(each => each.name === name);
      return set ? set.value : (start.variables[name] ?? sets.get(name));
    }
    const relaxed = name.includes('.', 1) ? relaxedIn(name) : undefined;
    if (relaxed !== undefined) return relaxed;
    const [key, keyword] = name.split(':') as [string, string?];
    const set = key.startsWith('.') ? setIn(sets, key) : undefined;
    const given = set ?? setIn(settings, key) ?? (keyword === undefined ? undefined : settings.get(key.replace(/#.*/, `#${keyword}`)));
    if (given === undefined || typeof given === 'string') return given;
    const { setting, image } = given;
    // what is set, or given, may be another one's
    if (depth > 6) return undefined;
    const value = setting.variable === null ? undefined : valueOf(setting.variable, depth + 1);
    return settingIn(setting, baseOf(setting.from, image), value) ?? undefined;
  };
  /** The same of what several calls give a parameter: each of them. */
  const valuesOf = (name: string | null): Iterable<string | null | undefined> => {
    const [key = '', keyword] = name?.split(':') ?? [];
    const keys = key.startsWith('@') ? [key, ...(keyword === undefined ? [] : [key.replace(/#.*/, `#${keyword}`)])] : [];
    const given = keys.flatMap(placeKeys).filter(one => settings.has(one));
    return given.length > 0 ? new Set(given.map(one => valueOf(one))) : [name === null ? undefined : valueOf(name)];
  };
  /** Where a relative path of a program counts from; `null`: that is not known. */
  const baseOf = (from: ProgramWrite['from'], image: string): string | null =>
    from === 'home' ? (valueOf('HOME') ?? null) : from === 'file' ? folderOf(image) || '/' : start.workdir;
  return {
    add(fact, image) {
      for (const [name, value] of Object.entries(fact.sets)) if (!sets.has(name)) sets.set(name, value);
      for (const [name, setting] of Object.entries(fact.settings)) {
        // what several files call a function with is all given
        const free = name.startsWith('@') ? placeKeys(name.split('|', 1)[0]!).find(key => !settings.has(key)) : name;
        if (free !== undefined && !settings.has(free)) settings.set(free, { setting, image });
      }
    },
    of: valuesOf,
    baseOf,
  };
}
