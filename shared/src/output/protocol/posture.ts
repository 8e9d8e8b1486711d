/** Client to server: the posture of files, as one page. They are hardened to see what that does, and none is changed. */
export const postureMethod = 'bulkhead/posture';

/** Which files, and who hears how far it is. */
export interface PostureParams {
  /** URI of the folder whose profile and Kubernetes version the page names. */
  readonly folder: string;
  readonly files: readonly PosturedFile[];
  /** The token of `$/progress` notifications; each has how many of the files are done. */
  readonly progress?: string;
}

/** A file, and its name on the page. */
export interface PosturedFile {
  readonly uri: string;
  readonly name: string;
}

/** The page, with links of the two commands below, and what it comes to. */
export interface PostureResult {
  readonly html: string;
  /** Files that are ours and were checked. */
  readonly checked: number;
  /** Findings that count. */
  readonly findings: number;
  /** Files that could not be read, or whose check failed: what is missing on the page. */
  readonly failed: readonly { readonly name: string; readonly reason: string }[];
}

/** The command of a client that opens a file of the page; its argument is the file's place in `PostureParams.files`: the page names no address. */
export const openPosturedCommand = 'bulkhead.openPosturedFile';

/** The command of a client that shows the page of a rule; its argument is the rule's id. */
export const explainRuleCommand = 'bulkhead.explainRule';
