import { insertLines, removeCommand, replaceText } from '../../../rule/fix/operations';
import type { DockerfileOperation } from '../../../rule/fix/types';
import { resolvePath } from '../../../base/text/path';
import { range } from '../../../base/text/range';
import { isSystemRun, isSystemStep } from '../model/packages';
import type { Instruction, RunCommand, Word } from '../model/types';
import { refusalAt } from './refusal';

/** What each manager reads for an install. A glob is no error where nothing matches, so that it fits projects without a lock file. */
const readFiles: Readonly<Record<string, string>> = {
  npm: 'package*.json',
  yarn: 'package.json yarn.lock*',
  pnpm: 'package.json pnpm-lock.yaml*',
  bun: 'package.json bun.lock*',
  bundle: 'Gemfile Gemfile.lock*',
  go: 'go.mod go.sum*',
  mvn: 'pom.xml',
};
/** Flags by which an install reads other files, or elsewhere. */
const elsewhere =
  /^(?:--(?:prefix|cwd|dir|filter|workspaces?|gemfile|file|projects|settings|constraint|editable)|-(?:C|w|f|pl|s|c|e))(?:=|$)/;
/** What may stand between the copy and the install, whatever was copied. */
const between = new Set(['WORKDIR', 'ENV', 'ARG', 'LABEL', 'EXPOSE', 'USER']);

/** An install of dependencies that can run before the sources are copied. */
export interface InstallFirst {
  readonly files: string;
  readonly operations: () => readonly DockerfileOperation[];
}

/** The files that an install reads, as sources of COPY, and whether they are beside `workdir`; `null` where the command does not say. */
function filesOf({ command }: RunCommand, manager: string): { readonly files: string; readonly folder: string | null } | null {
  if (command.args.some(({ raw }) => elsewhere.test(raw))) return null;
  if (Object.hasOwn(readFiles, manager)) return { files: readFiles[manager]!, folder: null };
  const at = command.args.findIndex(({ raw }) => raw === '-r' || raw === '--requirement');
  const [, folder, name] = /^(\/(?:[\w.-]+\/)*)?([\w.-]+)$/.exec(command.args[at + 1]?.text ?? '') ?? [];
  const others = command.args.filter(({ raw }) => raw.startsWith('-r') || raw.startsWith('--requirement'));
  return at < 0 || name === undefined || others.length > 1 ? null : { files: name, folder: folder ?? null };
}

/** Whether a copy goes where an install runs, or reads. */
function isBeside(copy: Instruction, target: Word, run: Instruction, folder: string | null): boolean {
  const [from, to] = [copy.stateBefore?.workdir ?? null, run.stateBefore?.workdir ?? null];
  const path = copy.file.expand(target, copy);
  if (folder === null && from === to && /^\.\/?$/.test(target.raw)) return true;
  if (path === null || (!path.startsWith('/') && from?.value == null)) return false;
  const place = resolvePath(path.startsWith('/') ? path : `${from!.value!}/${path}`);
  return place === resolvePath(folder ?? to?.value ?? '?');
}

/**
 * Copies what an install reads in place of everything, and the rest behind it; what its RUN does next gets one of its own. `null` where something
 * between them may read the sources, or the files are not known.
 * @param copy the instruction that copies the whole context
 */
export function installFirst(copy: Instruction, install: RunCommand, manager: string): InstallFirst | null {
  const { instruction: run, command } = install;
  const { file, stage } = copy;
  const [source, target, ...more] = copy.words;
  const reads = filesOf(install, manager);
  const isPlain = more.length === 0 && !refusalAt(copy) && !refusalAt(run) && copy.continuations.length === 0 && run.heredocs.length === 0;
  if (!reads || !source || !target || !isPlain || target.raw !== target.text || command.outer || command.script.owner) return null;
  const { list, index, members } = command.pipeline;
  const rest = list.pipelines.slice(index + 1).every(isSystemStep) ? [] : list.pipelines.slice(index + 1);
  if (list.kind !== 'script' || members.length > 1 || !list.pipelines.slice(0, index).every(isSystemStep)) return null;
  if (rest.length > 0 && (run.flags.length > 0 || list.pipelines.slice(index, -1).some(({ after }) => after !== '&&'))) return null;
  const isQuiet = (i: Instruction): boolean => between.has(i.keyword) || isSystemRun(i);
  if (!(stage?.instructions ?? []).filter(i => copy.index < i.index && i.index < run.index).every(isQuiet)) return null;
  if (!isBeside(copy, target, run, reads.folder)) return null;
  const textOf = (start: number, end: number): string => file.text.slice(start, end).replace(/\r\n/g, '\n');
  const last = rest.length > 0 ? `\nRUN ${textOf(rest[0]!.range.start, rest.at(-1)!.range.end)}` : '';
  const folder = target.raw.endsWith('/') ? [] : [replaceText(range(target.range.end), '/')];
  return {
    files: reads.files,
    operations: () => [
      // ADD does no more than COPY with the files of a context
      ...(copy.keyword === 'COPY' ? [] : [replaceText(copy.keywordRange, 'COPY')]),
      replaceText(source.range, reads.files),
      ...folder,
      ...rest.map(({ range: place }) => removeCommand(place)),
      insertLines('after', run.index, `COPY${textOf(copy.keywordRange.end, copy.range.end)}${last}`),
    ],
  };
}
