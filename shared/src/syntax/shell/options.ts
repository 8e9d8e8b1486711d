import type { Pipeline, ShellCommand, ShellScript } from './types';

/** Whether words such as `-euo pipefail -c` switch an option of `set -o` on; `null` where they do not speak of it. `+o` switches it off. */
function optionIn(words: readonly (string | null)[], name: string, letter: string): boolean | null {
  let state: boolean | null = null;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (!/^[-+][a-zA-Z]/.test(word)) break;
    const on = word.startsWith('-');
    if (letter !== '' && word.slice(1).includes(letter)) state = on;
    if (/o[a-np-zA-Z]*$/.test(word) && !word.startsWith('--')) {
      if (words[i + 1] === name) state = on;
      i++;
    }
  }
  return state;
}

function isOn(script: ShellScript, at: number, name: string, letter: string): boolean {
  const explicit =
    optionIn(script.interpreter.args, name, letter) ?? (script.owner === null ? null : isOnBefore(script.owner, name, letter));
  let state = explicit ?? false;
  for (const command of script.commands) {
    if (command.range.start >= at) break;
    if (command.name === 'set' && command.script === script)
      state =
        optionIn(
          command.args.map(arg => arg.text),
          name,
          letter,
        ) ?? state;
  }
  return state;
}

/** A string of `eval` runs in the shell around it; one of `sh -c` in a new shell. */
function isOnBefore(owner: ShellCommand, name: string, letter: string): boolean | null {
  return owner.name === 'eval' ? isOn(owner.script, owner.range.start, name, letter) : null;
}

/** Whether `pipefail` is in force for a pipeline: by the interpreter's arguments (SHELL, shebang, `bash -o`) or an earlier `set` in its script. */
export function hasPipefail(pipeline: Pipeline): boolean {
  return isOn(pipeline.list.script, pipeline.range.start, 'pipefail', '');
}

/** Whether a failing command ends the script at a place: `set -e`, `sh -e`. */
export function hasErrexit(script: ShellScript, at: number): boolean {
  return isOn(script, at, 'errexit', 'e');
}
