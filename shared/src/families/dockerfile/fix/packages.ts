import { refusalAt } from './refusal';
import { removeCommand, removeWords } from '../../../rule/fix/operations';
import type { RunCommand } from '../model/types';
import { packageManagerCall } from '../../../syntax/shell/package-manager';
import type { ShellWord } from '../../../syntax/shell/types';
import type { DockerfileOperation } from '../../../rule/fix/types';

/** Takes a package out of the command that installs it; the command with its last one. `null` where an ONBUILD or an exec form stands around it. */
export function removePackage({ command, instruction }: RunCommand, word: ShellWord): DockerfileOperation | null {
  if (refusalAt(instruction)) return null;
  const alone = packageManagerCall(command)?.packages.length === 1;
  return alone ? removeCommand(command.range) : removeWords(word.range);
}
