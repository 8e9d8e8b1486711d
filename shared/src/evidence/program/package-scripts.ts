import type { PackageScript, ProgramFact } from '../../workspace/unkeyed-facts';
import { startedScript } from './started-command';
import { commandFiles } from './script-files';

/** More scripts of one file are not kept, and more of one not read. */
const most = 100;
const longest = 500;

/** Scripts of a package that start it, by name. */
const starts = /^(?:start|serve|server|prod|production|web|worker|app)(?::\w+)?$/;

/** What a package.json says of how it is started: its scripts by name, the variables that those set which start it, and the files that it starts by itself. */
export function packageParts(text: string): Pick<ProgramFact, 'scripts' | 'sets' | 'uses'> {
  const { scripts: named, main } = manifestOf(text);
  const scripts = Object.entries(named ?? {})
    .filter((pair): pair is [string, string] => typeof pair[1] === 'string')
    .slice(0, most)
    .map(([name, script]) => [name, script.slice(0, longest)] as const);
  const sets: Record<string, string> = {};
  for (const [name, script] of scripts)
    for (const { name: program, assignments, args } of starts.test(name) ? startedScript(script).commands : []) {
      for (const { name: variable, value } of assignments) if (value?.text) sets[variable] ??= value.text;
      for (const { text: word } of program === 'cross-env' ? args : [])
        if (word?.includes('=')) sets[word.slice(0, word.indexOf('='))] ??= word.slice(word.indexOf('=') + 1);
    }
  return {
    scripts: Object.fromEntries(scripts.map(([name, script]) => [name, readScript(script)])),
    sets,
    uses: [
      ...scripts.flatMap(([name, script]) => (name === 'start' || name === 'serve' ? commandFiles(script) : [])),
      ...(typeof main === 'string' ? [main] : []),
    ],
  };
}

function manifestOf(text: string): { readonly scripts?: object | null; readonly main?: unknown } {
  try {
    const manifest: unknown = JSON.parse(text);
    return typeof manifest === 'object' && manifest !== null ? manifest : {};
  } catch {
    // a file that is being written
    return {};
  }
}

function readScript(text: string): PackageScript {
  const { does, keeper, scripts, commands } = startedScript(text);
  const target = commands
    .flatMap(({ redirections }) => redirections)
    .find(each => each.operator.startsWith('>') && !/^(?:&|\/dev\/|\/tmp\/|$)/.test(each.target?.text ?? ''));
  const file = target?.target?.text ?? null;
  return { does: does ?? (file === null ? null : `writes ${file.slice(0, 60)}`), keeper, runs: scripts, uses: commandFiles(text) };
}

/** The scripts that run when some do: what npm puts around them, and those that they run themselves, with their names. */
export function reachedScripts(
  { scripts }: Pick<ProgramFact, 'scripts'>,
  names: Iterable<string>,
): readonly (readonly [name: string, script: PackageScript])[] {
  const around = (name: string): readonly string[] => [`pre${name}`, name, `post${name}`];
  const reached = new Set([...names].flatMap(around));
  const found: (readonly [string, PackageScript])[] = [];
  for (const name of reached) {
    const script = Object.hasOwn(scripts, name) ? scripts[name]! : null;
    if (!script) continue;
    found.push([name, script]);
    if (reached.size < most) for (const other of script.runs.flatMap(around)) reached.add(other);
  }
  return found;
}
