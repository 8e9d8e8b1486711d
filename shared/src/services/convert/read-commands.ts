import { brokenContinuations } from '../../families/run/model/broken';
import { clientProblems } from '../../families/run/model/problems';
import type { GivenOption } from '../../families/run/model/parse-options';
import { readModel } from '../../families/run/model/read';
import type { RunContainer, RunModel } from '../../families/run/model/types';
import { optionRange } from '../../families/run/model/words';
import { containersOf } from '../../families/run/model/view';
import { flagsOf } from '../../knowledge/run-flags';
import { short } from '../../base/limits/short';
import { applyEdits, type TextEdit } from '../../base/text/edits';
import { lineEnd, lineStart } from '../../base/text/lines';
import { suggest } from '../../base/text/suggest';
import { createNotes, type Notes } from '../../base/terms/notes';

/** Why a text cannot be converted. */
export interface ConversionProblem {
  /** English, without a final full stop. */
  readonly message: string;
  /** The line that it is about, and where in it; `null`: it is about all of the text. */
  readonly at: { readonly line: number; readonly character: number; readonly length: number; readonly text: string } | null;
}

/** The commands of a text that make containers. */
export interface ReadCommands {
  readonly ok: true;
  /** What was read: the text with what a web page or a word processor did to it undone. */
  readonly text: string;
  readonly model: RunModel;
  readonly containers: readonly RunContainer[];
  readonly notes: Notes;
}

/** More text than this is no command, and more commands than these are a script. */
const mostText = 200_000;
const mostCommands = 50;

/** Reads pasted text. */
export function readCommands(pasted: string): ReadCommands | ({ readonly ok: false } & ConversionProblem) {
  const fail = (message: string, at: ConversionProblem['at'] = null): { readonly ok: false } & ConversionProblem => ({
    ok: false,
    message,
    at,
  });
  if (pasted.length > mostText) return fail(`The text is too long for a command: it has ${pasted.length} characters`);
  const notes = createNotes();
  const text = quotePlaceholders(joinLines(mendContinuations(keepWindowsPaths(plainText(pasted, notes), notes), notes), notes), notes);
  const model = modelOf(text);
  const containers = containersOf(model);
  if (containers.length === 0)
    return fail('There is no "docker run", "docker create", "podman run" or "nerdctl run" in the text, or a quote in it is left open');
  if (containers.length > mostCommands)
    return fail(`The text holds ${containers.length} commands; ${mostCommands} at once can be converted`);
  for (const { command } of containers) {
    const { parsed, words, args, verbRange, program } = command;
    const { problem } = parsed;
    const wrong = clientProblems(parsed)[0];
    if (problem) {
      const word = words[problem.word];
      const range = word?.range ?? verbRange;
      if (problem.kind === 'unknown-flag') {
        const near = problem.flag.startsWith('--') ? suggest(problem.flag.slice(2), flagsOf(program).names) : null;
        const long = problem.flag.startsWith('--')
          ? null
          : flagsOf(program).long((args[problem.word]?.shown ?? '').slice(1).split('=', 1)[0]!);
        const meant = near ?? long?.name ?? null;
        return fail(`Unknown flag ${short(problem.flag)}${meant === null ? '' : `; did you mean --${meant}?`}`, placeOf(text, range));
      }
      if (problem.kind === 'missing-value') return fail(`${problem.flag} needs a value`, placeOf(text, range));
      return fail(
        words.length > 0 && parsed.open
          ? 'Which word is the image is not certain: a variable may be several words'
          : 'The command does not name an image',
        placeOf(text, range),
      );
    }
    if (parsed.image === null || args[parsed.image]!.text === '')
      return fail('The command does not name an image', placeOf(text, verbRange));
    if (wrong) return fail(describe(wrong.option, wrong.other), placeOf(text, optionRange(command, wrong.option)));
  }
  return { ok: true, text, model, containers, notes };
}

function describe(option: GivenOption, other: GivenOption | null): string {
  if (other) return `${option.written} does not go with ${other.written}`;
  return `${option.written} does not take ${JSON.stringify(short(option.value ?? option.shown))}`;
}

/** Where something stands, as a person is shown it. */
export function placeOf(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): NonNullable<ConversionProblem['at']> {
  const from = lineStart(text, start);
  const to = lineEnd(text, start);
  const line = text.slice(0, from).split('\n').length - 1;
  return { line, character: start - from, length: Math.max(1, Math.min(end, to) - start), text: text.slice(from, to) };
}

function modelOf(text: string): RunModel {
  return readModel({
    path: 'pasted.sh',
    fileText: text,
    base: 0,
    index: 0,
    dialect: { templated: false, fragment: false },
    document: null,
    memo: new Map(),
  });
}

/** A prompt in front of a command of an engine; a `#` might begin a comment, but nobody comments a command out to have it converted. */
const prompt =
  /^[ \t]{0,40}(?:[\w.@~:/\\[\] -]{0,80}[$#%>]|PS[^>\n]{0,80}>)[ \t]{1,9}(?=(?:sudo[ \t]{1,9})?(?:docker|podman|nerdctl|finch)[ \t])/;

/** What web pages, word processors and other shells do to a command, undone. */
function plainText(pasted: string, notes: Notes): string {
  const unix = pasted.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  const typed = unix
    .replace(/[\u00a0\u2007\u202f]/g, ' ')
    .replace(/[\u201c\u201d\u201e]/g, '"')
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/(?<=[ \t\n])[\u2013\u2014](?=[A-Za-z](?:[ \t\n=]|$))/g, '-')
    .replace(/(?<=[ \t\n])[\u2013\u2014](?=[A-Za-z])/g, '--');
  if (typed !== unix) notes.add('typography', 'typography');
  const lines = typed.split('\n');
  const out: string[] = [];
  for (const [i, line] of lines.entries()) {
    const bare = line.replace(prompt, '');
    // cmd and PowerShell continue lines with a caret and a backtick
    const mark = bare.trimEnd().at(-1);
    const goesOn = i + 1 < lines.length && (mark === '^' || (mark === '`' && bare.split('`').length % 2 === 0));
    out.push(goesOn ? `${bare.trimEnd().slice(0, -1)}\\` : bare);
  }
  return out.join('\n');
}

/** A word without quotes that begins with a drive, or with a named pipe, of Windows. */
const windowsWord = /(?<=[\s=,])(?:[A-Za-z]:\\|\\\\\.\\)[^\s"'`]{0,1000}/g;

/** Keeps the backslashes of such words, which the shells of Windows do not take away. */
function keepWindowsPaths(text: string, notes: Notes): string {
  return text.replace(windowsWord, word => {
    notes.add('windows-path', short(word));
    return word.replaceAll('\\', '\\\\');
  });
}

/** Takes away what stands behind backslashes that were meant to continue a line; comments between such lines as well. */
function mendContinuations(text: string, notes: Notes): string {
  const lines = text.split('\n');
  const kept = lines.filter((line, i) => !(/^[ \t]*#/.test(line) && i > 0 && /\\[ \t]*(?:#|$)/.test(lines[i - 1]!.slice(-400))));
  const before = kept.join('\n');
  const model = modelOf(before);
  const edits = model.commands.flatMap(command =>
    brokenContinuations(command, model).map(({ range }): TextEdit => ({ range, newText: '' })),
  );
  if (edits.length === 0 && kept.length === lines.length) return before;
  notes.add('continuation', 'continuation');
  const unique = new Map(edits.map(edit => [edit.range.start, edit]));
  return applyEdits(before, [...unique.values()]);
}

/** A line that begins with an option is no command: a backslash is missing above it. */
function joinLines(text: string, notes: Notes): string {
  const model = modelOf(text);
  const isEngine = new Set([...model.commands, ...model.others].map(({ shell }) => shell));
  const edits: TextEdit[] = [];
  let goesOn = false;
  for (const script of model.scripts) {
    for (const command of script.script.commands) {
      const { nameWord } = command;
      if (nameWord && goesOn && /^--?[A-Za-z]/.test(nameWord.raw)) {
        const line = lineStart(text, nameWord.range.start);
        if (line === 0 || text.slice(line, nameWord.range.start).trim() !== '') continue;
        let end = line - 1;
        while (end > 0 && /[ \t\n]/.test(text[end - 1]!)) end--;
        edits.push({ range: { start: end, end: line }, newText: ' \\\n' });
        notes.add('joined', 'joined', { text: nameWord.raw.split('=', 1)[0]! });
      } else goesOn = isEngine.has(command);
    }
  }
  return edits.length === 0 ? text : applyEdits(text, edits);
}

/** `<path>` of documentation is a redirection to a shell; nobody means one where nothing stands between its signs and the words around it. */
function quotePlaceholders(text: string, notes: Notes): string {
  const edits: TextEdit[] = [];
  for (const { shell } of modelOf(text).commands) {
    for (const [i, open] of shell.redirections.entries()) {
      const close = shell.redirections[i + 1];
      const isPair = open.operator === '<' && close?.operator === '>' && open.target?.range.end === close.range.start;
      if (!isPair || open.target.range.start !== open.range.start + 1) continue;
      notes.add('placeholder', short(text.slice(open.range.start, close.range.start + 1)));
      for (const at of [open.range.start, close.range.start]) edits.push({ range: { start: at, end: at }, newText: '\\' });
    }
  }
  return applyEdits(text, edits);
}
