import { defineRule, type Attachment, type Report } from '../../../rule/define-rule';
import { lostUploads, runAnyway } from '../fix/report-upload';
import { continuesOnError, inputOf, scansOf, type StepScan } from '../model/pipeline';
import type { JobView, StepView } from '../model/types';

function fixOf(step: StepView, report: Report<never, 'run'>): Attachment | null {
  const change = runAnyway(step);
  return change && report.fix('run', () => [change.operation], change.joined ? { class: 'review' } : {});
}

/** Whether nothing else in the file speaks of the report, and no step takes all reports there are. */
function isUnused({ workflow: { document } }: JobView, file: string): boolean {
  return document.text.split(file).length === 2 && !/\bupload-(?:artifact|sarif)@/.test(document.text);
}

function checkUnused(job: JobView, { step, report: file }: StepScan, report: Report<'unused', never>): void {
  const place = inputOf(step, 'output')?.node ?? inputOf(step, 'output-file')?.node ?? inputOf(step, 'sarif-file')?.node;
  const name = file?.trim().split('/').at(-1) ?? '';
  if (place && name !== '' && !name.includes('${{') && isUnused(job, name)) report(place.range, 'unused', { file: name });
}

export const rule = defineRule({
  id: 'workflow/lost-scan-report',
  title: 'Report not uploaded when the scan fails',
  severity: 'warning',
  category: 'correctness',
  profile: 'baseline',
  references: { nist800190: ['3.1.1', '4.1.1'] },
  messages: {
    lost: { text: 'When the scan finds something, this step is skipped and the report is lost' },
    unused: { text: 'Nothing uploads the report "{file}" that the scan writes', severity: 'info', profile: 'recommended' },
    scan: { text: 'This scan fails when it finds something' },
  },
  fixes: { run: { title: 'Upload the report even if the scan fails', class: 'safe' } },
  on: {
    job(job, report) {
      for (const scan of scansOf(job)) {
        checkUnused(job, scan, report);
        if (scan.gates !== true || continuesOnError(scan.step)) continue;
        for (const step of lostUploads(job, scan))
          report(step.reportRange, 'lost', {}, fixOf(step, report), report.related(scan.step.reportRange, 'scan'));
      }
    },
  },
});
