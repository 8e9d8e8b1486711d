import type { DocumentState } from './messages';

/**
 * Client to server: the files of a folder that may be ours, by their names, as the command line finds them: without what version control ignores, and without
 * folders of packages. Of a folder that is on no disk, as the client's own search finds them.
 */
export const findCandidatesMethod = 'bulkhead/findCandidates';

/** Where to look; no more than `limit` files are wanted. */
export interface FindCandidatesParams {
  /** URI of the folder. */
  readonly folder: string;
  readonly limit: number;
}

/** URIs of files, sorted; `complete` is false where there may be more, or part of the folder could not be read. */
export interface FindCandidatesResult {
  readonly uris: readonly string[];
  readonly complete: boolean;
}

/** Client to server: what is found in a file, whether it is open or not. Asks for nothing to be shown: that is the client's business. */
export const checkFileMethod = 'bulkhead/checkFile';

/** Which file. */
export interface CheckFileParams {
  readonly uri: string;
}

/** Client to server: what came of a check of many files (`WorkspaceSummary`), as a line for people. */
export const describeCheckMethod = 'bulkhead/describeCheck';

/** What came of a check of the workspace. */
export interface WorkspaceSummary {
  /** Findings of all files that were checked, shown or not. */
  readonly findings: number;
  /** Those of them that VS Code shows as hints, which Problems does not list. */
  readonly hints: number;
  /** Files with findings. */
  readonly affected: number;
  /** Files that are ours and were checked. */
  readonly checked: number;
  /** Files that settings or a configuration leave out. */
  readonly excluded: number;
  /** Files that could not be read, or whose check failed. */
  readonly failed: number;
  /** Files that may be ours; of them `looked` were looked at. */
  readonly candidates: number;
  readonly looked: number;
  /** The limit of files, where there are more; else `null`. */
  readonly fileLimit: number | null;
  /** The limit of findings that are shown, where there are more; else `null`. */
  readonly findingLimit: number | null;
  readonly cancelled: boolean;
}

/** What a diagnostic carries for the requests that follow it, and for anyone who counts. */
export interface DiagnosticData {
  readonly fingerprint: string;
  /** Of several findings of one kind at one token, which are shown as one: all of them, the one first whose rule is the code. */
  readonly findings?: readonly { readonly rule: string; readonly fingerprint: string }[];
}

/**
 * What was found: the same as in the file if it were open, and as the command line finds. `Diagnostic` is LSP's.
 * `unreadable`: there is no text, or none that can be read; all other states are those of an open document.
 */
export interface CheckFileResult<Diagnostic> {
  readonly state: DocumentState | 'unreadable';
  /** Why the file was not checked, or only in part: a short phrase without a final full stop. */
  readonly reason: string | null;
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
}
