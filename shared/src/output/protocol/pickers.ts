/** Commands of a client that lets people choose by itself (`InitializationOptions.pickers`): the light bulb runs them. */
export const pickerCommands = {
  /** Argument: `SuppressionQuestion`. The client asks `bulkhead/suppressionChoices`, lets the user choose, and runs the server's `bulkhead.suppress`. */
  suppress: 'bulkhead.suppressFinding',
  /** Argument: the rules, as `RuleChoice[]`. The client lets the user choose one, and shows its page. */
  documentation: 'bulkhead.chooseDocumentation',
} as const;

/** A rule to choose. */
export interface RuleChoice {
  readonly rule: string;
  readonly title: string;
}

/** Client to server: how findings of a document may be suppressed. Gives `SuppressionChoices`, or `null` where none of them is there any more. */
export const suppressionChoicesMethod = 'bulkhead/suppressionChoices';

/** Some findings of a document, by their fingerprints, worst first. */
export interface SuppressionQuestion {
  readonly uri: string;
  readonly findings: readonly string[];
}

/** Where a suppression is written: beside the finding, at the top of its file, or as an exception into the configuration. */
export type SuppressionPlace = 'line' | 'file' | 'config';

/** How findings may be suppressed. */
export interface SuppressionChoices {
  /** Single findings, and after them the entries of several that are shown as one. */
  readonly findings: readonly Suppressible[];
  /** Whether a suppression without a reason is a finding itself. */
  readonly requireReason: boolean;
  /** The configuration that an exception goes to, relative to the workspace folder where it is in one; `null`: to none. */
  readonly config: { readonly name: string; readonly exists: boolean } | null;
  /** Days on which an exception may end, ISO dates by the number of days from today. */
  readonly until: readonly { readonly days: number; readonly date: string }[];
}

/** A finding that may be suppressed, or all of an entry at once. */
export interface Suppressible {
  /** Their fingerprints. */
  readonly findings: readonly string[];
  /** Each once. */
  readonly rules: readonly string[];
  readonly message: string;
  /** At least one. */
  readonly places: readonly SuppressionPlace[];
}

/**
 * The argument of the server's command `bulkhead.suppress`: the finding, or all of an entry, and the place. Without a place, or with other findings, the server asks
 * by `window/showMessageRequest`.
 */
export interface SuppressParams extends SuppressionQuestion {
  readonly place?: SuppressionPlace;
  readonly reason?: string;
  /** ISO date after which an exception of the configuration no longer holds. */
  readonly until?: string;
}

/** What `bulkhead.suppress` did. */
export interface SuppressResult {
  readonly applied: boolean;
  /** The file that was edited; `null`: none. */
  readonly uri: string | null;
}
