import { githubFormat } from '../../shared/src/output/report/github';
import { conciseFormat } from '../../shared/src/output/report/concise';
import { gitlabFormat } from '../../shared/src/output/report/gitlab';
import { jobSummaryFormat } from '../../shared/src/output/report/job-summary';
import { jsonFormat } from '../../shared/src/output/report/json';
import { junitFormat } from '../../shared/src/output/report/junit';
import { markdownFormat } from '../../shared/src/output/report/markdown';
import type { MaskedText } from '../../shared/src/output/report/masked-text';
import { rdjsonFormat } from '../../shared/src/output/report/rdjson';
import { sarifFormat } from '../../shared/src/output/report/sarif';
import { statisticsFormat } from '../../shared/src/output/report/summary';
import { textFormat, type TextOptions } from '../../shared/src/output/report/text';
import { partOf, type ReportedFile, type ReportEnd, type ReportFormat, type ReportHead } from '../../shared/src/output/report/types';

/** Everything that a report is made of. */
export interface Report extends ReportHead, ReportEnd {
  readonly files: readonly ReportedFile[];
}

function print(format: ReportFormat, report: Report): MaskedText {
  const parts = report.files.map(file => partOf(format, report, file));
  return [...format.whole(report, parts, report)].join('') as MaskedText;
}

/** Reports as the command line prints them, each at once. */
export const textReport = (report: Report, options: TextOptions): MaskedText => print(textFormat(options), report);
export const conciseReport = (report: Report, options: TextOptions): MaskedText => print(conciseFormat(options), report);
export const statisticsReport = (report: Report): MaskedText => print(statisticsFormat({ colour: false }), report);
export const jsonReport = (report: Report): MaskedText => print(jsonFormat, report);
export const sarifReport = (report: Report): MaskedText => print(sarifFormat, report);
export const githubReport = (report: Report): MaskedText => print(githubFormat, report);
export const gitlabReport = (report: Report): MaskedText => print(gitlabFormat, report);
export const junitReport = (report: Report): MaskedText => print(junitFormat, report);
export const rdjsonReport = (report: Report): MaskedText => print(rdjsonFormat, report);
export const jobSummaryReport = (report: Report): MaskedText => print(jobSummaryFormat, report);
export const markdownReport = (report: Report): MaskedText => print(markdownFormat, report);
