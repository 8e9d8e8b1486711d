import type { Reason } from '../base/terms/evidence';
import type { ReasonId } from '../base/terms/reasons';
import type { EffectiveConfig } from './config/types';
import type { Finding } from '../rule/finding/types';
import type { TextEdit } from '../base/text/edits';
import type { SnippetEdit } from '../base/text/snippet';
import type { ElsewhereEdit, Fix, Snippet } from '../rule/fix/types';
import type { FixClass } from '../base/terms/types';
import type { SourceFamily } from '../workspace/source/types';
import type { Repository } from '../workspace/repository';
import type { BuildContext } from '../workspace/build-context';
import type { WorkspaceIndex } from '../workspace/types';

/** A file as it comes in. The engine does no I/O: whoever calls it has read the text. */
export interface InputFile {
  /** Relative to the workspace, with `/`. An untitled document has a made-up name. */
  readonly path: string;
  /** The text with its byte order mark, if it has one. */
  readonly text: string;
  /** The editor's language id: a hint, never the verdict. */
  readonly languageId?: string;
}

/** What is in force beside the configuration. */
export interface LintContext {
  readonly config: EffectiveConfig;
  /** ISO date. */
  readonly today: string;
  readonly workspace: WorkspaceIndex;
  readonly digest: (reference: string) => string | null;
  /** Reads what a Dockerfile's rules may know of its build context; absent or `null`: nothing can be read. Asked only where a rule needs it. */
  readonly buildContext?: () => BuildContext | null;
  /** The repository that the file is in; absent or `null`: none is known. */
  readonly repository?: Repository | null;
  /** Whether suppressions are ignored (`--no-suppress`). */
  readonly noSuppress?: boolean;
  /** Texts with more UTF-16 units are not checked and get one error instead, where the configuration sets no limit; `budgets.textLength` where absent. */
  readonly sizeLimit?: number;
}

/** The result of linting one file. */
export interface LintResult {
  readonly family: SourceFamily;
  /** Whether rules were run over the file: not over one of a family that has none. */
  readonly checked: boolean;
  /** Sorted by range, then rule. */
  readonly findings: readonly Finding[];
  /** Why the file was not checked, or only in part; `null` when it was. */
  readonly limited: string | null;
  /** How many of its documents are taken for parts of what stands elsewhere (patches, assertions): nothing absent is reported of them. */
  readonly fragments: number;
  /** Whether what the rules asked from outside of the file has the same answers in another context, so that the findings still hold. */
  readonly isFresh: (context: LintContext) => boolean;
}

/** A fix with places for a person to fill. */
export interface FixInput {
  /** Sorted, without overlaps. */
  readonly edits: readonly SnippetEdit[];
  /** The same filled with samples: what was verified. */
  readonly sample: readonly TextEdit[];
}

/** The edits of one fix against the text that was linted, or why there are none. */
export type RenderedFix =
  | {
      readonly ok: true;
      readonly edits: readonly TextEdit[];
      /** What changes in another file; `edits` is empty then. */ readonly elsewhere?: ElsewhereEdit;
      /** What the fix comes to where it has places to fill; `edits` is empty then, so that nobody applies it unfilled. */
      readonly input?: FixInput;
    }
  | { readonly ok: false; readonly reason: ReasonId; readonly detail?: string | undefined };

/** A finding that harden did not answer. */
export interface Left {
  readonly finding: Finding;
  readonly reason: ReasonId;
  readonly detail?: string | Reason | undefined;
  /** Why its fix is not applied (`unverified`): what the changed text would have, the same finding or another. */
  readonly brings?: Finding;
}

/** What harden did to one file. */
export interface HardenResult {
  /** The hardened text; the input's own where nothing changed. */
  readonly text: string;
  /** From the input to that text: sorted, without overlaps. */
  readonly edits: readonly TextEdit[];
  /** Findings of the input that were fixed. */
  readonly applied: readonly { readonly finding: Finding; readonly fix: Fix }[];
  /** Findings that the hardened text still has (ranges in the hardened text). */
  readonly left: readonly Left[];
  readonly passes: number;
  readonly log: readonly string[];
  /** Where the file is a template: what to write elsewhere instead. */
  readonly snippets: readonly Snippet[];
}

/** Fixes that a person takes or leaves as one: as few as can be, and any of them together leave a file that is no worse. */
export interface PlanGroup {
  /** The same for the same fixes, whatever changes elsewhere in the file. */
  readonly id: string;
  /** `attended` where one of its fixes is, or one of a group that it needs. */
  readonly class: FixClass;
  /** The rules that it answers, sorted. */
  readonly rules: readonly string[];
  /** What a person is asked to agree to, rendered by the edge from these fixes. */
  readonly fixes: readonly { readonly rule: string; readonly fix: Fix }[];
  /** Findings of the text as it is that the group answers. */
  readonly answers: readonly Finding[];
  /** Ids of the groups that it cannot be applied without; not transitive, and never each other: those that need each other are one group. */
  readonly needs: readonly string[];
  /** What identifies its fixes in any version of the text. */
  readonly ids: ReadonlySet<string>;
  /** What identifies their findings in any version of the text. */
  readonly keys: ReadonlySet<string>;
}

/** What harden could do to one file. */
export interface FixPlan {
  /** In the order of the file. */
  readonly groups: readonly PlanGroup[];
  /** Findings that no group answers; ranges in the text as it is. */
  readonly left: readonly Left[];
  /** How many findings of each key stand after all groups. */
  readonly stays: ReadonlyMap<string, number>;
  /** Keys of findings that were hidden, and come to light by mending what hid them: a misspelt instruction, a field in the wrong place. No group answers for them. */
  readonly reveals: ReadonlySet<string>;
}

/** A text with some groups of its plan applied. */
export interface PlannedChange {
  readonly text: string;
  /** Against the original text; sorted, without overlaps. */
  readonly edits: readonly TextEdit[];
  /** What was applied, in the order of the plan. */
  readonly groups: readonly PlanGroup[];
  /** Findings that the text still has (ranges in `text`). */
  readonly left: readonly Left[];
}
