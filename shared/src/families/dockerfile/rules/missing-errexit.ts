import { refusalAt } from '../fix/refusal';
import { replaceText } from '../../../rule/fix/operations';
import { scriptsOf } from '../model/scripts';
import { hasErrexit } from '../../../syntax/shell/options';
import type { CommandList, Pipeline, ShellScript } from '../../../syntax/shell/types';
import { contains, range } from '../../../base/text/range';
import { defineRule } from '../../../rule/define-rule';

/** Commands that do not fail as a rule, or whose failure shows in what follows. */
const harmless = new Set(['echo', 'printf', 'true', ':', 'set', 'export', 'unset', 'umask', 'alias', 'shopt', 'trap', 'local', 'exit', 'return', 'sleep', 'cat', 'tee', 'touch']); // prettier-ignore

/** The first command of a list whose failure nobody would notice: something follows that runs all the same. */
function firstIgnored(script: ShellScript, list: CommandList): Pipeline | null {
  for (const pipeline of list.pipelines.slice(0, -1)) {
    const { after, members } = pipeline;
    if (after !== 'newline' && after !== ';') continue;
    const command = members.at(-1)?.command;
    // A block says what it does with its failures; `[ x ] && y` is a condition.
    if (command?.name == null || harmless.has(command.name)) continue;
    if (pipeline.negated || ['&&', '||'].includes(command.before ?? '')) {
      if (isForgiven(list, pipeline)) continue;
    }
    if (!hasErrexit(script, pipeline.range.start)) return pipeline;
  }
  return null;
}

/** `a || true`, `[ -f x ] && y`: the author has thought of failure. */
function isForgiven({ pipelines }: CommandList, { index }: Pipeline): boolean {
  for (let at = index - 1; at >= 0 && ['&&', '||'].includes(pipelines[at]!.after ?? ''); at--)
    if (pipelines[at]!.after === '||' || ['[', 'test', '[['].includes(pipelines[at]!.members[0]?.command?.name ?? '[')) return true;
  return false;
}

export const rule = defineRule({
  id: 'dockerfile/missing-errexit',
  title: 'Multi-command heredoc without set -e',
  severity: 'warning',
  category: 'reliability',
  profile: 'recommended',
  messages: { ignored: { text: 'If "{command}" fails, the build continues: only the last command of a heredoc counts' } },
  fixes: { errexit: { title: 'Start the heredoc with set -e', class: 'review' } },
  assumptions: { fails: 'In a build that works today, no command in the heredoc before the last one fails' },
  on: {
    instruction(instruction, report) {
      const { heredocs, keyword } = instruction;
      if (keyword !== 'RUN' || heredocs.length === 0) return;
      for (const script of scriptsOf(instruction)) {
        const heredoc = heredocs.find(({ bodyRange }) => contains(bodyRange, script.range));
        const ignored = heredoc && firstIgnored(script, script.list);
        if (!ignored) continue;
        const { bodyRange, content } = heredoc;
        const shebang = /^\t*#!/.test(content) ? content.indexOf('\n') + 1 : 0;
        const indent = /^[ \t]*/.exec(content.slice(shebang))![0];
        report(
          ignored.range,
          'ignored',
          { command: ignored.members.at(-1)!.command!.name! },
          refusalAt(instruction, 'any') ??
            report.fix('errexit', () => [replaceText(range(bodyRange.start + shebang), `${indent}set -e\n`)], {
              assumes: [{ id: 'fails' }],
            }),
        );
      }
    },
  },
});
