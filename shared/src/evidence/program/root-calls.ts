import { calledName } from './code/evaluator';
import type { Program } from './code/program';

/** Calls that another user than root may not make, as Python and Node name them. */
const changing = /^(?:os|process)\.(?:set(?:res?|e)?[ug]id|setgroups|initgroups|chroot)$/;

/** Calls that move a file within its file system alone. */
const moving = /^(?:os\.(?:rename|replace|renames|link)|fs\.(?:rename|link)(?:Sync)?)$/;

/** What asks first whether the program is root's. */
const asking: readonly string[] = ['getuid', 'geteuid'];

/** What a program does as root alone, as a sentence, unless it asks first who it is; and whether it moves files by a call that no other file system answers. */
export function rootCall({ live, evaluator, moduleOf }: Program): { readonly asRoot: string | null; readonly renames: boolean } {
  const asks = live.some(({ mentions }) => asking.some(name => mentions.has(name)));
  let asRoot: string | null = null;
  let renames = false;
  for (const unit of live)
    for (const call of unit.calls) {
      const last = calledName(call);
      if (!/^(?:set|init|chroot|rename|replace|link)/.test(last) || evaluator.isDead(call.when)) continue;
      for (const value of evaluator.callees(call)) {
        if (value.k === 'method' && last === 'rename') renames = true;
        if (value.k !== 'library') continue;
        renames ||= moving.test(value.name);
        if (changing.test(value.name) && !asks) asRoot ??= `its program ${moduleOf(unit).source} calls ${last}`;
      }
    }
  return { asRoot, renames };
}
