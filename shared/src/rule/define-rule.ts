import type { ReasonId } from '../base/terms/reasons';
import type { NoFix, Remedy } from './fix/remedy';
import type { Range } from '../base/text/range';
import type { Borrows } from './finding/engine-finding';
import type { Assumption, ElsewhereEdit, Fix, FixPlace, Operation } from './fix/types';
import type { Repository } from '../workspace/repository';
import type { BuildContext } from '../workspace/build-context';
import type { WorkspaceIndex } from '../workspace/types';
import type {
  Category,
  FixClass,
  FixDefinition,
  MessageData,
  MessageDefinition,
  OptionDefinition,
  OptionValue,
  Peers,
  Profile,
  PssLevel,
  References,
  Severity,
} from '../base/terms/types';

/**
 * What each family lets a rule look at: target name to the view that the engine hands over. Empty here: each family adds itself, beside the
 * list of its targets (`declare module`), so that nothing but its own folder knows its views.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface Targets {}

/** The families that have rules. */
type FamilyId = keyof Targets;

/** Values that fixes may write, from the configuration's `defaults`. `null`: not configured. */
export interface FixDefaults {
  /** The UID and GID of a user that a fix creates or guesses. */
  readonly uid: number;
  readonly gid: number;
  /** `sizeLimit` of an emptyDir for temporary files that a fix adds. */
  readonly tmpSize: string | null;
  /** Of a tmpfs that a fix adds to a container of an engine, in its own units: `64m`. */
  readonly tmpfsSize: string;
  /** The processes that a fix allows such a container; `null`: 256, and 1024 for what has many threads. */
  readonly pidsLimit: number | null;
  readonly memoryLimit: string | null;
  readonly memoryRequest: string | null;
  readonly cpuRequest: string | null;
  readonly cpuLimit: string | null;
  /** Of `ephemeral-storage`. */
  readonly storageLimit: string | null;
}

/** Everything outside the file that a rule may know. */
export interface RuleContext<O = unknown> {
  /** The file's path, relative to the workspace, with `/`. */
  readonly path: string;
  /** ISO date, such as `2026-11-24`. */
  readonly today: string;
  /** Minor release of the cluster: 37 for Kubernetes 1.37. */
  readonly kubernetesMinor: number;
  readonly options: O;
  readonly defaults: FixDefaults;
  readonly trustedRegistries: readonly string[];
  readonly workspace: WorkspaceIndex;
  /** The digest (`sha256:...`) of an image reference, or the pin of an action (see `parsePin`), where it was looked up already; rules never do I/O. */
  readonly digest: (reference: string) => string | null;
  /** What is known of the folder that the Dockerfile is built with; `null` where files cannot be asked for. */
  readonly buildContext: () => BuildContext | null;
  /** The repository that the file is in; `null` where none is known. */
  readonly repository: () => Repository | null;
}

/** Something attached to a finding. */
export type Attachment =
  | { readonly attach: 'fix'; readonly fix: Fix }
  | ({ readonly attach: 'no-fix' } & NoFix)
  | {
      readonly attach: 'related';
      readonly range: Range;
      readonly messageId: string;
      readonly data: MessageData;
      readonly path?: string | undefined;
      readonly silences?: true;
    }
  | { readonly attach: 'pss'; readonly level: PssLevel }
  | { readonly attach: 'severity'; readonly severity: Severity }
  | { readonly attach: 'excepted'; readonly by: string }
  | ({ readonly attach: 'borrows' } & Borrows)
  | { readonly attach: 'secret'; readonly range: Range };

/** Says why there is no fix, or why harden leaves the finding to a person. */
export function noFix(reason: ReasonId, detail?: NoFix['detail']): Attachment {
  return { attach: 'no-fix', reason, detail };
}

/** Marks text that no report may print: the secret that the finding is about, which the finding's own range need not cover. */
export function masks(range: Range): Attachment {
  return { attach: 'secret', range };
}

/** Marks what the finding reports as a violation of a Pod Security level at the version in force. */
export function violates(level: PssLevel): Attachment {
  return { attach: 'pss', level };
}

/** Says what a finding weighs where the evidence makes it more or less than its message usually is. The message's change of severity is a row of `engine/config/rules-versions`. */
export function weighs(severity: Severity): Attachment {
  return { attach: 'severity', severity };
}

/** Marks what does not count because something that the rule reads, and no directive of ours, makes an exception of it; `by` names that. */
export function excepted(by: string): Attachment {
  return { attach: 'excepted', by };
}

/**
 * Offers with a finding those fixes of other rules that answer it, before its own: both are worked out when somebody asks for them.
 * @param together the words of a fix that is made of several
 */
export function borrows(
  wants: Pick<Borrows, 'concerns' | 'names' | 'satisfies'>,
  together: Attachment,
  own: () => Attachment | null,
): Attachment | null {
  if (together.attach !== 'fix') return null;
  const fixOf = (attachment: Attachment | null): Fix | null => (attachment?.attach === 'fix' ? attachment.fix : null);
  return { attach: 'borrows', ...wants, together: together.fix, own: () => fixOf(own()) };
}

/** Makes another place one where a comment suppresses the finding, too. */
export function silencing(related: Attachment): Attachment {
  return related.attach === 'related' ? { ...related, silences: true } : related;
}

/** What a fix may carry beside its operations. */
export interface FixExtras {
  readonly data?: MessageData | undefined;
  /** Where this very fix differs from the declared class. */
  readonly class?: FixClass | undefined;
  readonly assumes?: readonly Assumption[] | undefined;
  readonly group?: string | undefined;
  readonly needsDigest?: string | undefined;
  /** What the fix changes in another file, instead of operations in this one. */
  readonly elsewhere?: ElsewhereEdit | undefined;
  /** Places of the operations that a person fills; see `Fix.places`. */
  readonly places?: readonly FixPlace[] | undefined;
  /** Only a click on the finding takes it; see `Fix.alone`. */
  readonly alone?: true | undefined;
  /** It writes literals alone; see `Fix.literal`. */
  readonly literal?: true | undefined;
  /** It is taken only where nothing new is found after it; see `Fix.careful`. */
  readonly careful?: true | undefined;
}

/** What a rule's check calls. `M`, `X` and `R` are the rule's own message, fix and related-message ids. */
export interface Report<M extends string, X extends string> {
  /** Reports a finding. `range` is in the text of the file (Dockerfile) or of the document (YAML). `data` fills the message's places; `count`-like values may be numbers. */
  (range: Range, messageId: M, data?: MessageData, ...attachments: readonly (Attachment | null | undefined | false)[]): void;
  /** A fix to attach. `operations` runs only when somebody asks for the edits. */
  fix(id: X, operations: () => readonly Operation[], extras?: FixExtras): Attachment;
  /** What a fix builder found: its fix, and why harden leaves the defect. `data` fills the fix's title. */
  remedy(id: X, remedy: Remedy, data?: MessageData): Attachment[];
  /** Another place that explains the finding. */
  related(range: Range, messageId: M, data?: MessageData, path?: string): Attachment;
}

type Options<D extends Record<string, OptionDefinition>> = { readonly [K in keyof D]: OptionValue<D[K]> };

/** The declaration of a rule: metadata, words, and one check for each target that it wants to see. */
export interface RuleDeclaration<
  F extends FamilyId,
  M extends string,
  X extends string,
  A extends string,
  D extends Record<string, OptionDefinition>,
> {
  /** `family/kebab-case`; reads after "allow". */
  readonly id: `${F}/${string}`;
  readonly title: string;
  readonly severity: Severity;
  readonly category: Category;
  readonly profile: Profile;
  readonly references?: References;
  readonly peers?: Peers;
  /** Rules whose findings on the same token (same range, or within it) yield to this rule's. */
  readonly supersedes?: readonly string[];
  readonly options?: D;
  readonly messages: Readonly<Record<M, MessageDefinition>>;
  readonly fixes?: Readonly<Record<X, FixDefinition>>;
  /** Texts of what the fixes assume, by id. */
  readonly assumptions?: Readonly<Record<A, string>>;
  /** Whether the rule judges what is absent. Such rules do not run on fragments; on templates only where the map is complete. */
  readonly needsWhole?: boolean;
  /** Whether the repository itself asks for it, so that a generated file has to meet it as well, however mild the finding. */
  readonly isOfRepository?: boolean;
  readonly on: { readonly [T in keyof Targets[F]]?: (view: Targets[F][T], report: Report<M, X>, context: RuleContext<Options<D>>) => void };
}

/** A rule with its type parameters forgotten: what the engine holds. */
export interface Rule {
  readonly id: string;
  /** The id of its family. */
  readonly family: string;
  readonly title: string;
  readonly severity: Severity;
  readonly category: Category;
  readonly profile: Profile;
  readonly references: References;
  readonly peers: Peers;
  readonly supersedes: readonly string[];
  readonly options: Readonly<Record<string, OptionDefinition>>;
  readonly messages: Readonly<Record<string, MessageDefinition>>;
  readonly fixes: Readonly<Record<string, FixDefinition>>;
  readonly assumptions: Readonly<Record<string, string>>;
  readonly needsWhole: boolean;
  readonly isOfRepository: boolean;
  readonly on: Readonly<Record<string, RuleCheck>>;
}

/** A check as the engine calls it; the walk guarantees that `view` fits the target. */
export type RuleCheck = (view: never, report: Report<string, string>, context: RuleContext) => void;

/** Declares a rule. The family is the first part of its id; ids of messages and fixes are checked where the check uses them. */
export function defineRule<
  F extends FamilyId,
  M extends string,
  X extends string = never,
  A extends string = never,
  const D extends Record<string, OptionDefinition> = Record<never, never>,
>(rule: RuleDeclaration<F, M, X, A, D>): Rule {
  return {
    references: {},
    peers: {},
    supersedes: [],
    options: {},
    fixes: {},
    assumptions: {},
    needsWhole: false,
    isOfRepository: false,
    ...rule,
    family: rule.id.slice(0, rule.id.indexOf('/')),
    on: rule.on as unknown as Rule['on'],
  };
}
