// The engine's one face: what the language server and the command line take of it. They load nothing else of shared/src but `early`, the command line's
// `formats`, and what hosts and clients share (`protocol`, `registry`, `ports`). What nobody takes does not stand here.

// Files are opened, linted and hardened.
export { type Accepted, isTaken } from './engine/accept';
export type { Effective } from './evidence/effective';
export { effectiveLines, effectiveText } from './output/report/effective';
export { questionWords } from './output/report/questions';
export { answersTo, groupsOf, type Question, questionsOf, waitingGroups } from './engine/questions';
export { usualGroups } from './engine/apply-groups';
export { createEngine } from './engine/create-engine';
export type { Engine, OpenedFile } from './engine/engine';
export { incompleteResult } from './engine/incomplete';
export type { FixPlan, HardenResult, InputFile, LintContext, LintResult, PlanGroup, RenderedFix } from './engine/types';
export { buildsImages, familyByName, labelOf, sourceOf } from './families/registry';
export { stagesIn } from './families/dockerfile/facts';
export { rules } from './families/generated/index';
export type { Rule } from './rule/define-rule';
export { findRules, otherNames, rulesAbout } from './rule/rule-names';
export { extendConfig, locksOf } from './engine/config/base';
export { sha256 } from './services/registry/sha256';
export { supportedTags } from './knowledge/end-of-life';
export { standardLabels } from './knowledge/standards';
export { incompleteRule, type Shortfall } from './rule/finding/incomplete';
export { bulkFixesOf, type Finding, type Related } from './rule/finding/types';
export { evidenceIn } from './rule/fix/remedy';
export type { ElsewhereEdit, Fix } from './rule/fix/types';
export { atLeast, isWithin, type MessageData, type Profile, severities, type Severity } from './base/terms/types';
export { shellWord } from './services/convert/quote';
export { newSilences, type NewSilence, type SilencedBy } from './engine/suppress/new-silences';
export { parseDirective } from './engine/suppress/parse';
export type { SuppressionScope } from './engine/suppress/write';

// What is in force, and what the workspace knows.
export { defaultConfig, effectiveConfig, emptyConfig } from './engine/config/effective';
export { isTestData } from './engine/config/test-data';
export {
  anything,
  automatonOf,
  folders,
  literally,
  matches,
  notSlash,
  readClass,
  type Automaton,
  type ClassStyle,
  type Effort,
  type Step,
} from './base/text/automaton';
export { globOf, isGlob, matchGlob, matchGlobs } from './base/text/glob';
export { addAnswers, addBaselineOverride, addExceptions } from './engine/config/write';
export { generatedHeader } from './workspace/source/generated-header';
export { type Base, parseConfig } from './engine/config/parse';
export { samplePathOf } from './engine/config/custom-rule';
export { signersOf } from './engine/config/trusted-signers';
export { configSchema, type Json } from './engine/config/schema';
export {
  type Answered,
  type Config,
  configFileName,
  type ConfigProblem,
  type CustomRule,
  type CustomTest,
  type EffectiveConfig,
  type Overrides,
  type RuleSetting,
  type TrustedSigner,
  type UnexplainedException,
} from './engine/config/types';
export { unexplainedRule } from './rule/finding/engine-finding';
export { parseFileSize } from './engine/config/file-size';
export { isDate, parseAge, parseKubernetesVersion, parseSeverity, severityWords } from './engine/config/values';
export { originIn, ownerIn, type Repository } from './workspace/repository';
export { type BuildContext, contextFolder, contextSecrets, ignoreFilePaths, isIgnoreFile } from './workspace/build-context';
export { mayBeOpen } from './knowledge/secrets/open-files';
export { emptyFacts, unreadFacts } from './workspace/fact-kind';
export { copied } from './base/limits/copy';
export { filledIn } from './workspace/chart-values';
export { observedIndex } from './workspace/observed-index';
export { peerSettingsAbove } from './workspace/peer-settings';
export { profilesNamedIn } from './workspace/seccomp-profiles';
export { isPolicyText, type PolicyTextFact } from './workspace/admission-facts';
export { withImageFacts, withPolicies, withTrials } from './workspace/with-image-facts';
export { mayBeProgram, programGlob } from './evidence/program/program-facts';
export { stageWrites } from './evidence/program/programs';
export { startedWords } from './evidence/program/started-command';
export { createIndexOnDemand, type IndexOnDemand } from './workspace/index-on-demand';
export { type KeptBody, type KeptFile, type KeptHead } from './workspace/kept-file';
export { factNames, keepsFolder, mayHaveFacts } from './workspace/paths';
export type { FileFacts, WorkspaceIndex } from './workspace/types';
export {
  answerOf,
  askedIndex,
  createWorkspaceIndex,
  emptyWorkspace,
  type IndexQuestion,
  type WorkspaceFacts,
} from './workspace/workspace-index';
export { kindOfName } from './workspace/source/names';
export { placeOf } from './families/run/model/place-of';

// Images, and their digests.
export { type ImagePlace, namesImage, refusalTexts } from './syntax/image/places';
export { familiarName, normalReference, parseImageReference, printImageReference } from './syntax/image/reference';
export { addIgnoreEntry, purlOfPackage } from './services/scan/ignore';
export { failureIn, type ScanFailure } from './services/scan/failure';
export { adviceWords, compareScans, newestPatch } from './services/scan/advice';
export { isAbout } from './services/scan/matching';
export { maxReportLength, readScanReport } from './services/scan/read-report';
export { fixableOf, hasScanFinding, scanFindings, type ScannedPlace } from './services/scan/scan-finding';
export { scannerNote, scanNotes } from './services/scan/notes';
export { ageInDays, refusedVersion, scannerLabel } from './services/scan/scanners';
export { byUrgency, countedWords, severityOf, summarize } from './services/scan/summary';
export { readToolVersion, type ToolVersion, versionArguments } from './services/scan/tool-version';
export { maxVexLength, vexProblem } from './services/scan/vex';
export { type ScannerName, scannerNames, scannerTitles, type ScanReport, type Vulnerability } from './services/scan/types';
export { asksForPin, lacksVersion, needsLookup, pinnedFile, type PinFacts, type PinPlan, pinText, planPins } from './services/pin/plan';

// Facts of images.
export type { ImageFiles } from './knowledge/image-files';
export { betterFacts, type ImageFacts } from './knowledge/image-facts';
export { type ArchivedImages, readArchive, readInspected } from './services/facts/archive';
export { Malformed } from './services/facts/members';
export { createTarReader } from './services/facts/tar';
export { isReadImage, readerVersion } from './services/facts/chain';
export {
  createFactLookup,
  createMemoryFactCache,
  type FactCache,
  type FactLookup,
  type FactQuestion,
  type FoundImage,
} from './services/facts/lookup';
export { committedPath, factsIn, type FactTable, openCommitted } from './services/facts/committed';

// Trial runs, and what they found.
export type { KnownTrial, TrialFacts, TrialPlace } from './knowledge/trials';
export { evidenceGlob, evidencePath, type NamedTrial, printEvidence, readEvidence, withTrial } from './services/prove/evidence-file';

// One thing is turned into another.
export {
  type ConversionTarget,
  convertCommands,
  type Converted,
  convertService,
  type NotConverted,
  servicesIn,
} from './services/convert/convert';

// Policies are written for what is here.
export type { NetworkPart } from './families/family/network';
export { askedOfRepository, githubPipeline } from './services/writers/github-pipeline';
export { imagePolicies, type PolicySigner } from './services/writers/image-policy';
export { networkPolicies } from './services/writers/network-policy';
export { signedImages } from './services/writers/signed-images';
export { isNamespace, namespacesOf } from './services/writers/traffic';

// What is printed: every text goes through the gate.
export { attestationKind } from './output/report/attestations';
export { createNeedles, type Needle } from './base/text/needles';
export { createGate, createSieve, type Gate, gateOf, maskAlone, type Sieve } from './output/report/gate';
export { type Baseline, markKnown, parseBaseline } from './output/report/baseline';
export { hardenGate, leftPlace, leftReason } from './output/report/harden';
export { reportFixes } from './output/report/types';
export { entriesOf, type Entry } from './output/report/entries';
export { createWords, fill, type WordBundle, type Words } from './output/report/words';
export type { Story } from './engine/stories';
export { firstAction, isClosedIn, type StepWords, storyWords, waysLine } from './output/story/words';
export { createPosture } from './output/posture/collect';
export { postureFileOf } from './output/posture/file';
export { restrictedPods } from './output/posture/pod-level';
export { postureHtml } from './output/posture/html';

// Texts.
export { writeInto } from './syntax/yaml/fix/write-into';
export { applyEdits, sortEdits, type TextEdit } from './base/text/edits';
export { fromLineStarts, type SnippetEdit, type SnippetPiece, snippetSyntax } from './base/text/snippet';
export { withoutEnd } from './base/text/ends';
export { createLineTable, type LineTable } from './base/text/line-table';
export { overlaps, type Range } from './base/text/range';
