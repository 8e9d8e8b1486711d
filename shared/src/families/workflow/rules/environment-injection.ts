import { defineRule } from '../../../rule/define-rule';
import type { ShellCommand, ShellWord } from '../../../shell/types';
import { outsiders } from '../model/events';
import { expressionsIn } from '../model/expression/find';
import { originOf, originOfEnv } from '../model/sources';
import { artifactDownloads } from '../model/artifacts';
import type { StepView } from '../model/types';
import { headCheckouts, privilegesOf } from '../model/untrusted';

const files = /\bGITHUB_(ENV|PATH)\b/;
/** Commands that print what is in a file. */
const readers = new Set(['cat', 'head', 'tail', 'jq', 'yq', 'sed', 'awk', 'grep', 'cut', 'tr', 'sort', 'tee', 'unzip']);

/** The file of the runner that a command writes to: `GITHUB_ENV` or `GITHUB_PATH`. */
function targetOf({ name, args, redirections }: ShellCommand): string | null {
  const written = redirections.filter(({ operator }) => operator === '>>' || operator === '>').map(({ target }) => target?.raw ?? '');
  if (name === 'tee') written.push(...args.map(({ raw }) => raw));
  const found = written.map(raw => files.exec(raw)?.[1]).find(kind => kind !== undefined);
  return found === undefined ? null : `GITHUB_${found}`;
}

/** Whether files of somebody else lie in the working directory when a step runs. */
function hasForeignFiles({ job, index }: StepView): boolean {
  return job !== null && [...headCheckouts(job).map(({ step }) => step), ...artifactDownloads(job)].some(step => step.index <= index);
}

/** What of a word an outsider writes, as messages name it; `null`: nothing is known. */
function foreignIn(word: ShellWord, step: StepView, script: readonly ShellCommand[], withFiles: boolean, depth = 0): string | null {
  const place = { file: step.file, job: step.job, step };
  for (const { name } of word.variables) {
    const origin = originOfEnv(name, place);
    if (origin.kind === 'written' && outsiders.has(origin.by)) return `$${name}`;
    // what the script itself gave the variable
    const given = depth < 3 ? script.flatMap(({ assignments }) => assignments).filter(one => one.name === name && one.value) : [];
    for (const { value } of given) {
      const found = foreignIn(value!, step, script, withFiles, depth + 1);
      if (found !== null) return found;
    }
  }
  for (const placed of step.run ? expressionsIn(step.file.document, step.run.node) : []) {
    if (placed.range.start < word.range.start || placed.range.end > word.range.end || !placed.expression) continue;
    const origin = originOf(placed.expression, place);
    if (origin.kind === 'written' && outsiders.has(origin.by)) return placed.text;
  }
  const reader = withFiles ? word.substitutions.flatMap(({ commands }) => commands).find(readsFile) : undefined;
  return reader ? fileOf(reader) : null;
}

const readsFile = ({ name, args }: ShellCommand): boolean =>
  name !== null && readers.has(name) && args.some(({ raw }) => !raw.startsWith('-') && !raw.startsWith('/'));
const fileOf = ({ args }: ShellCommand): string => args.findLast(({ raw }) => !raw.startsWith('-'))?.raw ?? '';

export const rule = defineRule({
  id: 'workflow/environment-injection',
  title: 'Untrusted data written to GITHUB_ENV or GITHUB_PATH',
  severity: 'error',
  category: 'isolation',
  profile: 'recommended',
  references: {
    cwe: ['CWE-15'],
    links: ['https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#setting-an-environment-variable'],
  },
  peers: { zizmor: ['github-env'] },
  messages: { written: { text: 'Whoever writes {what} chooses what later steps get: it goes into {target}' } },
  on: {
    step(step, report) {
      const { run, file } = step;
      if (!run || file.target !== 'workflow' || privilegesOf(file).length === 0 || !files.test(run.text)) return;
      const script = run.script();
      const withFiles = hasForeignFiles(step);
      for (const pipeline of script?.pipelines ?? []) {
        const commands = pipeline.members.flatMap(({ command }) => command ?? []);
        const target = commands.map(targetOf).find(kind => kind !== null);
        if (target === undefined || target === null) continue;
        for (const command of commands) {
          const word = command.args.find(arg => foreignIn(arg, step, script!.commands, withFiles) !== null);
          const what = word ? foreignIn(word, step, script!.commands, withFiles) : withFiles && readsFile(command) ? fileOf(command) : null;
          if (what === null) continue;
          report(word?.range ?? command.range, 'written', { what, target });
          break;
        }
      }
    },
  },
});
