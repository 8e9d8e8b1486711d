import { defineRule, noFix } from '../../../rule/define-rule';
import { downloadFirst } from '../fix/download-first';
import { scriptsOf } from '../model/scripts';
import { sourceRange } from '../../../syntax/shell/mapped-text';
import { downloadRuns, type DownloadRun } from '../../../syntax/shell/download-runs';
import type { ShellScript } from '../../../syntax/shell/types';

const webRequest = /\b(?:iwr|irm|curl|wget|invoke-webrequest|invoke-restmethod|downloadstring)\b/i;
const invoke = /\b(?:iex|invoke-expression)\b/i;

/** Commands of the shell itself: it is the one that runs what they read. */
const sourcing = new Set(['.', 'source', 'eval']);

/** PowerShell is not parsed: its script holds both words. */
function powershellHits({ interpreter, text }: ShellScript): DownloadRun[] {
  const found = interpreter.dialect === 'powershell' && webRequest.test(text.text) ? invoke.exec(text.text) : null;
  return found ? [{ range: sourceRange(text, found.index, found.index + found[0].length), interpreter: found[0], download: null }] : [];
}

export const rule = defineRule({
  id: 'dockerfile/pipe-to-shell',
  title: 'Download piped into an interpreter',
  severity: 'error',
  category: 'supply-chain',
  profile: 'baseline',
  references: { cisDocker: ['4.11'], nist800190: ['3.1.3', '3.1.5', '4.1.3', '4.1.5'], cwe: ['CWE-494'] },
  messages: {
    piped: { text: '{interpreter} runs a download that has not been verified' },
    download: { text: 'Downloaded here' },
  },
  fixes: { check: { title: 'Download to a file, verify it against a SHA-256 checksum that you enter, then run it', class: 'attended' } },
  on: {
    instruction(instruction, report) {
      if (instruction.keyword !== 'RUN') return;
      for (const script of scriptsOf(instruction)) {
        for (const hit of [...downloadRuns(script), ...powershellHits(script)]) {
          const interpreter = sourcing.has(hit.interpreter) ? 'The shell' : hit.interpreter;
          const related = hit.download && report.related(hit.download, 'download');
          const check = downloadFirst(instruction, hit.range);
          const fix = check && report.fix('check', check.operations, { places: check.places });
          report(hit.range, 'piped', { interpreter }, related, fix, noFix('manual'));
        }
      }
    },
  },
});
