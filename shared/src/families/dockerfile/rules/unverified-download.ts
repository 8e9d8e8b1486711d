import { appendCommand } from '../../../rule/fix/operations';
import { markOf } from '../../../rule/fix/places';
import type { DockerfileOperation } from '../../../rule/fix/types';
import { canGoOn, downloadFirst } from '../fix/download-first';
import { refusalAt } from '../fix/refusal';
import { checkFiles } from '../fix/powershell';
import { remotePackages, type StageDownload, unverifiedKept, unverifiedUses } from '../model/downloads';
import { shellAt } from '../model/scripts';
import type { Instruction } from '../model/types';
import { namesVersion, plainName, plainText } from '../../../syntax/shell/downloads';
import { sourceRange } from '../../../syntax/shell/mapped-text';
import type { Range } from '../../../base/text/range';
import { type Attachment, defineRule, type Report } from '../../../rule/define-rule';

const webRequest = /\b(?:Invoke-WebRequest|iwr|DownloadFile|Start-BitsTransfer|curl(?:\.exe)?|wget)\b/i;
const powershellUse = /\b(?:Expand-Archive|ExtractToDirectory|Start-Process|msiexec|tar(?:\.exe)? +-?\w*x)/i;
const powershellCheck = /Get-FileHash|SHA256|SHA512|Get-AuthenticodeSignature|gpg/i;

/** PowerShell is not parsed: its script holds a download, a use and no check. */
function powershellUses(instruction: Instruction): Range | null {
  const { script } = instruction;
  if (script === null || shellAt(instruction).dialect !== 'powershell' || !webRequest.test(script.text)) return null;
  const use = powershellUse.exec(script.text);
  return use && !powershellCheck.test(script.text) ? sourceRange(script, use.index, use.index + use[0].length) : null;
}

/** What stands for itself between double quotes. */
const quotable = /^(?:[\w./+@:%=,-]|\$\w|\$\{\w+\})+$/;

/** Compares a download with the digest that a place holds, right behind its command; `null` where that would be no plain shell, or the file is not known. */
function checkOf({ path, command, instruction }: StageDownload, place: number): DockerfileOperation | null {
  const isPlain =
    path !== null && quotable.test(path) && !command.outer && canGoOn(command.pipeline) && shellAt(instruction).dialect === 'posix';
  if (!isPlain || refusalAt(instruction)) return null;
  const { list, index } = command.pipeline;
  // what stands behind a semicolon or on another line goes on whatever came before it
  const goesOn = list.pipelines.slice(index, -1).some(({ after }) => after !== '&&');
  const text = `echo "${markOf(place)}  ${path}" | sha256sum -c -${goesOn ? ' || exit 1' : ''}`;
  return appendCommand(command.pipeline.range, text);
}

/** The most places that a fix can have. */
const mostPlaces = 9;

/** Compares downloads that are used together each with a digest of its own. */
function checkFix(downloads: readonly StageDownload[], report: Pick<Report<never, 'check'>, 'fix'>, file: string): Attachment {
  const checks = downloads.flatMap((download, index) => checkOf(download, index + 1) ?? []);
  const more = downloads.length > 1 ? ` and ${downloads.length - 1} more` : '';
  if (checks.length < downloads.length || checks.length > mostPlaces)
    return report.fix('check', () => [], { data: { file }, class: 'manual' });
  const places = checks.map(() => ({ text: '', sample: '0'.repeat(64) }));
  const isMoving = downloads.some(({ url }) => url !== null && !namesVersion(plainText(url)));
  const assumes = isMoving ? [{ id: 'same-file' }] : [];
  return report.fix('check', () => checks, { data: { file: `${file}${more}` }, places, assumes });
}

/** Puts a file between a download and what unpacks it from a pipe. */
function pipeFix(
  instruction: Instruction,
  reader: Range,
  program: string,
  report: Pick<Report<never, 'check' | 'keep'>, 'fix'>,
): Attachment {
  const check = downloadFirst(instruction, reader);
  if (!check) return report.fix('keep', () => []);
  return report.fix('check', check.operations, { data: { file: `the download of ${program}` }, places: check.places });
}

export const rule = defineRule({
  id: 'dockerfile/unverified-download',
  title: 'Downloaded file used without a checksum',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: { cisDocker: ['4.11'], nist800190: ['3.1.3', '3.1.5', '4.1.3', '4.1.5'], mitre: ['T1195'], cwe: ['CWE-494'] },
  messages: {
    unverified: { text: '"{file}" is {use}, although nothing has verified the download' },
    kept: { text: '"{file}" is kept for programs to load, although nothing has verified the download' },
    remote: { text: '{program} installs "{file}" as downloaded, without checking a signature' },
    release: { text: '{program} trusts the repository and key in "{file}", although nothing has verified the download', severity: 'info' },
    piped: { text: 'What {program} downloads is {use} as it arrives, before it can be verified' },
    powershell: { text: 'This script uses what it downloads, although nothing has verified the download' },
    download: { text: 'Downloaded here' },
  },
  fixes: {
    check: { title: 'Verify {file} against a SHA-256 checksum that you enter', class: 'attended' },
    keep: { title: 'Download to a file, verify its digest, then use the file', class: 'manual' },
  },
  assumptions: {
    'same-file':
      'The file at the URL does not change with the next release, although the URL names no version: if the file changes, the build fails',
  },
  on: {
    stage(stage, report) {
      for (const download of stage.reachable ? unverifiedKept(stage) : []) {
        const file = download.file!;
        report((download.url ?? download.command).range, 'kept', { file }, checkFix([download], report, file));
      }
      for (const { download, others, use, range } of unverifiedUses(stage)) {
        const { file, url, command } = download;
        const from = report.related((url ?? command).range, 'download');
        if (file === null)
          report(range, 'piped', { program: command.name!, use }, from, pipeFix(download.instruction, range, command.name!, report));
        else report(range, 'unverified', { file, use }, from, checkFix([download, ...others], report, file));
      }
    },
    command({ command }, report) {
      for (const word of remotePackages(command))
        report(
          word.range,
          /-release\b/.test(plainText(word)) ? 'release' : 'remote',
          { program: command.name!, file: plainName(plainText(word)) },
          report.fix('keep', () => []),
        );
    },
    instruction(instruction, report) {
      if (instruction.keyword !== 'RUN') return;
      const range = powershellUses(instruction);
      if (!range) return;
      const check = refusalAt(instruction) ? null : checkFiles(instruction.script!);
      const fix = check
        ? report.fix('check', check.operations, { data: { file: 'each file' }, places: check.places })
        : report.fix('keep', () => []);
      report(range, 'powershell', {}, fix);
    },
  },
});
