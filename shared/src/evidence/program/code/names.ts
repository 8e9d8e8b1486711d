import type { Evaluation } from './evaluation';
import { givenBy, usualName } from './library';
import { scopeOf, type Condition, type Entry, type Expr, type Scope } from './tree';
import { folderAround, textValue, unknown, type Frame, type Module, type Value } from './values';
import { libraryWrites } from './write-calls';

/** Whether what holds at one place holds at another, too. */
function isAround(outer: Condition | null, inner: Condition | null): boolean {
  if (outer === null) return true;
  for (let at = inner; at !== null; at = at.outer) if (at === outer) return true;
  return false;
}

/** Whether something is known of what a library has by this name. */
const isKnown = (name: string): boolean => givenBy(name) !== undefined || libraryWrites(name).length > 0;

/** What a name stands for where it is used. */
export function named(e: Evaluation, use: Expr & { k: 'name' }, frame: Frame | null): readonly Value[] {
  const scope = scopeOf(use.name, use.scope);
  if (scope) return bound(e, scope, use.name, use, frame);
  const module = e.around.moduleOf(use.scope.unit);
  const isScript = module.code.language === 'script';
  if (use.name === '__file__' || (use.name === '__filename' && isScript)) return [textValue(module.image)];
  if (use.name === '__dirname' && isScript) return [folderAround(textValue(module.image))];
  if (use.name === 'import.meta') return [{ k: 'entries', entries: metaOf(module), frame: null }];
  if (use.name === '__name__') return [textValue(module.isMain ? '__main__' : 'module')];
  for (const { value } of module.code.module.scope.names.get('*') ?? []) {
    const found = e.of(value, null).flatMap((one): readonly Value[] => {
      if (one.k === 'module') return exported(e, one.module, use.name);
      const name = one.k === 'library' ? usualName(`${one.name}.${use.name}`) : '';
      return isKnown(name) ? [{ k: 'library', name }] : [];
    });
    if (found.length > 0) return found;
  }
  return [{ k: 'library', name: use.name }];
}

/** What a module of JavaScript knows of itself. */
const metaOf = ({ image, isMain }: Module): readonly Entry[] =>
  Object.entries({ url: `file://${image}`, filename: image, dirname: image.slice(0, image.lastIndexOf('/')) || '/' })
    .map(([name, text]): Entry => ({ key: { k: 'text', text: name }, value: { k: 'text', text } }))
    .concat({ key: { k: 'text', text: 'main' }, value: { k: 'const', value: isMain } });

/** What a name of a scope stands for where it is used: what it was given last, and whatever it may be given else. */
export function bound(
  e: Evaluation,
  scope: Scope,
  name: string,
  use: { readonly scope: Scope; readonly at: number; readonly when: Condition | null } | null,
  frame: Frame | null,
): readonly Value[] {
  const all = scope.names.get(name) ?? [];
  const isInside = use !== null && use.scope.unit === scope.unit;
  const before = isInside && !e.isEver ? all.filter(each => each.unit !== scope.unit || each.at <= use.at) : all;
  const found: Value[] = [];
  let left = before.length > 0 ? before : all;
  if (left.length > 24) return [unknown];
  while (left.length > 0) {
    const last = left.at(-1)!;
    left = left.slice(0, -1);
    if (e.isDead(last.when, frame)) continue;
    found.push(...e.of(last.value, frame));
    if (!e.isEver && last.unit === scope.unit && isAround(last.when, isInside ? use.when : null)) break;
  }
  return found.length === 0 ? [unknown] : found;
}

export function imported(e: Evaluation, from: string, name: string | null, importer: Module): readonly Value[] {
  const module = e.around.imported(from, importer);
  if (name === null) return [module ? { k: 'module', module } : { k: 'library', name: usualName(from) }];
  if (module) {
    const own = exported(e, module, name);
    if (own.length > 0) return own;
  }
  // what is imported from a package of Python may be a module of it
  const below =
    importer.code.language === 'python' ? e.around.imported(from.endsWith('.') ? from + name : `${from}.${name}`, importer) : null;
  if (below) return [{ k: 'module', module: below }];
  return [module ? unknown : { k: 'library', name: usualName(`${from}.${name}`) }];
}

/** What a file has by a name for those that import it; empty: nothing that is known. */
export function exported(e: Evaluation, { code }: Module, name: string): readonly Value[] {
  const { scope } = code.module;
  for (const key of code.language === 'python' ? [name] : [`export ${name}`, ...(name === 'default' ? [] : [name])])
    if (scope.names.has(key)) return bound(e, scope, key, null, null);
  if (scope.names.has('module.exports')) {
    const whole = bound(e, scope, 'module.exports', null, null);
    return name === 'default' ? whole : whole.flatMap(value => (value.k === 'module' ? [] : e.member(value, name)));
  }
  for (const { value } of scope.names.get('*') ?? []) {
    const found = e.of(value, null).flatMap(one => (one.k === 'module' ? exported(e, one.module, name) : []));
    if (found.length > 0) return found;
  }
  return [];
}
