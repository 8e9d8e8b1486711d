import { argumentsOf, calledName } from './evaluator';
import { literal } from './nodes';
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
  const { text } = unit.code;
  const texts = unit.sets.flatMap(({ name, value }) => (named.test(name) ? (literal(value.node, text) ?? []) : []));
  for (const call of unit.calls) {
    const name = calledName(call);
    if (!naming.has(name) && name !== 'setdefault' && name !== 'from_pyfile') continue;
    const [first, second] = argumentsOf(call).map(({ node }) => literal(node, text));
    if (naming.has(name) && first) texts.push(first);
    // `os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')`
    else if (name === 'setdefault' && first && second && named.test(first)) texts.push(second);
    else if (name === 'from_pyfile' && first?.endsWith('.py')) texts.push(first.slice(0, -'.py'.length).replaceAll('/', '.'));
  }
  return texts.flatMap(modulesOf);
}
