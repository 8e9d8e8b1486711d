import { folderOf } from '../../workspace/paths';
import { mayBeConfig } from './config-facts';
import { namedModules } from './code/named-modules';
import type { Code, Unit } from './code/tree';

/** More files are not followed from one. */
const most = 80;

/** The files that a module of Python may be, from the folder of the one that imports it: beside it, or in one of the folders around, from which packages count. */
function pythonFiles(module: string, importer: string): readonly string[] {
  const dots = module.length - module.replace(/^\.+/, '').length;
  const path = module.slice(dots).replaceAll('.', '/');
  const files = path === '' ? ['__init__.py'] : [`${path}.py`, `${path}/__init__.py`];
  if (dots > 0) return files.map(file => '../'.repeat(dots - 1) + file);
  const depth = Math.min(
    folderOf(importer)
      .split('/')
      .filter(part => part !== '').length,
    3,
  );
  return Array.from({ length: depth + 1 }, (_, up) => files.map(file => '../'.repeat(up) + file)).flat();
}

/** The files that a relative import of JavaScript may be. */
function scriptFiles(path: string): readonly string[] {
  const named = /\.([cm]?)js(x?)$/.exec(path);
  // what TypeScript is compiled to goes by the name of that
  if (named) return [path, `${path.slice(0, named.index)}.${named[1]!}ts${named[2]!}`];
  if (/\.(?:[cm]?tsx?|json)$/.test(path)) return [path];
  const endings = ['.js', '.ts', '.mjs', '.cjs', '.tsx', '.jsx', '.json'];
  return [
    ...endings.map(ending => path + ending),
    ...['index.js', 'index.ts', 'index.mjs'].map(name => `${path.replace(/\/$/, '')}/${name}`),
    path,
  ];
}

/** The files of its own that an import may lead to, relative to the folder of the one that imports, the likeliest first. */
export function importedFiles(from: string, importer: string, language: Code['language']): readonly string[] {
  if (language === 'python') return pythonFiles(from, importer);
  return from.startsWith('.') ? scriptFiles(from) : [];
}

/** The files that a program may read that are its own, as its imports and the names of its settings tell. */
export function usedFiles({ language, units, module }: Code, path: string): readonly string[] {
  const found = new Set<string>();
  const add = (from: string): void => importedFiles(from, path, language).forEach(file => void (found.size < most && found.add(file)));
  const addAll = (unit: Unit): void => {
    for (const { from } of unit.imports) add(from);
    // what is imported from a package may be a module of it
    if (language === 'python')
      for (const bindings of unit.scope.names.values())
        for (const { value } of bindings)
          if (value.k === 'import' && value.name !== null) add(`${value.from}${value.from.endsWith('.') ? '' : '.'}${value.name}`);
    if (language === 'python') namedModules(unit).forEach(add);
    // configurations of its own that it names
    for (const { args } of unit.calls)
      for (const { value } of args)
        if (value.k === 'text' && /^[\w./-]{1,100}$/.test(value.text) && mayBeConfig(value.text))
          for (const file of [value.text, `../${value.text}`]) found.add(file);
  };
  addAll(module);
  for (const unit of units) if (unit !== module) addAll(unit);
  if (
    units.some(
      ({ mentions, imports }) => mentions.has('load_dotenv') || mentions.has('dotenv') || imports.some(({ from }) => /^dotenv/.test(from)),
    )
  )
    for (const file of ['.env', '../.env']) found.add(file);
  return [...found];
}
