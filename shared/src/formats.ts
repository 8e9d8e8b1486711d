// What the command line alone takes of the engine: the formats of its reports. They are not part of the extension.

export { conversionJson } from './convert/json';
export { configFindings } from './report/config-findings';
export { githubReport } from './report/github';
export { type HardenedFile, hardenGate, hardenJson, hardenNotes, type HardenReport } from './report/harden';
export { jsonReport } from './report/json';
export { markdownReport } from './report/markdown';
export { createPaint } from './report/paint';
export { pinJson, type PinnedFile, pinNotes } from './report/pin';
export { sarifReport } from './report/sarif';
export { plural, textReport } from './report/text';
export { anyAtLeast, countFindings, type RelatedFile, type Report, type ReportedFile, reportFixes } from './report/types';
