import type { Evaluator } from './evaluator';
import { isKnown, usualName } from './library';
import { scopeOf, type Binding, type Condition, type Part, type Scope } from './tree';
import { folderAround, textValue, unknown, type Module, type Value } from './values';

/** Whether what holds at one place holds at another, too. */
function isAround(outer: Condition | null, inner: Condition | null): boolean {
  if (outer === null) return true;
  for (let at = inner; at !== null; at = at.outer) if (at === outer) return true;
  return false;
}

/** What a name stands for where it is used. */
export function named(e: Evaluator, name: string, at: Part): readonly Value[] {
  const scope = scopeOf(name, at.scope);
  if (scope) return bound(e, scope, name, at);
  const module = e.around.moduleOf(at.scope.unit);
  const isScript = module.code.language === 'script';
  if (name === '__file__' || (name === '__filename' && isScript)) return [textValue(module.image)];
  if (name === '__dirname' && isScript) return [folderAround(textValue(module.image))];
  if (name === '__name__') return [textValue(module.isMain ? '__main__' : 'module')];
  for (const { value } of module.code.units[0]!.scope.names.get('*') ?? []) {
    const values = e.of(value).flatMap((one): readonly Value[] => {
      if (one.k === 'module') return exported(e, one.module, name);
      const whole = one.k === 'library' ? usualName(`${one.name}.${name}`) : '';
      return isKnown(whole) ? [{ k: 'library', name: whole }] : [];
    });
    if (values.length > 0) return values;
  }
  return [{ k: 'library', name }];
}

export function bound(e: Evaluator, scope: Scope, name: string, use: Part | null): readonly Value[] {
  const all = scope.names.get(name) ?? [];
  const isInside = use !== null && use.scope.unit === scope.unit && !e.isEver;
  const before = isInside ? all.filter(each => each.unit !== scope.unit || each.at <= use.node.from) : all;
  const values: Value[] = [];
  let left: readonly Binding[] = before.length > 0 ? before : all;
  if (left.length > 24) return [unknown];
  while (left.length > 0) {
    const last = left.at(-1)!;
    left = left.slice(0, -1);
    if (e.isDead(last.when)) continue;
    values.push(...e.of(last.value));
    if (!e.isEver && last.unit === scope.unit && isAround(last.when, isInside ? use.when : null)) break;
  }
  return values.length === 0 ? [unknown] : values;
}

export function imported(e: Evaluator, from: string, name: string | null, importer: Module): readonly Value[] {
  const module = e.around.imported(from, importer);
  if (name === null) return [module ? { k: 'module', module } : { k: 'library', name: usualName(from) }];
  const own = module ? exported(e, module, name) : [];
  if (own.length > 0) return own;
  // what is imported from a package of Python may be a module of it
  const isPython = importer.code.language === 'python';
  const below = isPython ? e.around.imported(from.endsWith('.') ? from + name : `${from}.${name}`, importer) : null;
  if (below) return [{ k: 'module', module: below }];
  return [module ? unknown : { k: 'library', name: usualName(`${from}.${name}`) }];
}

export function exported(e: Evaluator, { code }: Module, name: string, depth = 0): readonly Value[] {
  const { scope } = code.units[0]!;
  for (const key of code.language === 'python' ? [name] : [`export ${name}`, ...(name === 'default' ? [] : [name])])
    if (scope.names.has(key)) return bound(e, scope, key, null);
  if (scope.names.has('module.exports')) {
    const whole = bound(e, scope, 'module.exports', null);
    return name === 'default' ? whole : whole.flatMap(value => (value.k === 'module' ? [] : e.member(value, name)));
  }
  for (const { value } of depth > 4 ? [] : (scope.names.get('*') ?? [])) {
    const values = e.of(value).flatMap(one => (one.k === 'module' ? exported(e, one.module, name, depth + 1) : []));
    if (values.length > 0) return values;
  }
  return [];
}
