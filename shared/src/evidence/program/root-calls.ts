import type { Program } from './code/program';

/** Calls that another user than root may not make, as Python and Node name them. */
const changing: ReadonlySet<string> = new Set(
  ['os', 'process'].flatMap(module =>
    'setuid setgid seteuid setegid setreuid setregid setresuid setresgid setgroups initgroups chroot'
      .split(' ')
      .map(name => `${module}.${name}`),
  ),
);

/** Calls that move a file within its file system alone. */
const moving: ReadonlySet<string> = new Set([
  'os.rename',
  'os.replace',
  'os.renames',
  'os.link',
  'fs.rename',
  'fs.renameSync',
  'fs.link',
  'fs.linkSync',
]);

/** What asks first whether the program is root's. */
const asking: readonly string[] = ['getuid', 'geteuid'];

/** What a program does as root alone, as a sentence, unless it asks first who it is; and whether it moves files by a call that no other file system answers. */
export function rootCall({ live, evaluator, moduleOf }: Program): { readonly asRoot: string | null; readonly renames: boolean } {
  const asks = live.some(({ mentions }) => asking.some(name => mentions.has(name)));
  let asRoot: string | null = null;
  let renames = false;
  for (const unit of live)
    for (const { callee, when } of unit.calls) {
      const last = callee.k === 'member' || callee.k === 'name' ? callee.name : '';
      if (!/^(?:set|init|chroot|rename|replace|link)/.test(last) || evaluator.isDead(when, null)) continue;
      for (const value of evaluator.of(callee, null)) {
        if (value.k === 'method' && last === 'rename') renames = true;
        if (value.k !== 'library') continue;
        renames ||= moving.has(value.name);
        if (changing.has(value.name) && !asks) asRoot ??= `its program ${moduleOf(unit).source} calls ${last}`;
      }
    }
  return { asRoot, renames };
}
