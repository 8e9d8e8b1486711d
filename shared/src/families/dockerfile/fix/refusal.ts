import { noFix, type Attachment } from '../../../rule/define-rule';
import type { Instruction } from '../model/types';

/**
 * Why no fix may write into an instruction; `null` where one may: `refusalAt(instruction) ?? report.fix(...)`.
 * @param form `any` for a fix that is right in exec form too, since it writes flags or removes whole words
 * @param word what the fix writes anew, if that may be put together from variables
 */
export function refusalAt(
  { onbuildParent, execForm }: Instruction,
  form: 'shell' | 'any' = 'shell',
  word?: { readonly variables: readonly unknown[] },
): Attachment | null {
  // A trigger runs in other people's builds: what they need of it, this file does not say.
  if (onbuildParent) return noFix('no-fix');
  // The strings of an array are no words: what would be two for a shell is one for the program.
  if (execForm && form === 'shell') return noFix('no-fix');
  return word && word.variables.length > 0 ? noFix('variable') : null;
}
