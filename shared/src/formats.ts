// What the command line alone takes of the engine: the formats of its reports. They are not part of the extension.

export { conversionJson } from './convert/json';
export { postureJson } from './posture/json';
export { postureMarkdown } from './posture/markdown';
export { configFindings } from './report/config-findings';
export { mayBeKnown, printBaseline } from './report/baseline';
export { conciseFormat } from './report/concise';
export { githubFormat } from './report/github';
export { gitlabFormat } from './report/gitlab';
export { type HardenedFile, hardenGate, hardenJson, hardenNotes, type HardenReport, inputsOf } from './report/harden';
export { jobSummaryFormat } from './report/job-summary';
export { jsonFormat } from './report/json';
export { junitFormat } from './report/junit';
export { markdownFormat } from './report/markdown';
export { createPaint } from './report/paint';
export { pinJson, type PinnedFile, pinNotes } from './pin/report';
export { sarifFormat } from './report/sarif';
export { rdjsonFormat } from './report/rdjson';
export { checkedFiles, plural, statisticsFormat } from './report/summary';
export { severalFormats } from './report/several';
export { type ReportedSigner, stateOf, type VerifiedImage, verifyJson, verifyNotes, verifyText } from './signature/report';
export { textFormat, type TextOptions } from './report/text';
export {
  anyAtLeast,
  type FilePart,
  partOf,
  type RelatedFile,
  type ReportedFile,
  reportFixes,
  type ReportedProblem,
  type ReportEnd,
  type ReportFormat,
  type ReportHead,
  sumFindings,
} from './report/types';
