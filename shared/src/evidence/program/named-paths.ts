import { isPlace, type Lookup, type PathValue } from './path-value';
import { above, isSame, isUp } from './steps';

/** A setting by its name in a program: `config.storage.path`, `settings['photos']['originals']`, without what it is kept in; `null`: the name alone. */
function settingOf(name: string, keys: readonly string[]): string | null {
  const parts = name.replace(/[?!#]/g, '').split(/\.|->|::/);
  const last = parts.at(-1)!;
  const isAsked = /^(?:get|fetch|dig|get_?string|get_?property|get_?str|getpath|value|require|\[\])$/i.test(last) && keys.length > 0;
  // a constant by itself is set in another file
  const isConstant = keys.length === 0 && /^[A-Z][A-Z\d_]{2,}$/.test(last);
  const path = isConstant ? [last] : [...parts.slice(1, isAsked ? -1 : undefined), ...keys];
  return path.length === 0 || /^(?:getP|p)arent(?:File)?$/.test(last) || path.length > 5 || path.some(part => !/^[\w.:-]{1,60}$/.test(part))
    ? null
    : `.${path.join('.').replace(/:/g, '.')}`;
}

/** Whether a value is a parameter or a setting, and nothing else. */
export const isWhole = ({ variable, path, rest }: PathValue): boolean => isPlace(variable) && path === '' && rest === '';

/** What a parameter, or a setting, has under a key: of a parameter what it is given by that name, or the setting that is called so. */
export function keyOf(value: PathValue, key: string): PathValue | null {
  if (!/^\w{1,60}$/.test(key)) return null;
  const [parameter, name] = value.variable!.split(':') as [string, string?];
  if (parameter.startsWith('.')) return { ...value, variable: `${parameter}.${key}` };
  const inside = name?.startsWith('.') ? name : '';
  return { ...value, variable: `${parameter.replace(/#.*/, '')}#${key}:${inside}.${key}` };
}

/** A member of a parameter: `options.dir`, `this.options.storage.dir`. */
export function ofObject(name: string, lookup: Lookup): PathValue | null {
  const parts = name.split(/\?\.|\?->|\./);
  for (let keys = 1; keys <= 2 && keys < parts.length; keys++) {
    const object = lookup(parts.slice(0, -keys).join('.'));
    if (object && isWhole(object) && object.variable!.startsWith('@'))
      return parts.slice(-keys).reduce<PathValue | null>((value, key) => value && keyOf(value, key), object);
  }
  return null;
}

/** The setting that a name asks for, with the keys behind it; `null`: it is none. */
export function setting(name: string, keys: readonly string[]): PathValue | null {
  const variable = settingOf(name, keys);
  return variable === null ? null : { path: '', from: 'start', variable, rest: '', isOpen: false };
}

/** Whether what a setting is asked for with is a section and its key, `config.get('paths', 'output')`, and no name with what it is by default. */
export const isSection = (name: string, keys: readonly string[], second: string): boolean =>
  /\bget\w{0,12}$/.test(name) &&
  keys.length === 1 &&
  /^[\w-]{1,40}$/.test(second) &&
  (/^(?:DEFAULT|paths?|general|main|global|default|storage|database|db|server|service|logging|app|core|files|folders|data|output)$/.test(
    keys[0]!,
  ) ||
    (/(?:^|_)(?:dir|directory|folder|path|file|location)$/.test(second) &&
      !/(?:dir|directory|folder|file|path|root|url)$/i.test(keys[0]!)));

/** The folder that a path is in. */
export function folderAround({ path, variable, rest, isOpen, from, under }: PathValue): PathValue {
  const up = (part: string): string => (part.includes('/') ? part.slice(0, part.lastIndexOf('/')) || '/' : '');
  const above = variable === null || path !== '' ? up(path) || '.' : '';
  return {
    path: above,
    from,
    variable,
    rest: variable === null ? '' : rest.includes('/') ? rest.slice(0, rest.lastIndexOf('/')) : '/..',
    isOpen,
    ...(under !== undefined && { under }),
  };
}

/**
 * What a name stands for, or the path whose members it is: `DATABASE.parent`, `ROOT.joinpath`, `root.resolve`.
 * @param more steps to parents that it is asked for by number
 */
export function standsFor(name: string, more: number, lookup: Lookup): PathValue | null {
  const own = more === 0 ? lookup(name) : null;
  if (own) return own;
  const parts = name.split('.');
  let steps = more;
  while (parts.length > 1 && (isUp(parts.at(-1)!) || isSame(parts.at(-1)!))) steps += isUp(parts.pop()!) ? 1 : 0;
  const of = parts.join('.');
  if (of === name) return null;
  const value = lookup(of) ?? ofObject(of, lookup) ?? (steps === 0 ? setting(of, []) : null);
  if (value === null || steps === 0) return value;
  if (value.isOpen) return null;
  if (value.variable !== null) return Array.from({ length: Math.min(steps, 3) }).reduce<PathValue>(folderAround, value);
  const path = above(value.path, value.from === 'file', steps);
  return path === null ? null : { ...value, path };
}
