// The engine's one face: what the language server and the command line take of it. They load nothing else of shared/src but `early`, the command line's
// `formats`, and what hosts and clients share (`protocol`, `registry`, `ports`). What nobody takes does not stand here.

// Files are opened, linted and hardened.
export { type Accepted, isTaken } from './engine/accept';
export { usualGroups } from './engine/apply-groups';
export { createEngine } from './engine/create-engine';
export type { Engine, OpenedFile } from './engine/engine';
export { incompleteResult } from './engine/incomplete';
export type { FixPlan, HardenResult, InputFile, LintContext, LintResult, PlanGroup, RenderedFix } from './engine/types';
export { labelOf, sourceOf } from './families/registry';
export { rules } from './generated/index';
export type { Rule } from './rule/define-rule';
export { findRules, otherNames } from './rule/rule-names';
export { incompleteRule, type Shortfall } from './finding/incomplete';
export type { Finding, Related } from './finding/types';
export { evidenceIn } from './fix/remedy';
export type { ElsewhereEdit, Fix } from './fix/types';
export { atLeast, isWithin, type MessageData, type Profile, type References, severities, type Severity } from './terms/types';
export { shellWord } from './convert/quote';
export { parseDirective } from './suppress/parse';
export type { SuppressionScope } from './suppress/write';

// What is in force, and what the workspace knows.
export { defaultConfig, effectiveConfig, emptyConfig } from './config/effective';
export { isGlob, matchGlob, matchGlobs } from './text/glob';
export { addBaselineOverride, addException, globOf } from './config/write';
export { generatedHeader } from './source/generated-header';
export { parseConfig } from './config/parse';
export { signersOf } from './config/trusted-signers';
export { configSchema, type Json } from './config/schema';
export {
  type Config,
  configFileName,
  type ConfigProblem,
  type EffectiveConfig,
  type Overrides,
  type RuleSetting,
  type TrustedSigner,
  type UnexplainedException,
} from './config/types';
export { unexplainedRule } from './finding/engine-finding';
export { parseFileSize } from './config/file-size';
export { isDate, parseKubernetesVersion, parseSeverity, severityWords } from './config/values';
export { type BuildContext, contextFolder, contextSecrets, ignoreFilePaths, isIgnoreFile } from './workspace/build-context';
export { emptyFacts, unreadFacts } from './workspace/fact-kind';
export { copied } from './limits/copy';
export { heardIndex } from './workspace/heard-index';
export { mayBeProgram, programGlob } from './program/program-facts';
export { stageWrites } from './program/programs';
export { startedWords } from './program/started-command';
export { createIndexOnDemand, type IndexOnDemand } from './workspace/index-on-demand';
export { type KeptBody, type KeptFile, type KeptHead } from './workspace/kept-file';
export { factNames, keepsFolder, mayHaveFacts } from './workspace/paths';
export { isPackage, joinSources, mostFound as mostSources, packageFolder, packagesOf, sourcesOf } from './workspace/source-package';
export type { FileFacts, WorkspaceIndex } from './workspace/types';
export {
  answerOf,
  askedIndex,
  createWorkspaceIndex,
  emptyWorkspace,
  type IndexQuestion,
  type WorkspaceFacts,
} from './workspace/workspace-index';
export { baseName, kindOfName } from './source/names';
export { placeOf } from './families/run/model/place-of';

// Images, and their digests.
export { type ImagePlace, namesImage, refusalTexts } from './image/places';
export { familiarName, normalReference, parseImageReference, printImageReference } from './image/reference';
export { addIgnoreEntry, purlOfPackage } from './scan/ignore';
export { failureIn, type ScanFailure } from './scan/failure';
export { adviceWords, compareScans, newestPatch } from './scan/advice';
export { isAbout } from './scan/matching';
export { maxReportLength, readScanReport } from './scan/read-report';
export { fixableOf, hasScanFinding, scanFindings, type ScannedPlace } from './scan/scan-finding';
export { scannerNote, scanNotes } from './scan/notes';
export { ageInDays, refusedVersion, scannerLabel } from './scan/scanners';
export { byUrgency, countedWords, severityOf, summarize } from './scan/summary';
export { readToolVersion, type ToolVersion, versionArguments } from './scan/tool-version';
export { maxVexLength, vexProblem } from './scan/vex';
export { type ScannerName, scannerNames, scannerTitles, type ScanReport, type Vulnerability } from './scan/types';
export { asksForPin, lacksVersion, needsLookup, pinnedFile, type PinPlan, pinText, planPins } from './pin/plan';

// One thing is turned into another.
export { type ConversionTarget, convertCommands, type Converted, convertService, type NotConverted, servicesIn } from './convert/convert';

// Policies are written for what is here.
export type { NetworkPart } from './family/network';
export { imagePolicies, type PolicySigner } from './writers/image-policy';
export { networkPolicies } from './writers/network-policy';
export { signedImages } from './writers/signed-images';
export { isNamespace, namespacesOf } from './writers/traffic';

// What is printed: every text goes through the gate.
export { attestationKind } from './report/attestations';
export { createNeedles, type Needle } from './text/needles';
export { createGate, createSieve, type Gate, gateOf, maskAlone, type Sieve } from './report/gate';
export { type Baseline, markKnown, parseBaseline } from './report/baseline';
export { leftReason } from './report/harden';
export { createWords, fill, type WordBundle, type Words } from './report/words';
export { createPosture } from './posture/collect';
export { postureFileOf } from './posture/file';
export { postureHtml } from './posture/html';

// Texts.
export { writeInto } from './yaml/fix/write-into';
export { applyEdits, sortEdits, type TextEdit } from './text/edits';
export { fromLineStarts, type SnippetEdit, snippetSyntax } from './text/snippet';
export { withoutEnd } from './text/ends';
export { createLineTable, type LineTable } from './text/line-table';
export { overlaps, type Range } from './text/range';
