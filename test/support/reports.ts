import { githubFormat } from '../../shared/src/report/github';
import { jsonFormat } from '../../shared/src/report/json';
import { markdownFormat } from '../../shared/src/report/markdown';
import type { MaskedText } from '../../shared/src/report/masked-text';
import { sarifFormat } from '../../shared/src/report/sarif';
import { textFormat } from '../../shared/src/report/text';
import { partOf, type ReportedFile, type ReportEnd, type ReportFormat, type ReportHead } from '../../shared/src/report/types';

/** Everything that a report is made of. */
export interface Report extends ReportHead, ReportEnd {
  readonly files: readonly ReportedFile[];
}

function print(format: ReportFormat, report: Report): MaskedText {
  const parts = report.files.map(file => partOf(format, report, file));
  return [...format.whole(report, parts, report)].join('') as MaskedText;
}

/** Reports as the command line prints them, each at once. */
export const textReport = (report: Report, options: { readonly colour: boolean }): MaskedText => print(textFormat(options), report);
export const jsonReport = (report: Report): MaskedText => print(jsonFormat, report);
export const sarifReport = (report: Report): MaskedText => print(sarifFormat, report);
export const githubReport = (report: Report): MaskedText => print(githubFormat, report);
export const markdownReport = (report: Report): MaskedText => print(markdownFormat, report);
