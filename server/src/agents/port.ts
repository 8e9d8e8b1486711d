import type { MaskedText } from '../../../shared/src/early';
import type { Config, ImagePlace, LintContext, LintResult, OpenedFile, TextEdit, Words, Engine } from '../../../shared/src/index';
import type { Cancellation } from '../../../shared/src/base/ports/cancellation';
import type { Outcome } from '../../../shared/src/services/registry/failure';
import type { Lookup } from '../../../shared/src/services/registry/resolver';
import type { TrackedPlace } from './silenced';

/** What a tool is asked to work on: files by path, as the host understands paths, or a text that need not be saved. */
export type AgentInput =
  | { readonly paths: readonly string[]; /** Whether a path may be a folder. */ readonly folders: boolean }
  | { readonly filename: string; readonly text: string };

/** A file as the host has it, and what holds for it. */
export interface AgentFile {
  /** What answers call it: a path that the same host takes. */
  readonly path: string;
  readonly opened: OpenedFile;
  readonly context: LintContext;
  /** What lint says of it, suppressed findings among them. */
  readonly result: LintResult;
  /** Rules whose fixes the user wants in no bulk fix. */
  readonly spared: ReadonlySet<string>;
  /** Whether somebody has decided that a place is not to be pinned. */
  readonly leavesPin: (place: ImagePlace) => boolean;
  /** Where it is in its repository, whose top is named as the host names folders; `null`: in none, or that is not known. */
  readonly tracked: { readonly top: string; readonly place: TrackedPlace } | null;
}

/** A path of which there is nothing to work on; the reason goes on from its name. */
export interface NoFile {
  readonly path: string;
  readonly reason: MaskedText;
}

/** What came of a path. `excluded`: a file that the configuration leaves out, as it is without that; where the call names it, it is given as `none`, too. */
export type FoundFile = { readonly file: AgentFile } | { readonly none: NoFile } | { readonly excluded: AgentFile };

/** The files of a repository as they were when the work on it began. */
export interface Earlier {
  /** What that state is called: `HEAD`, `the merge base with origin/main`. */
  readonly since: string;
  /** The texts of files by their paths from the top; `null`: there was none. Rejects where that is not known. */
  read(paths: readonly string[]): Promise<ReadonlyMap<string, string | null>>;
}

/** What the tools need of who runs them: `bulkhead mcp`, or the language server. Nothing here rejects but for programming errors. */
export interface AgentHost {
  readonly engine: Engine;
  readonly words: Words;
  /** Why files may not be changed, and what the user would have to do; `null`: they may. Asked in each call. */
  readonly noWriting: MaskedText | null;
  /** Why no registry may be asked, and what the user would have to do; `null`: they may. Asked in each call. */
  readonly noNetwork: MaskedText | null;
  /** Opens files one after the other, each when it is asked for; stops when the call is cancelled. */
  open(input: AgentInput, cancellation: Cancellation): AsyncIterable<FoundFile>;
  /** Gives a file its new text; gives why it has not, or `null`. */
  apply(file: AgentFile, change: AgentChange, cancellation: Cancellation): Promise<MaskedText | null>;
  /** Asks registries for the digests of images and the commits of actions. */
  lookUp(references: readonly string[], cancellation: Cancellation): Promise<ReadonlyMap<string, Outcome<Lookup>>>;
  /** The page of a rule as Markdown; `null` where there is none. */
  page(rule: string): Promise<string | null>;
  /** The state that the work in a repository is compared with; `null`: that is not known. */
  readonly earlier: ((top: string) => Promise<Earlier | null>) | null;
  /** Reads a configuration of that state; `null`: nothing is left of it. */
  parseConfig(path: string, text: string): Config | null;
}

/** A new text for a file. */
export interface AgentChange {
  readonly text: string;
  /** From the text that was opened: sorted, without overlaps. */
  readonly edits: readonly TextEdit[];
}
