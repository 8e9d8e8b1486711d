import { folderOf } from '../../workspace/paths';
import { mayBeConfig } from './config-facts';
import { namedModules } from './code/named-modules';
import { argumentsOf } from './code/evaluator';
import { literal } from './code/nodes';
import type { Code } from './code/tree';

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
export function usedFiles({ language, units, text }: Code, path: string): readonly string[] {
  const files = new Set<string>();
  const add = (from: string): void => importedFiles(from, path, language).forEach(file => void (files.size < most && files.add(file)));
  for (const { imports } of units) for (const { from } of imports) add(from);
  for (const unit of units) {
    // what is imported from a package may be a module of it
    for (const { from, name } of language === 'python' ? unit.imports : [])
      if (name !== null) add(`${from}${from.endsWith('.') ? '' : '.'}${name}`);
    if (language === 'python') namedModules(unit).forEach(add);
    // configurations of its own that it names
    for (const { node } of unit.calls.flatMap(argumentsOf)) {
      const named = literal(node, text) ?? '';
      if (/^[\w./-]{1,100}$/.test(named) && mayBeConfig(named)) files.add(named).add(`../${named}`);
    }
  }
  if (units.some(({ mentions, imports }) => mentions.has('load_dotenv') || imports.some(({ from }) => from.startsWith('dotenv'))))
    files.add('.env').add('../.env');
  return [...files];
}
