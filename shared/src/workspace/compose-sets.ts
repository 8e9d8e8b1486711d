import { range } from '../base/text/range';
import { folderOf, isEnvironment, joinPath } from './paths';
import type { ComposeSetFact } from './unkeyed-facts';

/** Compose as it is called. */
const command = /\b(?:(?:docker|podman|nerdctl)[ \t]{1,20}compose|(?:docker|podman)-compose)(?=[ \t\\])/g;

/** A word behind that, with the blanks and continued lines in front of it. */
const word = /(?:[ \t]|\\\r?\n)*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"'\\;&|#]+))/y;

/** A file among the arguments that a program has in a list: `"-f", "compose.yaml"`. */
const argument = /["'](?:-f|--file)["'][ \t\r\n]{0,40},[ \t\r\n]{0,200}["']([^"'\n]{1,200})["']/g;

/** What may be between two of them: of one list, or where it is made longer. */
const goesOn = /^[\s,]*$|(?:\+=|\.(?:extend|push|concat)\()\s{0,40}[[(]?\s{0,200}$/;

/** `COMPOSE_FILE=a:b`, as a variable of a script, of a make file, or of a workflow. */
const variable = /\bCOMPOSE_FILE["']?[ \t]{0,20}(?::?=|:)[ \t]{0,20}["']?([^\s"'#]{1,1000})/g;

/** What separates the names in it, where a text says so. */
const separator = /\bCOMPOSE_PATH_SEPARATOR["']?[ \t]{0,20}(?::?=|:)[ \t]{0,20}(?:"([^"\n])"|'([^'\n])'|([^\s"']))/;

/** A line of an `.env` that sets one of the two. */
const setting =
  /^[ \t]{0,20}(?:export[ \t]{1,20})?(COMPOSE_FILE|COMPOSE_PATH_SEPARATOR)[ \t]{0,20}[=:][ \t]{0,20}(?:"([^"\n]{0,1000})"|'([^'\n]{0,1000})'|([^\s"'#][^\s#]{0,1000}))/gm;

/** Options in front of what Compose is to do that take a value: behind that, `-f` is something else. */
const valued = new Set([
  '-f',
  '--file',
  '-p',
  '--project-name',
  '--profile',
  '--env-file',
  '--project-directory',
  '--parallel',
  '--progress',
  '--ansi',
]);

/** Characters between two files of a list. */
const mostBetween = 300;

/** More files are not laid over one another, and more commands are not read. */
const mostFiles = 20;
const mostSets = 100;

/** The files that a command names, and where its options end. */
function filesOf(text: string, start: number): { readonly names: readonly string[]; readonly end: number } {
  const names: string[] = [];
  let end = start;
  let option: string | null = null;
  // each file takes two words; others are few
  for (let count = 0; count < 4 * mostFiles; count++) {
    word.lastIndex = end;
    const match = word.exec(text);
    const written = match?.[1] ?? match?.[2] ?? match?.[3];
    if (written === undefined || (option === null && !written.startsWith('-'))) break;
    end = word.lastIndex;
    const [flag = '', ...inline]: readonly string[] = option === null ? written.split('=') : [option, written];
    option = option === null && inline.length === 0 && valued.has(flag) ? flag : null;
    if (inline.length > 0 && (flag === '-f' || flag === '--file')) names.push(inline.join('='));
  }
  return { names, end };
}

/** The names in a value of `COMPOSE_FILE`. */
function namesIn(value: string, between: string | undefined): readonly string[] {
  return (between === undefined ? value.split(/[:;]/) : value.split(between)).map(name => name.trim()).filter(name => name !== '');
}

/** What the `.env` of a folder makes a project of: its last words count. One file is a project, too: no other is laid over it then. */
function environmentSet(text: string, path: string): readonly ComposeSetFact[] {
  const found = new Map([...text.matchAll(setting)].map(match => [match[1], match] as const));
  const match = found.get('COMPOSE_FILE');
  if (!match) return [];
  const valueOf = (of: RegExpExecArray | undefined): string | undefined => of?.[2] ?? of?.[3] ?? of?.[4];
  const names = namesIn(valueOf(match) ?? '', valueOf(found.get('COMPOSE_PATH_SEPARATOR')));
  const files = names.map(name => (name.includes('$') ? null : joinPath(folderOf(path), name)));
  if (files.length === 0 || files.length > mostFiles || files.includes(null)) return [];
  return [{ type: 'compose-set', path, range: range(match.index, match.index + match[0].length), files: files as string[] }];
}

/**
 * The Compose files that the commands of a script, a make file or a workflow load together, or that an `.env` makes a project of.
 * @param options.base where the text begins in its file
 * @param options.folders where the commands may run, of which nobody can tell: beside the file, or at the root
 */
export function composeSetFacts(
  text: string,
  path: string,
  { base = 0, folders = [folderOf(path), ''] }: { readonly base?: number; readonly folders?: readonly string[] } = {},
): readonly ComposeSetFact[] {
  if (!text.includes('compose') && !text.includes('COMPOSE_FILE')) return [];
  if (isEnvironment(path)) return environmentSet(text, path);
  const found = new Map<string, ComposeSetFact>();
  const add = (names: readonly string[], start: number, end: number): void => {
    if (names.length < 2 || names.length > mostFiles || found.size >= mostSets) return;
    for (const folder of new Set(folders)) {
      const files = names.map(name => (/[${]/.test(name) ? null : joinPath(folder, name)));
      const key = files.join('\n');
      if (!files.includes(null) && !found.has(key))
        found.set(key, { type: 'compose-set', path, range: range(base + start, base + end), files: files as string[] });
    }
  };
  for (const { index, 0: called } of text.matchAll(command)) {
    const { names, end } = filesOf(text, index + called.length);
    add(names, index, end);
  }
  let list: { names: string[]; start: number; end: number } | null = null;
  for (const { index, 0: written, 1: name = '' } of text.matchAll(argument)) {
    if (!/\.ya?ml$/.test(name)) continue;
    if (list && (index - list.end > mostBetween || !goesOn.test(text.slice(list.end, index)))) {
      add(list.names, list.start, list.end);
      list = null;
    }
    list ??= { names: [], start: index, end: index };
    list.names.push(name);
    list.end = index + written.length;
  }
  if (list) add(list.names, list.start, list.end);
  const said = separator.exec(text);
  const between = said?.[1] ?? said?.[2] ?? said?.[3];
  for (const { index, 0: written, 1: value } of text.matchAll(variable)) add(namesIn(value!, between), index, index + written.length);
  return [...found.values()];
}
