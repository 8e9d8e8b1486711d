import type { Range } from '../../../base/text/range';
import { memoize } from '../../../base/text/memoize';
import { downloadsOf, plainName, plainText, plainVariables, type Download } from '../../../syntax/shell/downloads';
import type { ShellCommand, ShellWord } from '../../../syntax/shell/types';
import { useOf, verifies, type FileUse } from '../../../syntax/shell/verification';
import { runCommands } from './scripts';
import type { Instruction, Stage } from './types';

/** A download of a stage. */
export interface StageDownload extends Download {
  readonly instruction: Instruction;
}

/** A command that compares a file with a digest or a signature. */
interface Check {
  readonly instruction: Instruction;
  readonly start: number;
  /** The pipeline that it is in, variables in one spelling. */
  readonly text: string;
}

/** What the RUNs of a stage fetch and check. */
interface Traffic {
  readonly downloads: readonly StageDownload[];
  readonly checks: readonly Check[];
}

/** More downloads of one stage are not looked at: each is compared with every check and command. */
const most = 100;

/** The downloads of a stage and what checks them. */
export const trafficOf = memoize((stage: Stage): Traffic => {
  const downloads: StageDownload[] = [];
  const checks: Check[] = [];
  for (const outer of stage.instructions) {
    const instruction = outer.trigger ?? outer;
    if (instruction.keyword !== 'RUN') continue;
    for (const { command } of runCommands(instruction)) {
      if (downloads.length < most) for (const download of downloadsOf(command)) downloads.push({ ...download, instruction });
      if (checks.length >= most || !verifies(command)) continue;
      const { range: place } = command.pipeline;
      checks.push({ instruction, start: place.start, text: plainVariables(stage.file.text.slice(place.start, place.end)) });
    }
  }
  return { downloads, checks };
});

/** Names of files that hold digests or signatures of others. */
const listsSums = /sums?\b|sums?\.|sha\d|md5|digest|manifest|\.(?:asc|sig|sign|minisig|gpg|pem|crt|cert|key)$/i;

/**
 * Whether a file that is there from `instruction` on is compared with a digest or a signature: by a command of this stage that names it, or by
 * one of the same instruction (for `ADD`: any later one) that names none of the downloads, such as `sha256sum -c SUMS`.
 */
export function isVerified(stage: Stage, instruction: Instruction, file: string | null): boolean {
  const { downloads, checks } = trafficOf(stage);
  const later = checks.filter(check => check.instruction.index >= instruction.index);
  if (later.length === 0) return false;
  const names = downloads.map(download => download.file).filter(name => name !== null && name !== '' && !listsSums.test(name));
  return later.some(({ text, instruction: own }) => {
    if (file !== null && file !== '' && text.includes(file)) return true;
    const near = own === instruction || instruction.keyword === 'ADD';
    return near && !names.some(name => text.includes(name!));
  });
}

/** How many downloads of one command are told of beside the first, and one that stands for more: a fix has no more places. */
const mostOthers = 8;

/** Where a download is used as it came. */
export interface DownloadUse {
  readonly download: StageDownload;
  readonly use: FileUse;
  /** The word that names the file; for a pipe the program that reads it. */
  readonly range: Range;
  /** The command that uses it. */
  readonly command: ShellCommand;
}

/** A use, with the other downloads that the same command uses as they came. */
export interface UnverifiedUse extends DownloadUse {
  readonly others: readonly StageDownload[];
}

/** Whether a word names a file, by its name or with a glob. */
function names(text: string, file: string): boolean {
  const name = plainName(text);
  if (name === file) return true;
  const star = name.indexOf('*');
  if (star < 0 || name.length < 3) return false;
  return file.length >= name.length - 1 && file.startsWith(name.slice(0, star)) && file.endsWith(name.slice(name.lastIndexOf('*') + 1));
}

/** The program behind a download in its pipe that unpacks it. */
function pipedUse(download: StageDownload): DownloadUse | null {
  const { members } = download.command.pipeline;
  const from = members.findIndex(member => member.commands.includes(download.command));
  for (const member of members.slice(from + 1)) {
    const command = member.commands.find(c => c.inner === null && c.name !== null && ['extracted', 'installed'].includes(useOf(c) ?? ''));
    if (command) return { download, use: useOf(command)!, range: command.nameWord!.range, command };
  }
  return null;
}

/** The first word of a command that names a file which it unpacks, runs or installs. */
function useIn(command: ShellCommand, file: string): Range | null {
  if (command.inner) return null;
  if (useOf(command) !== null)
    return command.args.find(arg => !plainText(arg).includes('://') && names(plainText(arg), file))?.range ?? null;
  const { nameWord } = command;
  return nameWord && /[/\\]/.test(nameWord.raw) && plainName(plainText(nameWord)) === file ? nameWord.range : null;
}

/** The downloads of a stage that are unpacked, run or installed though nothing checks them: each at its first use, and one for a command that uses several. */
export function unverifiedUses(stage: Stage): readonly UnverifiedUse[] {
  const uses: (DownloadUse & { others: StageDownload[] })[] = [];
  for (const download of trafficOf(stage).downloads) {
    const use = download.file === null ? pipedUse(download) : fileUse(stage, download, download.file);
    const same = use && uses.find(({ command }) => command === use.command);
    if (!use || (same && same.others.length > mostOthers) || isVerified(stage, download.instruction, download.file)) continue;
    if (same) same.others.push(download);
    else uses.push({ ...use, others: [] });
  }
  return uses;
}

/** Files of code that a program loads by itself: nothing has to run or unpack them. */
const loaded = /\.(?:jar|war|ear|phar|dll|so(?:\.[0-9.]{1,20})?)$/i;

/** The downloads of code that a stage keeps as they came, though nothing checks, uses or removes them. */
export function unverifiedKept(stage: Stage): readonly StageDownload[] {
  return trafficOf(stage).downloads.filter(download => {
    const { file, instruction } = download;
    if (file === null || !loaded.test(file) || isVerified(stage, instruction, file) || fileUse(stage, download, file)) return false;
    return !runCommands(instruction).some(
      ({ command: { name, args } }) => name === 'rm' && args.some(arg => names(plainText(arg), file) || /\*$/.test(arg.raw)),
    );
  });
}

/** What installs a package from an address; neither rpm nor, by default, dnf and yum ask for a signature then (`localpkg_gpgcheck`). */
const remoteInstallers = new Set(['rpm', 'dnf', 'dnf5', 'yum', 'microdnf', 'tdnf']);

/** The words of a command that install packages straight from an address. */
export function remotePackages(command: ShellCommand): readonly ShellWord[] {
  const { name, args } = command;
  if (name === null || !remoteInstallers.has(name) || useOf(command) !== 'installed') return [];
  if (args.some(arg => /localpkg_gpgcheck=(?:1|true|yes)/i.test(arg.raw))) return [];
  return args.filter(arg => /^(?:https?|ftp):\/\/\S+\.rpm$/i.test(plainText(arg)));
}

function fileUse(stage: Stage, download: StageDownload, file: string): DownloadUse | null {
  if (file === '') return null;
  for (const outer of stage.instructions) {
    const instruction = outer.trigger ?? outer;
    if (instruction.index < download.instruction.index || instruction.keyword !== 'RUN') continue;
    for (const { command } of runCommands(instruction)) {
      if (instruction === download.instruction && command.range.start <= download.command.range.start) continue;
      const range = useIn(command, file);
      if (range) return { download, use: useOf(command) ?? 'run', range, command };
    }
  }
  return null;
}
