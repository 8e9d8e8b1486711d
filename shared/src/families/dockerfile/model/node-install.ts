import { findFlag, flagValue, packageManagerCall } from '../../../syntax/shell/package-manager';
import type { PackageManagerCall } from '../../../syntax/shell/types';
import type { Range } from '../../../base/text/range';
import type { RunCommand } from './types';

/** The managers that install what a package.json lists. */
const managers: ReadonlySet<string> = new Set(['npm', 'yarn', 'pnpm']);

/** A command as an install of packages for the project at hand, all that it lists or some more; `null`: it is none. */
export function projectInstall({ command }: RunCommand): PackageManagerCall | null {
  const call = packageManagerCall(command);
  if (call?.action !== 'install' || !managers.has(call.manager)) return null;
  return call.verb.includes('global') || findFlag(call.flags, ['--global', '-g']) ? null : call;
}

/** What leaves the development packages out of an install: its flag, or a variable; `null`: nothing does. */
export function productionOnly(call: PackageManagerCall, run: RunCommand): { readonly range: Range; readonly flag: boolean } | null {
  const { flags, manager } = call;
  const { args, assignments } = call.command;
  const includes =
    ['dev', 'true'].includes(flagValue(args, ['--include', '--also']) ?? '') || flagValue(args, ['--production', '--prod']) === 'false';
  if (includes || findFlag(flags, ['--save-dev', '--dev']) || flags.some(f => f.text === '-D')) return null;
  for (const name of ['--omit', '--only']) {
    const at = args.findIndex(arg => arg.text === name || arg.text?.startsWith(`${name}=`));
    const value = flagValue(args, [name]);
    if (value !== (name === '--omit' ? 'dev' : 'production') && value !== (name === '--only' ? 'prod' : 'dev')) continue;
    const end = args[at]!.text === name ? args[at + 1]! : args[at]!;
    return { range: { start: args[at]!.range.start, end: end.range.end }, flag: true };
  }
  const flag = flags.find(
    f =>
      f.text === '--production' ||
      f.text === '--prod' ||
      (manager === 'pnpm' && f.text === '-P') ||
      /^--prod(uction)?=true$/.test(f.text ?? ''),
  );
  if (flag) return { range: flag.range, flag: true };
  const inline = assignments.find(a => a.name === 'NODE_ENV' && a.value?.text === 'production');
  if (inline) return { range: inline.range, flag: false };
  const variable = run.stage?.variable('NODE_ENV', run.instruction);
  return variable?.value === 'production' && assignments.every(a => a.name !== 'NODE_ENV')
    ? { range: call.subcommand?.range ?? call.command.nameWord!.range, flag: false }
    : null;
}
