import { memoize } from '../../../base/text/memoize';
import type { ShellCommand, ShellVariable, ShellWord } from '../../../syntax/shell/types';
import { isOfKnownRefs } from './jobs';
import type { GitlabLine, GitlabView, Variable } from './types';

/**
 * Who chooses a text: `anyone` who opens a merge request or writes a commit in one, or a `pusher` who names a branch or a tag. Names of both may hold
 * `$(...)`, quotes and semicolons (git-check-ref-format).
 */
export type Chooser = 'anyone' | 'pusher';

/** Predefined variables that others than the maintainers choose (docs.gitlab.com, "Predefined CI/CD variables reference", 2026-08). */
const chosen: readonly (readonly [RegExp, Chooser])[] = [
  [
    /^(?:CI_MERGE_REQUEST_(?:TITLE|DESCRIPTION|SOURCE_BRANCH_NAME)|CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME|CI_COMMIT_(?:MESSAGE|TITLE|DESCRIPTION|AUTHOR)|GITLAB_USER_NAME)$/,
    'anyone',
  ],
  [/^CI_COMMIT_TAG_MESSAGE$/, 'pusher'],
];

/** Those that hold the name of a branch or a tag, which the rules of a job may fix. */
const refName = /^CI_COMMIT_(?:REF_NAME|BRANCH|TAG)$/;

const reference = /\$(?:\{(\w{1,200})\}|(\w{1,200}))/g;

/** More variables that hold one another are not followed. */
const deepest = 5;

/**
 * Who chooses what a variable of a pipeline holds, in whole or in part; `null`: the maintainers alone, as far as one knows.
 * @param fixed whether the names of branches and tags are known
 */
function chooserOf(name: string, variables: readonly Variable[], fixed: boolean, depth = 0): Chooser | null {
  if (refName.test(name)) return fixed ? null : 'pusher';
  const known = chosen.find(([names]) => names.test(name));
  if (known) return known[1];
  const text = depth < deepest ? variables.find(one => one.name === name)?.text : null;
  for (const match of (text ?? '').matchAll(reference)) {
    const found = chooserOf(match[1] ?? match[2] ?? '', variables, fixed, depth + 1);
    if (found) return found;
  }
  return null;
}

/** Variables that a script itself sets to what another holds: `TITLE="$CI_MERGE_REQUEST_TITLE"`. */
const assigned = memoize((file: GitlabView): ReadonlyMap<string, ReadonlyMap<string, string>> => {
  const byJob = new Map<string, Map<string, string>>();
  for (const { job, script } of file.scripts)
    for (const { assignments } of script()?.commands ?? [])
      for (const { name, value } of assignments) {
        const [first] = value?.variables ?? [];
        if (!first || value!.substitutions.length > 0 || !isPlain(file, first)) continue;
        const key = job?.name ?? '';
        byJob.set(key, (byJob.get(key) ?? new Map<string, string>()).set(name, first.name));
      }
  return byJob;
});

/** Whether an expansion gives the value as it is, and nothing takes characters out of it or quotes it (`${NAME//[^a-z]/}`, `${NAME@Q}`). */
function isPlain({ document }: GitlabView, { range }: ShellVariable): boolean {
  return /^\$(?:\w+|\{\w+(?::?[-=?][^}]*)?\})$/.test(document.text.slice(range.start, range.end));
}

/** A variable of which somebody else chooses the value, where a line expands it as it is. */
export interface ChosenVariable {
  readonly variable: ShellVariable;
  readonly chooser: Chooser;
}

/** What of a word others choose. */
function chosenIn({ file, job }: GitlabLine, { variables }: ShellWord): readonly ChosenVariable[] {
  const known = job?.variables() ?? file.variables;
  const local = assigned(file).get(job?.name ?? '');
  const fixed = job !== null && variables.length > 0 && isOfKnownRefs(job);
  return variables.flatMap(variable => {
    if (!isPlain(file, variable)) return [];
    const chooser = chooserOf(variable.name, known, fixed) ?? chooserOf(local?.get(variable.name) ?? '', known, fixed);
    return chooser ? [{ variable, chooser }] : [];
  });
}

const shells = /^(?:ba|da|a|z|k)?sh$/;
/** Programs that take code as the value of an option. */
const interpreters: Readonly<Record<string, RegExp>> = {
  python: /^-c$/,
  python3: /^-c$/,
  node: /^(?:-e|--eval|-p|--print)$/,
  perl: /^-\w*e$/,
  ruby: /^-e$/,
  php: /^-r$/,
  su: /^-c$|^--command$/,
  runuser: /^-c$|^--command$/,
};
/** Options of ssh that take a value (ssh(1)). */
const sshValues = /^-[BbcDEeFIiJLlmOoPpQRSWw]$/;

/** What ssh joins and hands to the shell of the other host. */
function remoteWords({ args }: ShellCommand): readonly ShellWord[] {
  let i = 0;
  while (i < args.length && args[i]!.raw.startsWith('-')) i += sshValues.test(args[i]!.raw) ? 2 : 1;
  return args.slice(i + 1);
}

/** The words of a command that are read as code once more, after the shell has put the values of variables in. */
function codeIn(command: ShellCommand): readonly ShellWord[] {
  const { name, args, redirections, pipeline } = command;
  const option = interpreters[name ?? ''];
  const after = args.flatMap((word, i) => {
    const isShell = i === 0 ? shells.test(name ?? '') : shells.test(args[i - 1]!.text ?? '');
    const isCode = isShell ? /^-[a-z]{0,9}c$/.test(word.raw) : option?.test(word.raw);
    return isCode && args[i + 1] ? [args[i + 1]!] : [];
  });
  const given = name === 'eval' ? args : name === 'ssh' ? remoteWords(command) : after;
  const isReader = shells.test(name ?? '') && args.every(({ raw }) => /^-/.test(raw) && !/^-[a-z]{0,9}c$/.test(raw));
  if (!isReader) return given;
  const here = redirections.flatMap(({ operator, target }) => (operator === '<<<' && target ? [target] : []));
  const { members } = pipeline;
  const before = members[members.findIndex(({ commands }) => commands.includes(command)) - 1]?.command;
  return [...given, ...here, ...(/^(?:echo|printf)$/.test(before?.name ?? '') ? before!.args : [])];
}

/** Whether a command is a line of a here-document in which the shell puts values before another reads it. */
function isFilledIn({ document }: GitlabView, { script: { owner } }: ShellCommand): boolean {
  const here = owner?.redirections.find(({ operator }) => operator.startsWith('<<') && operator !== '<<<');
  return here !== undefined && !/^<<-?\s{0,9}['"\\]/.test(document.text.slice(here.range.start, here.range.start + 20));
}

/** What others choose of the code that a line has read once more. */
export function chosenCode(line: GitlabLine): readonly ChosenVariable[] {
  const found = (line.script()?.commands ?? []).flatMap(command => {
    const words = isFilledIn(line.file, command) ? command.args : codeIn(command);
    return words.flatMap(word => chosenIn(line, word));
  });
  const seen = new Set<number>();
  return found.filter(({ variable: { range } }) => !seen.has(range.start) && seen.add(range.start));
}
