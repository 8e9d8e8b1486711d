import type { Snippet } from '../families/kubernetes/fix/snippets';
import type { Range } from '../text/range';
import type { TextEdit } from '../text/edits';
import type { ElsewhereEdit, Fix, ReasonId } from '../fix/types';
import type { Category, FixClass, MessageData, Profile, PssLevel, Severity } from '../terms/types';
import type { FixDefaults } from '../rule/define-rule';
import type { SourceFamily } from '../source/types';
import type { BuildContext } from '../families/dockerfile/model/build-context';
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

/** The settings of one rule after profile, configuration and command line are merged; `severity: null` is off. */
export interface RuleSetting {
  readonly severity: Severity | null | 'default';
  readonly options?: Readonly<Record<string, unknown>>;
}

/** An exception of the configuration: findings that match are suppressed. Every member that is set must match. */
export interface ConfigException {
  readonly rule: string;
  readonly path?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly container?: string;
  readonly reason?: string;
  /** ISO date after which the exception no longer holds. */
  readonly until?: string;
}

/** What is in force for one file. */
export interface EffectiveConfig {
  readonly profile: Profile;
  readonly rules: Readonly<Record<string, RuleSetting>>;
  readonly exceptions: readonly ConfigException[];
  readonly trustedRegistries: readonly string[];
  readonly kubernetesMinor: number;
  readonly defaults: FixDefaults;
  /** Whether suppressions in the words of other tools hold. */
  readonly peerDirectives: boolean;
  /** Where objects of further kinds keep their pod: `acme.example/Widget` to `spec.worker.pod`. */
  readonly podPaths?: Readonly<Record<string, string>>;
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
  /** Whether suppressions are ignored (`--no-suppress`). */
  readonly noSuppress?: boolean;
  /** Texts with more UTF-16 units are not checked and get one error instead; `budgets.textLength` where absent. */
  readonly sizeLimit?: number;
}

/** The object that a finding is about. */
export interface ObjectRef {
  readonly document: number;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly container: string | null;
  /** JSON pointer of the view that was checked. */
  readonly path: string;
}

/** Why a finding does not count. */
export interface Suppression {
  readonly kind: 'line' | 'file' | 'annotation' | 'config';
  readonly reason: string | null;
  /** The tool whose directive it is, where it is not ours. */
  readonly peer?: string;
  /** Where the directive stands; absent for `config`. */
  readonly range?: Range;
}

/** Another place that explains a finding. */
export interface Related {
  /** Absent: this file. */
  readonly path?: string;
  readonly range: Range;
  readonly messageId: string;
  readonly data: MessageData;
}

/** One finding. Ranges are in the file's text. Words are rendered at the edge from `messageId` and `data`. */
export interface Finding {
  readonly rule: string;
  readonly messageId: string;
  readonly data: MessageData;
  readonly severity: Severity;
  readonly category: Category;
  readonly range: Range;
  readonly object: ObjectRef | null;
  readonly pss: PssLevel | null;
  readonly related: readonly Related[];
  /** Text of the file that no report may print. */
  readonly secrets: readonly Range[];
  readonly fixes: readonly Fix[];
  /** Why harden leaves the finding, where the rule said so. */
  readonly left: { readonly reason: ReasonId; readonly detail?: string } | null;
  /** Index of the YAML document that `fixes` address; 0 in a Dockerfile. */
  readonly document: number;
  /** Holds no line numbers, so that it survives edits elsewhere. */
  readonly fingerprint: string;
  readonly suppression: Suppression | null;
}

/** The result of linting one file. */
export interface LintResult {
  readonly family: SourceFamily;
  /** Sorted by range, then rule. */
  readonly findings: readonly Finding[];
  /** Why the file was not checked, or only in part; `null` when it was. */
  readonly limited: string | null;
}

/** The edits of one fix against the text that was linted, or why there are none. */
export type RenderedFix =
  | {
      readonly ok: true;
      readonly edits: readonly TextEdit[];
      /** What changes in another file; `edits` is empty then. */ readonly elsewhere?: ElsewhereEdit;
    }
  | { readonly ok: false; readonly reason: ReasonId; readonly detail?: string };

/** Edits that belong together: accepted or declined as one. */
export interface HardenGroup {
  /** Stable within one result. */
  readonly id: string;
  readonly class: FixClass;
  /** The rules that the group answers, sorted. */
  readonly rules: readonly string[];
  /** What a person is asked to agree to, rendered by the edge from these fixes. */
  readonly fixes: readonly { readonly rule: string; readonly fix: Fix }[];
  /** Against the original text; sorted; no two groups overlap. */
  readonly edits: readonly TextEdit[];
}

/** A finding that harden did not answer. */
export interface Left {
  readonly finding: Finding;
  readonly reason: ReasonId;
  readonly detail?: string;
}

/** What harden did to one file. */
export interface HardenResult {
  /** The hardened text; the input's own where nothing changed. */
  readonly text: string;
  readonly groups: readonly HardenGroup[];
  /** Findings of the input that were fixed. */
  readonly applied: readonly { readonly finding: Finding; readonly fix: Fix }[];
  /** Findings that the hardened text still has (ranges in the hardened text). */
  readonly left: readonly Left[];
  readonly passes: number;
  readonly log: readonly string[];
  /** Where the file is a template: what to write elsewhere instead. */
  readonly snippets: readonly Snippet[];
}
