// What the command line alone takes of the engine: the formats of its reports, and the look-up of facts. They are not part of the extension.

export { conversionJson } from './services/convert/json';
export { postureJson } from './output/posture/json';
export { mergePostures, type NamedPosture, readPosture } from './output/posture/merge';
export type { Posture } from './output/posture/types';
export { postureMarkdown } from './output/posture/markdown';
export { configFindings } from './output/report/config-findings';
export { mayBeKnown, printBaseline } from './output/report/baseline';
export { conciseFormat } from './output/report/concise';
export { githubFormat } from './output/report/github';
export { gitlabFormat } from './output/report/gitlab';
export { type HardenedFile, hardenJson, hardenNotes, type HardenReport, inputsOf } from './output/report/harden';
export { jobSummaryFormat } from './output/report/job-summary';
export { jsonFormat } from './output/report/json';
export { junitFormat } from './output/report/junit';
export { markdownFormat } from './output/report/markdown';
export { createPaint } from './output/report/paint';
export { type CommittedImage, printCommitted, readCommitted } from './services/facts/committed';
export { factsIn as fileFactsIn, filesVersion, isImageFiles } from './services/facts/file-facts';
export { isAttestedImage } from './services/facts/attestations';
export type { AttestationCache, FileCache } from './services/facts/lookup';
export { type FactPlace, factFailures, factsJson, factsText, limitNote, planNote, type ReportedImage } from './services/facts/report';
export { pinJson, type PinnedFile, pinNotes } from './services/pin/report';
export { sarifFormat } from './output/report/sarif';
export { gitlabPipeline, gitlabPipelinePath } from './services/writers/gitlab-pipeline';
export { rdjsonFormat } from './output/report/rdjson';
export { checkedFiles, plural, statisticsFormat } from './output/report/summary';
export { severalFormats } from './output/report/several';
export { cannotJson, cannotText, trialFacts, trialJson, trialText } from './services/prove/report';
export { type ReportedSigner, stateOf, type VerifiedImage, verifyJson, verifyNotes, verifyText } from './services/signature/report';
export { textFormat, type TextOptions } from './output/report/text';
export {
  anyAtLeast,
  type FilePart,
  partOf,
  type RelatedFile,
  type ReportedFile,
  type ReportedProblem,
  type ReportEnd,
  type ReportFormat,
  type ReportHead,
  sumFindings,
} from './output/report/types';
