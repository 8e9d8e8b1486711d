import { remotePackages, unverifiedKept, unverifiedUses } from '../model/downloads';
import { shellAt } from '../model/scripts';
import type { Instruction } from '../model/types';
import { plainName, plainText } from '../../../shell/downloads';
import { sourceRange } from '../../../shell/mapped-text';
import type { Range } from '../../../text/range';
import { defineRule } from '../../../rule/define-rule';

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

export const rule = defineRule({
  id: 'dockerfile/unverified-download',
  title: 'Downloaded file used without a checksum',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: { cisDocker: ['4.11'], nist800190: ['3.1.3', '3.1.5', '4.1.3', '4.1.5'], mitre: ['T1195'], cwe: ['CWE-494'] },
  messages: {
    unverified: { text: '"{file}" is {use} although nothing has verified the download' },
    kept: { text: '"{file}" is kept for programs to load although nothing has verified the download' },
    remote: { text: '{program} installs "{file}" as it arrives, without asking for a signature' },
    release: { text: '{program} trusts the repository and key of "{file}" as it arrives', severity: 'info' },
    piped: { text: 'The download of {program} is {use} as it arrives, and cannot be verified' },
    powershell: { text: 'The download of this script is used although nothing has verified it' },
    download: { text: 'Downloaded here' },
  },
  fixes: {
    check: { title: 'Add before it: echo "<sha256>  {file}" | sha256sum -c -', class: 'manual' },
    keep: { title: 'Download to a file, check its digest, then go on', class: 'manual' },
  },
  on: {
    stage(stage, report) {
      for (const { file, url, command } of stage.reachable ? unverifiedKept(stage) : []) {
        const fix = report.fix('check', () => [], { data: { file: file! } });
        report((url ?? command).range, 'kept', { file: file! }, fix);
      }
      for (const { download, use, range } of unverifiedUses(stage)) {
        const { file, url, command } = download;
        const from = report.related((url ?? command).range, 'download');
        if (file === null)
          report(
            range,
            'piped',
            { program: command.name!, use },
            from,
            report.fix('keep', () => []),
          );
        else
          report(
            range,
            'unverified',
            { file, use },
            from,
            report.fix('check', () => [], { data: { file } }),
          );
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
      if (range)
        report(
          range,
          'powershell',
          {},
          report.fix('keep', () => []),
        );
    },
  },
});
