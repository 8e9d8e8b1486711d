import type { Unit } from './tree';

/** Calls that name a module, or a name in one, of Python: `app.config.from_object('config.Production')`, `uvicorn.run('main:app')`. */
const naming: ReadonlySet<string> = new Set(['from_object', 'import_string', 'run', 'import_module', 'config_from_object']);

/** Settings that name a module, as Django's `DJANGO_SETTINGS_MODULE` and `ROOT_URLCONF`. */
const named = /^(?:DJANGO_SETTINGS_MODULE|ROOT_URLCONF|[A-Z]+_APPLICATION)$/;

/** The modules that a text may name. */
function modulesOf(text: string): readonly string[] {
  if (!/^[\w.]+(?::\w+)?$/.test(text)) return [];
  const module = text.split(':', 1)[0]!;
  return module.includes('.') ? [module, module.slice(0, module.lastIndexOf('.'))] : [module];
}

/** The modules that a unit names by a text that is given to a call, or set. */
export function namedModules(unit: Unit): readonly string[] {
  const texts: string[] = unit.sets.flatMap(({ name, value }) => (named.test(name) && value.k === 'text' ? value.text : []));
  for (const { callee, args } of unit.calls) {
    const name = callee.k === 'member' || callee.k === 'name' ? callee.name : '';
    const [first, second] = args.map(({ value }) => (value.k === 'text' ? value.text : ''));
    if (naming.has(name) && first) texts.push(first);
    // `os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')`
    else if (name === 'setdefault' && first && second && named.test(first)) texts.push(second);
    else if (name === 'from_pyfile' && first?.endsWith('.py')) texts.push(first.slice(0, -'.py'.length).replaceAll('/', '.'));
  }
  return texts.flatMap(modulesOf);
}
