import { commandString, readsStandardInput } from './wrappers';
import type { PipelineMember, ShellCommand, ShellScript, ShellWord } from './types';
import type { Range } from '../../base/text/range';

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
function downloadIn(word: ShellWord | null | undefined, kind?: 'process' | 'command'): ShellCommand | undefined {
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

/** The downloads that a script keeps in a variable: `SCRIPT=$(curl …)`. */
function keptDownloads({ commands }: ShellScript): ReadonlyMap<string, ShellCommand> {
  const kept = new Map<string, ShellCommand>();
  for (const { name, value } of commands.flatMap(({ assignments }) => assignments)) {
    const download = downloadIn(value, 'command');
    if (download) kept.set(name, download);
  }
  return kept;
}

/** `bash <(curl …)`, `source <(curl …)`, `sh -c "$(curl …)"`, `eval "$(curl …)"`, and `eval "$SCRIPT"` of what was downloaded into it. */
function substitutedHits(command: ShellCommand, kept: ReadonlyMap<string, ShellCommand>): DownloadRun[] {
  const { name, args, nameWord } = command;
  if (name === null || nameWord === null) return [];
  const reads = isInterpreter(name) || name === 'source' || name === '.';
  const text =
    name === 'eval' || shells.has(name) ? (commandString(name, args, shells.has(name)) ?? (name === 'eval' ? args[0] : null)) : null;
  const download =
    (reads ? args.map(arg => downloadIn(arg, 'process')).find(c => c !== undefined) : undefined) ??
    downloadIn(text) ??
    // a variable alone: beside other words it is data as a rule
    (text?.variables.length === 1 && /^"?\$\{?\w+\}?"?$/.test(text.raw) ? kept.get(text.variables[0]!.name) : undefined);
  return download ? [{ range: nameWord.range, interpreter: name, download: download.nameWord!.range }] : [];
}

/** The downloads that a script hands to an interpreter: by a pipe, or by a substitution that it reads or evaluates. */
export function downloadRuns(script: ShellScript): readonly DownloadRun[] {
  const kept = keptDownloads(script);
  return [...pipedHits(script), ...script.commands.flatMap(command => substitutedHits(command, kept))];
}
