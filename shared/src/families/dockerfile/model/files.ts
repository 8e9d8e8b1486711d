import type { Range } from '../../../base/text/range';
import { resolvePath } from '../../../base/text/path';
import { memoize } from '../../../base/text/memoize';
import type { ShellCommand } from '../../../syntax/shell/types';
import type { Instruction, RunCommand, Stage } from './types';
import { withoutEnd } from '../../../base/text/ends';
import { baseWorkdir } from '../../../knowledge/base-workdirs';

/** A path that an instruction writes into the image. */
export interface WrittenFile {
  /** Absolute, with `/`; as far as the file says. */
  readonly path: string;
  readonly instruction: Instruction;
  /** The word that says so: a source of COPY or ADD, the target of a redirection, the destination of a command. */
  readonly range: Range;
}

/** An absolute path, `.` and `..` resolved; `~` and `$HOME` are root's home. `null` where a variable or the working directory is not known. */
export function absolutePath(path: string, workdir: string | null): string | null {
  const home = path.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, '/root');
  if (home.includes('$')) return null;
  if (!home.startsWith('/') && workdir === null) return null;
  return resolvePath(home.startsWith('/') ? home : `${workdir}/${home}`);
}

/** The working directory before an instruction; that of the base image where nothing sets one, as far as it is known, else `/`. */
export function workdirAt(instruction: Instruction): string | null {
  const setting = instruction.stateBefore?.workdir;
  return setting ? setting.value : baseWorkdir(instruction.stage?.root.image.text ?? null);
}

/** The sources of a COPY or ADD that come from the build context, heredocs and addresses left out, with what they are called with variables expanded. */
export function contextSources(instruction: Instruction): readonly { readonly name: string; readonly range: Range }[] {
  const { keyword, words, heredocs, file } = instruction;
  if ((keyword !== 'COPY' && keyword !== 'ADD') || instruction.flag('from')) return [];
  const inline = new Set(heredocs.map(heredoc => heredoc.range.start));
  return words
    .slice(0, -1)
    .filter(word => inline.size === 0 || !inline.has(word.range.start))
    .map(word => ({ name: file.expand(word, instruction) ?? word.text, range: word.range }))
    .filter(({ name }) => !/^(?:[\w+.-]+:\/\/|git@)/.test(name));
}

/** Where the sources of a COPY or ADD end up: a folder where it says so by a slash, a dot, or several sources. */
function copied(instruction: Instruction): WrittenFile[] {
  const { words, file } = instruction;
  const last = words.at(-1);
  if (last === undefined) return [];
  const text = file.expand(last, instruction);
  const target = text === null ? null : absolutePath(text, workdirAt(instruction));
  if (target === null) return [];
  const isFolder = /(?:\/|^\.{1,2})$/.test(text!) || words.length > 2;
  return contextSources(instruction).flatMap(({ name, range }) => {
    const base = withoutEnd(name, '/');
    const own = base.slice(base.lastIndexOf('/') + 1);
    // The content of a folder is copied, not the folder; which of the two a source is, only the context knows.
    const places = [target];
    if (own !== '.' && own !== '' && isFolder) places.push(`${target === '/' ? '' : target}/${own}`);
    return places.map(path => ({ path, instruction, range }));
  });
}

/** The last word of a command that is not an option. */
function destination({ args }: ShellCommand): ShellCommand['args'][number] | undefined {
  return args.findLast(arg => !arg.raw.startsWith('-'));
}

/** What the redirections of a command and cp, mv, install and tee write. */
export function writtenBy({ command, instruction }: RunCommand): readonly WrittenFile[] {
  const workdir = workdirAt(instruction);
  const words = command.redirections.filter(r => r.operator.startsWith('>')).map(r => r.target);
  if (command.name === 'cp' || command.name === 'mv' || command.name === 'install') words.push(destination(command) ?? null);
  if (command.name === 'tee') words.push(...command.args.filter(arg => !arg.raw.startsWith('-')));
  return words.flatMap(word => {
    const path = word && absolutePath(word.text ?? word.mapped().text, workdir);
    return path === null || path.startsWith('/dev/') ? [] : [{ path, instruction, range: word!.range }];
  });
}

/** What the words of `rm` in a command name; a glob is left as it is. */
export function removedBy({ command, instruction }: RunCommand): readonly WrittenFile[] {
  if (command.name !== 'rm' && command.name !== 'unlink' && command.name !== 'shred') return [];
  const workdir = workdirAt(instruction);
  return command.args.flatMap(word => {
    const path = word.raw.startsWith('-') ? null : absolutePath(word.text ?? word.mapped().text, workdir);
    return path === null ? [] : [{ path, instruction, range: word.range }];
  });
}

/** Whether a path is removed again, by itself or with its folder, behind a place of the step that `removals` is about. */
export function isRemovedAfter(path: string, at: number, removals: readonly WrittenFile[]): boolean {
  return removals.some(removed => removed.range.start > at && containsPath(removed.path, path));
}

/** A folder without the slash, or the glob for whatever lies in it, at its end. */
export function trimFolder(folder: string): string {
  return folder.replace(/\/\*{0,2}$/, '');
}

/** Whether `path` is `folder` or lies in it. A glob at its end stands for whatever lies there. */
export function containsPath(folder: string, path: string): boolean {
  const clean = trimFolder(folder);
  return clean === path || path.startsWith(`${clean}/`);
}

/** The files that a stage itself writes, in order: COPY and ADD from the context, redirections, cp, mv, install and tee. */
export const writtenFiles = memoize((stage: Stage): readonly WrittenFile[] =>
  stage.instructions.flatMap(instruction =>
    instruction.keyword === 'RUN' ? instruction.commands.flatMap(command => writtenBy(command)) : copied(instruction),
  ),
);

/** Longer chains than this are a test of our patience. */
const maxBases = 30;

/** Looks for a file that a stage or one that it grows on writes, the nearest stage first. `files` gives those of one stage, `writtenFiles` or a part of it. */
export function findWritten(
  stage: Stage,
  files: (stage: Stage) => readonly WrittenFile[],
  wanted: (file: WrittenFile) => boolean,
): WrittenFile | undefined {
  let at: Stage | null = stage;
  for (let depth = 0; at !== null && depth < maxBases; depth++, at = at.base) {
    const found = files(at).find(wanted);
    if (found) return found;
  }
  return undefined;
}
