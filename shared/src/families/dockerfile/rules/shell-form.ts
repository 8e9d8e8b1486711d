import type { Assumption } from '../../../rule/fix/types';
import { refusalAt } from '../fix/refusal';
import { replaceText } from '../../../rule/fix/operations';
import { shellAt, scriptsOf } from '../model/scripts';
import { builtins, endsInShell, isStraight, makesWayItself } from '../model/shell-exec';
import { stageProfile } from '../model/stage-image';
import { isIdler, stopHabit } from '../model/stop';
import type { Instruction, Stage } from '../model/types';
import type { ShellCommand, ShellWord } from '../../../syntax/shell/types';
import { range } from '../../../base/text/range';
import { defineRule, noFix, weighs } from '../../../rule/define-rule';

/** Whether a word says by itself what the program gets. */
const isPlain = (word: ShellWord): boolean => word.text !== null && (word.quoted ? !/^~/.test(word.raw) : !/[*?[\]{}~]/.test(word.raw));

/** The array that does the same without a shell, or with a shell that the program replaces; `null` where neither is plain to see. */
function execForm(instruction: Instruction): string | null {
  const [script] = scriptsOf(instruction);
  const pipelines = script?.list.pipelines ?? [];
  const last = pipelines.at(-1);
  const command = last?.members.length === 1 ? last.members[0]!.command : null;
  if (!script?.complete || !last || !command || last.negated || last.after !== null) return null;
  const run = command.name === 'exec' && command.inner ? command.inner : command;
  if (run.name === null || builtins.has(run.name) || !run.nameWord) return null;
  const words = [run.nameWord, ...run.args];
  const bare = command.assignments.length === 0 && run.redirections.length === 0;
  if (pipelines.length === 1 && bare && words.every(isPlain)) return array(words.map(word => word.text!));
  const { text } = script.text;
  if (instruction.continuations.length > 0) return null;
  if (command !== run) return array(['/bin/sh', '-c', text]);
  const at = startIn(instruction, command);
  return isStraight(pipelines) && at !== null && at <= text.length
    ? array(['/bin/sh', '-c', `${text.slice(0, at)}exec ${text.slice(at)}`])
    : null;
}

/**
 * Where `exec ` makes way for the program that a shell starts last, in a script that is too much for an array, or whose program a variable names; `null`
 * where that is not plain to see.
 */
function execPlace(instruction: Instruction): number | null {
  const [script] = scriptsOf(instruction);
  const pipelines = script?.list.pipelines ?? [];
  const last = pipelines.at(-1);
  const command = last?.members.length === 1 ? last.members[0]!.command : null;
  if (!script?.complete || !last || !command?.nameWord || last.negated || last.after !== null || instruction.heredocs.length > 0)
    return null;
  const { name, nameWord } = command;
  // a variable may name nothing, or several words; with a folder in front or behind it is a program
  const isProgram = name === null ? /^"?(?:\/|\$)/.test(nameWord.raw) && nameWord.raw.includes('/') : !builtins.has(name);
  // what the script defines itself no exec finds
  const defines = script.text.text.includes('()');
  return isProgram && isStraight(pipelines) && !defines ? nameWord.range.start : null;
}

/** Where the program's name starts in the script; assignments in front of it stay in front of `exec`. */
function startIn(instruction: Instruction, command: ShellCommand): number | null {
  const { script } = instruction;
  return script && script.sources.length === 1 ? command.nameWord!.range.start - script.sources[0]! : null;
}

const array = (words: readonly string[]): string => `[${words.map(word => JSON.stringify(word)).join(', ')}]`;

/** Whether the shell makes way for what it starts last, which gets the signals then: with `exec`, or by itself. So it may as well for another shell. */
function makesWay(instruction: Instruction, stage: Stage): boolean {
  const pipelines = scriptsOf(instruction)[0]?.list.pipelines ?? [];
  const last = pipelines.at(-1);
  if (endsInShell(pipelines) || (pipelines.length > 0 && makesWayItself(pipelines, stageProfile(stage)?.os))) return true;
  return last?.members.length === 1 && last.members[0]!.command?.name === 'exec' && last.after === null;
}

/** Whether the shell may make way for its command, as Bash and BusyBox's do, since nothing is known of the image. */
function mayMakeWay(instruction: Instruction, stage: Stage): boolean {
  return !stageProfile(stage)?.os && makesWayItself(scriptsOf(instruction)[0]?.list.pipelines ?? [], 'alpine');
}

/** What has to be true for the program to end on SIGTERM once no shell is in between; that Python ends on SIGINT instead is told elsewhere. */
function signalsOf(instruction: Instruction): readonly Assumption[] {
  const last = scriptsOf(instruction)[0]?.list.pipelines.at(-1)?.members[0]?.command ?? null;
  const run = last?.name === 'exec' && last.inner ? last.inner : last;
  const habit = run && stopHabit(run);
  if (habit === 'interrupt') return [];
  if (run && isIdler(run)) return [{ id: 'handler', data: { name: run.name! }, evidence: true }];
  return habit === 'deaf' ? [{ id: 'handler', data: { name: run!.name! } }] : [{ id: 'signals' }];
}

export const rule = defineRule({
  id: 'dockerfile/shell-form',
  title: 'CMD or ENTRYPOINT in shell form',
  severity: 'warning',
  category: 'reliability',
  profile: 'recommended',
  references: { cwe: ['CWE-78'] },
  peers: {
    hadolint: ['DL3025'],
    buildkit: ['JSONArgsRecommended'],
    kics: ['Not Using JSON In CMD And ENTRYPOINT Arguments'],
    semgrep: ['prefer-json-notation'],
  },
  messages: {
    shell: { text: 'In shell form, {keyword} starts a shell, and signals do not reach the program' },
    eval: { text: 'eval runs whatever ${name} contains when the container starts' },
  },
  fixes: {
    exec: { title: 'Change to {text}', class: 'review' },
    replace: { title: 'Start the last program with exec', class: 'review' },
  },
  assumptions: {
    signals: 'The program exits on SIGTERM, which now reaches it',
    handler: '{name} handles SIGTERM, which now reaches it: a process with PID 1 ignores the signal by default',
    shebang: 'The first line of {program} names its interpreter',
  },
  on: {
    instruction(instruction, report) {
      const { keyword, keywordRange, execForm: json, script, stage, argumentsRange } = instruction;
      if ((keyword !== 'CMD' && keyword !== 'ENTRYPOINT') || !stage) return;
      const evaluated = scriptsOf(instruction)
        .flatMap(s => s.commands)
        .find(c => c.name === 'eval' && c.args.some(arg => arg.variables.length > 0));
      if (evaluated)
        report(evaluated.nameWord!.range, 'eval', { name: evaluated.args.flatMap(arg => arg.variables)[0]!.name }, noFix('manual'));
      // Who sets SHELL wants a shell: BuildKit is silent then, too.
      if (json || !script || evaluated || instruction.stateBefore?.shell || stage.state.shell || makesWay(instruction, stage)) return;
      if (
        script.text.startsWith('[') &&
        instruction.file.problems.some(p => p.instruction === instruction && p.code === 'invalid-json-form')
      )
        return;
      if (stage.windows || shellAt(instruction).dialect !== 'posix') return report(keywordRange, 'shell', { keyword }, noFix('windows'));
      const refused = refusalAt(instruction);
      const text = refused ? null : execForm(instruction);
      const place = refused || text !== null ? null : execPlace(instruction);
      // A shell runs a script without `#!` as its own; the kernel refuses it. No one has read it here.
      const program = /^\["([^"]*\.(?:sh|bash))"/.exec(text ?? '')?.[1];
      // A shell form of ENTRYPOINT ignores CMD; an exec form would get it as arguments.
      const ignored = keyword === 'ENTRYPOINT' && stage.state.cmd !== null;
      report(
        keywordRange,
        'shell',
        { keyword },
        mayMakeWay(instruction, stage) && weighs('info'),
        text !== null
          ? report.fix('exec', () => [replaceText(argumentsRange, text)], {
              data: { text: text.length > 60 ? `${text.slice(0, 59)}…` : text },
              assumes: [...signalsOf(instruction), ...(program === undefined ? [] : [{ id: 'shebang', data: { program } }])],
              class: ignored || program !== undefined ? 'attended' : undefined,
            })
          : place === null
            ? (refused ?? noFix('manual'))
            : report.fix('replace', () => [replaceText(range(place), 'exec ')], { assumes: signalsOf(instruction) }),
      );
    },
  },
});
