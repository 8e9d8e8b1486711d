import type { ReasonId } from '../../base/terms/reasons';
import type { FixClass, Profile, Severity } from '../../base/terms/types';
import type { SourceFamily } from '../../workspace/source/types';
import type { PositionRange } from '../../base/text/line-table';

/** Extensions of VS Code that have symbols or definitions of their own in files that are ours, too. */
export const navigators = [
  'ms-azuretools.vscode-containers',
  'ms-azuretools.vscode-docker',
  'docker.docker',
  'redhat.vscode-yaml',
] as const;

/** What a client may hand over with `initialize`. Every member is optional: a plain LSP client sends nothing. */
export interface InitializationOptions {
  /** Those of `navigators` that the client has: what they answer, the server does not answer a second time. */
  readonly beside?: readonly string[];
  /** Settings for clients that do not answer `workspace/configuration`; the shape of the section `bulkhead`. */
  readonly settings?: unknown;
  /** Whether the client answers `bulkhead/readFile` and `bulkhead/findFiles`. */
  readonly files?: boolean;
  /** URI of the folder that holds `pages.json` (the rule pages for hover). */
  readonly assets?: string;
  /** Texts in the user's language by key; see `createWords`. */
  readonly words?: Readonly<Record<string, string>>;
  /** Whether the workspace is trusted; in an untrusted one no other file is read but the configuration. Default: true. */
  readonly trusted?: boolean;
  /**
   * Whether the client has a view of its own for `bulkhead/hardenPlan`: then the light bulb's "Harden this file" runs the client's command
   * `bulkhead.harden` with `{ uri }`, and `bulkhead.hardenFile` asks nothing and says nothing. Default: false.
   */
  readonly hardenView?: boolean;
  /**
   * Whether the client has a view for `bulkhead/scans`: then the light bulb's "Scan" runs the client's command `bulkhead.scanImage`, and the server says
   * nothing of images that could not be scanned. Default: false.
   */
  readonly scans?: boolean;
  /** Whether the client wants `bulkhead/status`. */
  readonly status?: boolean;
  /** Who asks registries for digests: `client`: it answers `bulkhead/lookUpDigest`; `none`: nobody can. Absent: the server, where it is able to. */
  readonly registry?: 'client' | 'none';
  /** ISO date to check against in place of the current one. */
  readonly today?: string;
  /** Texts that brought an earlier server down: they are not tried again. */
  readonly refusals?: readonly Refusal[];
  /** Whether the client wants `bulkhead/working`, to end a server that stays with one file for too long. */
  readonly watched?: boolean;
  /** Whether the client shows the pages of rules by itself: it answers `bulkhead/showPage`, and hovers come with `HoverPages`. */
  readonly pages?: boolean;
  /** Whether the client opens what comes of a conversion by itself: it has the command `bulkhead.convertHere`. */
  readonly conversions?: boolean;
  /** Whether the client asks what policies leave open, and keeps what is written: it has the commands `bulkhead.writePolicyHere` and `bulkhead.writePipeline`. */
  readonly policies?: boolean;
  /** Whether the client lets people choose what to suppress and which page to read: it has the commands of `pickerCommands`. */
  readonly pickers?: boolean;
  /** Whether the client asks before a trial (`bulkhead/confirmTrial`) and shows what comes of it: it has the command `trialViewCommand`. */
  readonly trials?: boolean;
}

/** Server to client: what is worked on from now on, as `Working`; `null`: nothing. Only a server in a browser sends it: elsewhere it is watched in its own process. */
export const workingMethod = 'bulkhead/working';

/** A file that is being worked on: the key of its text, for `Refusal`, and its name for people. */
export interface Working {
  readonly key: string;
  readonly name: string;
}

/** Why a text is not tried again: checking it took longer, or more memory, than one file may. */
export type RefusalReason = 'timeout' | 'memory';

/** A text that is not tried again. */
export interface Refusal {
  /** See `textKey`. */
  readonly key: string;
  readonly reason: RefusalReason;
  /** What it exceeded: milliseconds, or bytes. */
  readonly limit: number;
}

/** Server to client: what was done about a document. Sent when it changes. */
export const statusMethod = 'bulkhead/status';

/**
 * `checked`; `limited`: in part (a template, a fragment, a syntax error); `ignored`: not a file of ours; `disabled`: by setting;
 * `excluded`: by configuration or setting; `too-large`; `failed`: an internal error.
 */
export type DocumentState = 'checked' | 'limited' | 'ignored' | 'disabled' | 'excluded' | 'too-large' | 'failed';

/** The status of one document. */
export interface DocumentStatus {
  readonly uri: string;
  readonly version: number;
  readonly state: DocumentState;
  readonly family: SourceFamily;
  /** Why the document is not checked, or only in part: a short sentence without a final full stop. */
  readonly reason: string | null;
  readonly profile: Profile;
  /** The configuration file in force; `null`: none. */
  readonly config: string | null;
  /** Problems of that file; the last good version stays in force. */
  readonly configProblems: number;
  /** Findings that count, by severity. */
  readonly counts: Readonly<Record<Severity, number>>;
  /** The hints that are shown as hints: those that are not in an entry with something worse. */
  readonly hintsAlone: number;
  readonly suppressed: number;
  /** Time of the check in milliseconds. */
  readonly durationMs: number;
  /** All of it for people: a line, and what is worth less. */
  readonly headline: string;
  readonly detail: string;
}

/** Names of the commands that the server runs through `workspace/executeCommand`. */
export const commands = {
  /**
   * Argument: a URI, or `{ uri, accept? }`. Applies every safe and review group, and the attended ones whose rules are in `accept` (`all`: of every
   * rule), once the user has confirmed the list; says what came of it, and gives `HardenFileResult`.
   */
  hardenFile: 'bulkhead.hardenFile',
  /** Argument: a URI or `{ uri }`. Applies every safe fix; gives `HardenFileResult`. */
  fixAllSafe: 'bulkhead.fixAllSafe',
  /** Argument: a URI or `ShowInfoParams`, of any file. Gives `DocumentInfo`; `null`: there is no such file. */
  showInfo: 'bulkhead.showInfo',
  /** Argument: a URI or `{ uri }`. Pins the images of an open document to their digests; gives `PinFilesResult`. */
  pinFile: 'bulkhead.pinFile',
  /** Argument: `{ uris }`. Pins the images of files, open or not; gives `PinFilesResult`. */
  pinFiles: 'bulkhead.pinFiles',
  /** Forgets every look-up of a digest. (VS Code's own command has another name: a client registers the server's commands too.) */
  clearLookups: 'bulkhead.clearLookups',
  /** Argument: a URI or `{ uri }`. Asks registries who signed the images of an open document; gives `VerifyResult`. */
  verifySignatures: 'bulkhead.verifySignatures',
  /** Argument: `ScanImagesParams`. Asks registries what images are; with `uris` once the user has agreed to the requests. Gives `LookUpImagesResult`. */
  lookUpImages: 'bulkhead.lookUpImages',
  /** Argument: `ScanImagesParams`. Has the user's scanner look at images; gives `ScanImagesResult`. */
  scanImages: 'bulkhead.scanImages',
  /** Forgets what scans have found. */
  clearScans: 'bulkhead.clearScans',
  /** Argument: `ProveParams`. Starts a container of an open document hardened, once the user has agreed, and keeps what was proved; gives `ProveResult`. */
  proveService: 'bulkhead.proveService',
  /** Argument: `IgnoreParams`. Writes an entry into `.trivyignore.yaml`; gives `IgnoreResult`. */
  addIgnoreEntry: 'bulkhead.addIgnoreEntry',
  /** Argument: `SuppressParams`. Writes a suppression, and asks what the argument leaves open; gives `SuppressResult`. */
  suppress: 'bulkhead.suppress',
  /** Argument: `ConvertParams`. Turns a command or a service into something else; gives `ConvertResult`, and changes nothing. */
  convertText: 'bulkhead.convertText',
  /** Argument: `PolicyParams`. Writes policies for the images or the network of a workspace; gives `PolicyResult`, and changes nothing. */
  policyText: 'bulkhead.policyText',
  /** Argument: a rule id, or several, of which the user is asked to choose one. Asks the client to open the rule's page. */
  openDocumentation: 'bulkhead.openDocumentation',
} as const;

/** The command of a client that has a view for `bulkhead/hardenPlan`; its argument is `{ uri }`. See `InitializationOptions.hardenView`. */
export const hardenViewCommand = 'bulkhead.harden';

/** The command of a client that has a terminal: writes its argument, a command, there, and does not run it. Offered where `InitializationOptions.pickers` is set. */
export const writeCommand = 'bulkhead.writeCommand';
/** The command of a client that shows by itself what comes of a scan; its argument is `ScanImagesParams`. See `InitializationOptions.scans`. */
export const scanViewCommand = 'bulkhead.scanImage';

/** A group of edits as a person sees it. */
export interface GroupSummary {
  /** Of a plan's group: the same as long as its fixes are, whatever changes elsewhere in the file. */
  readonly id: string;
  readonly class: FixClass;
  readonly rules: readonly string[];
  readonly label: string;
  /** What the group takes for granted. */
  readonly assumes: readonly string[];
}

/** A finding that was left, and why. */
export interface LeftSummary {
  readonly rule: string;
  readonly message: string;
  /** In the hardened text. */
  readonly range: PositionRange;
  readonly reasonId: ReasonId;
  /** In words, with what was seen that speaks against the fix. */
  readonly reason: string;
}

/** What `hardenFile` and `fixAllSafe` did. */
export interface HardenFileResult {
  readonly uri: string;
  /** Whether the client took the edit; false too where there was nothing to change. */
  readonly applied: boolean;
  /** Why the edit was not taken, where the client said so. */
  readonly failure: string | null;
  /** What was applied; empty where the user declined. */
  readonly groups: readonly GroupSummary[];
  /** How many groups there were to choose from; of `fixAllSafe` as many as were applied. */
  readonly offered: number;
  readonly left: readonly LeftSummary[];
  /** YAML to write elsewhere where the file is a template: for a chart's values, or a kustomize patch. */
  readonly snippets: readonly string[];
  /** The same for people, in the user's language. */
  readonly words: FixAllWords;
}

/** What a person reads of `HardenFileResult`. */
export interface FixAllWords {
  /** One line. */
  readonly summary: string;
  /** For a log: each change with what it assumes, then each finding that was left, with the reason. */
  readonly details: readonly string[];
  /** Whether the editor refused the change. */
  readonly warning: boolean;
}

/** Client to server: the hardened text of a document, for a preview. */
export const hardenedTextMethod = 'bulkhead/hardenedText';

/** Which document; `safeOnly`: with its safe fixes alone; `accept`: with the attended fixes of these rules too, `all` for those of every rule. */
export interface HardenedTextParams {
  readonly uri: string;
  readonly safeOnly?: boolean;
  readonly accept?: readonly string[];
}

/** `null` in place of this: the server does not know the document. */
export interface HardenedText {
  readonly version: number;
  readonly text: string;
  readonly groups: readonly GroupSummary[];
  readonly left: readonly LeftSummary[];
}

/** Client to server: what harden would do to a document, group by group, for a checklist. */
export const hardenPlanMethod = 'bulkhead/hardenPlan';

/** Which document: one that is open, or a file that the server can read. */
export interface HardenPlanParams {
  readonly uri: string;
}

/** What harden would do to a document: `null` in place of this where there is no such document. */
export interface HardenPlan {
  readonly uri: string;
  /** Why there is nothing to plan, in a sentence: the file is of a kind that has no rules, or is not checked; `null`: it is. */
  readonly unchecked: string | null;
  /** Of the open document; `null`: it is not open. */
  readonly version: number | null;
  /** Changes with the text and with everything else that the plan rests on: `HardenChoiceParams` give it back. */
  readonly key: string;
  /** Every group that can be applied, attended ones included, in the order of the file. */
  readonly groups: readonly PlannedGroup[];
  /** What no group answers, and why; ranges are in the text as it is. */
  readonly left: readonly LeftSummary[];
  /** What is to be written elsewhere, since this text is a template or a patch. */
  readonly elsewhere: readonly PlannedElsewhere[];
  /** What an intruder makes of the findings, the worst first. */
  readonly stories: readonly PlannedStory[];
}

/** What somebody makes of the findings of one container. */
export interface PlannedStory {
  readonly title: string;
  readonly steps: readonly PlannedStep[];
}

/** A step, and what closes it: each way by one of some groups, by their ids. A way that is a fact of no finding has none, and a step without ways is never closed. */
export interface PlannedStep {
  readonly text: string;
  /** What shows that it can be gone, in the same order as `ways`. */
  readonly detail: string;
  /** Where the first way is; `null`: in no place of this file. */
  readonly range: PositionRange | null;
  readonly ways: readonly (readonly string[])[];
}

/** A row of the checklist: edits that only make sense together. */
export interface PlannedGroup extends GroupSummary {
  /** The label where there is little room. */
  readonly short: string;
  /** What in the workspace speaks against it, in sentences; then it is `attended`. */
  readonly seen: readonly string[];
  /** The findings that it answers. */
  readonly answers: readonly AnsweredFinding[];
  /** What a person is to know of it, in sentences: what speaks against it, what it takes for granted, and which groups move with it. */
  readonly notes: readonly PlannedNote[];
  /** Ids of the groups that must be applied with it; not transitive: a client follows them. */
  readonly needs: readonly string[];
  /** Whether it is chosen unless a person says otherwise: safe and review groups are, but for those of rules that `bulkhead.fixAll.exclude` names. */
  readonly chosen: boolean;
}

/** What is to be known of a group. */
export interface PlannedNote {
  readonly kind: 'seen' | 'assumes' | 'needs';
  readonly text: string;
}

/** A finding that a group answers. */
export interface AnsweredFinding {
  readonly rule: string;
  readonly message: string;
  readonly severity: Severity;
  /** In the text as it is. */
  readonly range: PositionRange;
}

/** A text for another place: a chart's values, or a kustomize patch. */
export interface PlannedElsewhere {
  /** What to do with it, in a sentence. */
  readonly title: string;
  readonly text: string;
  /** The file that it belongs into, and the whole new text of that file; `null`: nobody knows a place. */
  readonly target: {
    readonly uri: string;
    readonly newText: string;
    readonly exists: boolean;
    /** The same as edits of what the file says; none where it does not exist. */
    readonly edits: readonly { readonly range: PositionRange; readonly newText: string }[];
  } | null;
}

/** Client to server: the text with some groups of a plan applied. */
export const hardenChoiceMethod = 'bulkhead/hardenChoice';

/** The chosen groups of a plan; what they need is added. */
export interface HardenChoiceParams {
  readonly uri: string;
  readonly key: string;
  readonly groups: readonly string[];
}

/** The outcome of a choice: `null` in place of this: the plan is out of date, ask for a new one. */
export interface HardenChoice {
  readonly version: number | null;
  readonly text: string;
  /** The same as edits of the text as it is, for one undo step. */
  readonly edits: readonly { readonly range: PositionRange; readonly newText: string }[];
  /** The groups that were applied, what was needed included. */
  readonly applied: readonly string[];
  /** Findings that stand afterwards and count, and why each was left; ranges are in `text`. */
  readonly left: readonly LeftSummary[];
}

/** Server to client: the text of a file that no document of the editor holds. Only sent where `InitializationOptions.files` is set. */
export const readFileMethod = 'bulkhead/readFile';

/** Which file. */
export interface ReadFileParams {
  readonly uri: string;
  /** Files with more bytes are not wanted. */
  readonly maxBytes: number;
}

/** `null`: no such file, a folder, or too large. */
export interface ReadFileResult {
  readonly text: string | null;
  /** Why there is no text though something is there; it goes on from the name of the file. */
  readonly problem?: string;
}

/** Server to client: the files below a folder, ignored and excluded ones left out. */
export const findFilesMethod = 'bulkhead/findFiles';

/** Where to look and for what; no more than `limit` files are wanted. */
export interface FindFilesParams {
  /** URI of the folder. */
  readonly folder: string;
  /** Globs of names, without folders. */
  readonly names: readonly string[];
  readonly limit: number;
}

/** URIs of files; as many as `limit` means that there may be more. */
export interface FindFilesResult {
  readonly uris: readonly string[];
}

/** Which file is asked about; with its text where it is not open for the server. */
export interface ShowInfoParams {
  readonly uri: string;
  readonly languageId?: string;
  readonly text?: string;
}

/** Everything that helps to answer "why is this (not) reported?". */
export interface DocumentInfo {
  readonly serverVersion: string;
  readonly status: DocumentStatus | null;
  readonly languageId: string | null;
  readonly workspaceFolder: string | null;
  readonly indexFolder: string | null;
  readonly indexedFiles: number;
  readonly rules: number;
  readonly kubernetesVersion: string | null;
  /** All of it as a Markdown page. */
  readonly page: string;
}
