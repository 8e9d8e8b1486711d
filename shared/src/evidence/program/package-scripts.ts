import type { ShellCommand } from '../../syntax/shell/types';
import type { PackageScript, ProgramFact } from '../../workspace/lone-facts';
import { startedScript } from './started-command';
import { scriptsOf } from './package-json';
import { commandFiles } from './script-files';

/** More scripts of one file are not kept, and more of one not read. */
const most = 100;
const longest = 500;

/** The file of the project that a command leads its output to; `null`: none. */
function redirected({ redirections }: ShellCommand): string | null {
  const target = redirections.find(
    ({ operator, target }) => operator.startsWith('>') && !/^(?:&|\/dev\/|\/tmp\/|$)/.test(target?.text ?? ''),
  );
  return target?.target?.text?.slice(0, 60) ?? null;
}

function readScript(text: string): PackageScript {
  const { does, keeper, scripts, commands } = startedScript(text.slice(0, longest));
  const file = commands.map(redirected).find(each => each !== null);
  return { does: does ?? (file == null ? null : `writes ${file}`), keeper, runs: scripts, uses: commandFiles(text.slice(0, longest)) };
}

/** The scripts of a package.json, by name; `{}` of what is none. */
export function packageScripts(text: string): Readonly<Record<string, PackageScript>> {
  return Object.fromEntries(
    Object.entries(scriptsOf(text))
      .slice(0, most)
      .map(([name, script]) => [name, readScript(script)]),
  );
}

/** The files that a package.json starts: its main one, and those of the scripts that usually start a package. */
export function packageFiles(text: string): readonly string[] {
  const { start = '', serve = '' } = scriptsOf(text);
  const main = /"main"\s{0,9}:\s{0,9}"([\w./-]{1,120})"/.exec(text)?.[1];
  return [...commandFiles(start.slice(0, longest)), ...commandFiles(serve.slice(0, longest)), ...(main === undefined ? [] : [main])];
}

/** The scripts that run when some do: what npm puts around them, and those that they run themselves, with their names. */
export function reachedScripts(
  { scripts }: Pick<ProgramFact, 'scripts'>,
  names: Iterable<string>,
): readonly (readonly [name: string, script: PackageScript])[] {
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

const around = (name: string): readonly string[] => [`pre${name}`, name, `post${name}`];
