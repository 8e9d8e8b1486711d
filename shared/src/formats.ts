// What the command line alone takes of the engine: the formats of its reports. They are not part of the extension.

export { conversionJson } from './convert/json';
export { configFindings } from './report/config-findings';
export { githubFormat } from './report/github';
export { type HardenedFile, hardenGate, hardenJson, hardenNotes, type HardenReport } from './report/harden';
export { jsonFormat } from './report/json';
export { markdownFormat } from './report/markdown';
export { createPaint } from './report/paint';
export { pinJson, type PinnedFile, pinNotes } from './report/pin';
export { sarifFormat } from './report/sarif';
export { plural, textFormat } from './report/text';
export {
  anyAtLeast,
  type FilePart,
  partOf,
  type RelatedFile,
  type ReportedFile,
  reportFixes,
  type ReportFormat,
  type ReportHead,
  sumFindings,
} from './report/types';
