import { commandString, readsStandardInput } from './wrappers';
import type { PipelineMember, ShellCommand, ShellScript, ShellWord } from './types';
import type { Range } from '../text/range';

const downloaders = new Set(['curl', 'wget', 'aria2c', 'fetch', 'http', 'https', 'xh']);
const shells = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'mksh', 'fish']);
const languages = /^(?:python|perl|ruby|node|php|lua)[\d.]*$/;
/** A download that an interpreter runs as it arrives. */
export interface DownloadRun {
  /** The word that names the interpreter. */
  readonly range: Range;
  readonly interpreter: string;
  /** The program that downloads. */
  readonly download: Range | null;
}

const isDownload = (command: ShellCommand): boolean => command.name !== null && downloaders.has(command.name);
const isInterpreter = (name: string | null): name is string => name !== null && (shells.has(name) || languages.test(name));

/** The download among the commands of a word's substitutions. */
function downloadIn(word: ShellWord | null | undefined, kind?: 'process'): ShellCommand | undefined {
  return word?.substitutions
    .filter(s => kind === undefined || s.kind === kind)
    .flatMap(s => s.commands)
    .find(isDownload);
}

/** The interpreter that reads a member's standard input as its program. */
function readerOf(member: PipelineMember): ShellCommand | undefined {
  return member.commands.find(c => c.inner === null && isInterpreter(c.name) && readsStandardInput(c.args));
}

function pipedHits(script: ShellScript): DownloadRun[] {
  return script.pipelines.flatMap(({ members }) => {
    const from = members.findIndex(member => member.commands.some(isDownload));
    const reader =
      from < 0
        ? undefined
        : members
            .slice(from + 1)
            .map(readerOf)
            .find(c => c !== undefined);
    if (!reader) return [];
    return [
      { range: reader.nameWord!.range, interpreter: reader.name!, download: members[from]!.commands.find(isDownload)!.nameWord!.range },
    ];
  });
}

/** `bash <(curl …)`, `source <(curl …)`, `sh -c "$(curl …)"`, `eval "$(curl …)"`. */
function substitutedHits(command: ShellCommand): DownloadRun[] {
  const { name, args, nameWord } = command;
  if (name === null || nameWord === null) return [];
  const reads = isInterpreter(name) || name === 'source' || name === '.';
  const text =
    name === 'eval' || shells.has(name) ? (commandString(name, args, shells.has(name)) ?? (name === 'eval' ? args[0] : null)) : null;
  const download = (reads ? args.map(arg => downloadIn(arg, 'process')).find(c => c !== undefined) : undefined) ?? downloadIn(text);
  return download ? [{ range: nameWord.range, interpreter: name, download: download.nameWord!.range }] : [];
}

/** The downloads that a script hands to an interpreter: by a pipe, or by a substitution that it reads or evaluates. */
export function downloadRuns(script: ShellScript): readonly DownloadRun[] {
  return [...pipedHits(script), ...script.commands.flatMap(substitutedHits)];
}
