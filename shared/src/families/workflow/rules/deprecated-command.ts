import { defineRule, noFix } from '../../../rule/define-rule';
import type { Operation } from '../../../rule/fix/types';
import type { ShellScript } from '../../../syntax/shell/types';
import type { Range } from '../../../base/text/range';
import { editText } from '../../../syntax/yaml/operations';
import { sinksOf, type Sink } from '../model/sinks';

/** The commands that GitHub removed, with the variable that names the file that took their place. */
const files: Readonly<Record<string, string>> = {
  'set-output': 'GITHUB_OUTPUT',
  'save-state': 'GITHUB_STATE',
  'set-env': 'GITHUB_ENV',
  'add-path': 'GITHUB_PATH',
};
const command = /::(set-output|save-state|set-env|add-path)\b/g;
const printed = /^(["']?)::(?:(?:set-output|save-state|set-env) +name=([\w-]{1,100})|add-path)::/;

/** What a command prints as one word, or as two of which the first is the workflow command. */
interface Printed {
  readonly range: Range;
  readonly raw: string;
}

/** The workflow command that `echo` prints alone at a place; `null` where more is printed, or it goes somewhere. */
function printedAt(script: ShellScript, at: number): Printed | null {
  for (const { name, args, redirections, pipeline, script: own } of script.commands) {
    const [first, second, third] = args;
    if (name !== 'echo' || !first || third || first.range.start > at || at >= first.range.end) continue;
    if (redirections.length > 0 || pipeline.members.length > 1 || own !== script) return null;
    if (!second) return { range: first.range, raw: first.raw };
    const isBare = /^::[\w-]+$/.test(first.raw) && second.raw.startsWith('name=');
    return isBare ? { range: { start: first.range.start, end: second.range.end }, raw: `${first.raw} ${second.raw}` } : null;
  }
  return null;
}

/** Writes to the file instead; `null` where what is printed is not one text of a shell. */
function toFile({ node, path, language }: Sink, script: ShellScript | null, at: number, file: string): (() => readonly Operation[]) | null {
  const found = language === 'posix' && script ? printedAt(script, at) : null;
  const match = found && printed.exec(found.raw);
  if (!found || !match || found.raw.includes('\n')) return null;
  const [all, quote = '', name] = match;
  const rest = found.raw.slice(all.length);
  // quotes in the middle would end those that are put around
  if (quote === '' ? /["'\\*?[\]{}~]/.test(rest.replace(/\$\{\w+\}/g, '')) : !rest.endsWith(quote)) return null;
  const own = quote === '' ? '"' : quote;
  const text = `${own}${name === undefined ? '' : `${name}=`}${quote === '' ? `${rest}"` : rest} >> "$${file}"`;
  if ((node.style === 'double' && text.includes('"')) || node.style === 'single') return null;
  return () => [editText(path, [{ range: found.range, text }])];
}

export const rule = defineRule({
  id: 'workflow/deprecated-command',
  title: 'Workflow command that GitHub removed',
  severity: 'warning',
  category: 'correctness',
  profile: 'baseline',
  references: {
    cwe: ['CWE-477'],
    links: ['https://github.blog/changelog/2022-10-11-github-actions-deprecating-save-state-and-set-output-commands/'],
  },
  peers: { actionlint: ['deprecated-commands'] },
  messages: {
    deprecated: { text: '"::{name}" will stop working: write to ${file}' },
    refused: { text: 'The runner rejects "::{name}": write to ${file}', severity: 'error' },
  },
  fixes: { file: { title: 'Write to {file} instead', class: 'review' } },
  assumptions: { escaped: 'The value does not contain the %25, %0A or %0D escapes that the old command requires' },
  on: {
    step(step, report) {
      const { text } = step.file.document;
      for (const sink of sinksOf(step)) {
        const { start, end } = sink.node.range;
        const script = step.run?.script() ?? null;
        for (const match of text.slice(start, end).matchAll(command)) {
          const name = match[1]!;
          const range: Range = { start: start + match.index, end: start + match.index + match[0].length };
          const line = text.slice(text.lastIndexOf('\n', range.start) + 1, range.start);
          if (/^\s*#/.test(line)) continue;
          const file = files[name]!;
          const operations = toFile(sink, script, range.start, file);
          // the old command alone turns them back into what they are for
          const assumes = /%(?:25|0[AD])/i.test(step.run?.text ?? '') ? [{ id: 'escaped', evidence: true as const }] : [];
          const fix = operations
            ? report.fix('file', operations, { data: { file }, assumes })
            : noFix('no-fix', 'the command prints more than one word');
          report(range, name === 'set-env' || name === 'add-path' ? 'refused' : 'deprecated', { name, file }, fix);
        }
      }
    },
  },
});
