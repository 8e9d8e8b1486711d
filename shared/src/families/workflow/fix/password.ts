import type { Operation } from '../../../rule/fix/types';
import type { ShellCommand, ShellScript, ShellWord } from '../../../syntax/shell/types';
import type { Range } from '../../../base/text/range';
import { editText } from '../../../syntax/yaml/operations';
import { expressionsIn } from '../model/expression/find';
import { variablesFor, type Variable } from '../model/names';
import type { Path, YamlDocument, YamlScalar } from '../../../syntax/yaml/types';
import { stringOf } from '../../../syntax/yaml/values';
import type { StepView } from '../model/types';
import { environment } from './variables';

/** A script that logs in. */
export interface PasswordPlace {
  /** `null`: of a pipeline of GitLab, which has no expressions. */
  readonly step: StepView | null;
  readonly document: YamlDocument;
  readonly node: YamlScalar;
  readonly path: Path;
}

/** A command that logs in, with the option that holds the password. */
export interface PasswordOption {
  /** The words of the option, which goes. */
  readonly option: Range;
  readonly value: { readonly word: ShellWord; readonly from: number };
}

/** Whether a command is all of its pipeline, so that something may be put in front of it. */
const isAlone = ({ pipeline, outer, redirections, script: own }: ShellCommand, script: ShellScript): boolean =>
  pipeline.members.length === 1 && outer === null && redirections.length === 0 && own === script;

/** The quoted variable that a word is; `null`: it is something else. */
function quotedVariable(word: string): string | null {
  const bare = withoutQuotes(word);
  if (bare === null || word.startsWith("'") || !/^\$(?:\w+|\{\w+\})$/.test(bare)) return null;
  return word.startsWith('"') ? word : `"${word}"`;
}

/** The edits that have a command read what `echo` prints. */
function readingFrom(
  given: string,
  text: string,
  { nameWord }: ShellCommand,
  option: Range,
): readonly { readonly range: Range; readonly text: string }[] {
  const { range } = nameWord!;
  return [
    { range, text: `echo ${given} | ${text.slice(range.start, range.end)}` },
    { range: option, text: '--password-stdin' },
  ];
}

/** The same as `passwordByInput` in a script that is a file of its own. */
export function passwordInScript(
  text: string,
  script: ShellScript,
  command: ShellCommand,
  { option, value: { word, from } }: PasswordOption,
): (() => readonly Operation[]) | null {
  const given = quotedVariable(text.slice(word.range.start + from, word.range.end));
  if (given === null || !isAlone(command, script)) return null;
  return () => readingFrom(given, text, command, option).map(edit => ({ type: 'command.replace', ...edit }));
}

/**
 * Gives a password to a command by its standard input: `echo "$X" | docker login --password-stdin`. Expressions of the command are passed in variables.
 * @returns `null` where the command cannot be written anew: it is in a pipe, or what it is given is not known to be the same
 */
export function passwordByInput(
  { step, document, node, path }: PasswordPlace,
  script: ShellScript,
  command: ShellCommand,
  { option, value }: PasswordOption,
): (() => readonly Operation[]) | null {
  const { style } = node;
  if (!isAlone(command, script) || style === 'double' || style === 'single') return null;
  if (/["']/.test(document.text[node.range.start] ?? '') || /\n/.test(document.text.slice(option.start, option.end))) return null;
  const secret = document.text.slice(value.word.range.start + value.from, value.word.range.end);
  const placed = (step ? expressionsIn(document, node) : []).filter(
    ({ range }) => range.start >= command.range.start && range.end <= command.range.end,
  );
  const variables = step ? variablesFor(step, placed, stringOf(node) ?? '') : new Map<string, Variable>();
  const used: Variable[] = [];
  const edits: { readonly range: Range; readonly text: string }[] = [];
  let given: string;
  const bare = withoutQuotes(secret);
  const own = bare !== null && bare.startsWith('${{') && bare.indexOf('}}') === bare.length - 2;
  const one = own ? placed.find(({ range }) => range.start >= value.word.range.start && range.end <= value.word.range.end) : undefined;
  if (own && one) {
    const variable = variables.get(one.text)!;
    used.push(variable);
    given = `"\${${variable.name}}"`;
  } else {
    const variable = quotedVariable(secret);
    if (variable === null) return null;
    given = variable;
  }
  for (const other of placed) {
    if (other === one) continue;
    const word = command.args.find(({ range }) => range.start <= other.range.start && other.range.end <= range.end);
    const isQuoted = word?.raw.startsWith('"') === true;
    if (!word || (word.raw.startsWith("'") && word.quoted)) return null;
    const variable = variables.get(other.text)!;
    used.push(variable);
    edits.push({ range: other.range, text: isQuoted ? `\${${variable.name}}` : `"\${${variable.name}}"` });
  }
  edits.push(...readingFrom(given, document.text, command, option));
  return () => [
    ...(step ? environment(step, used) : []),
    editText(
      path,
      [...edits].sort((a, b) => a.range.start - b.range.start),
    ),
  ];
}

/** A word without the quotes around it; `null` where they do not match. */
function withoutQuotes(word: string): string | null {
  const quote = word[0];
  if (quote !== '"' && quote !== "'") return word;
  return word.length > 1 && word.endsWith(quote) ? word.slice(1, -1) : null;
}
