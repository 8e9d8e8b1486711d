import type { YamlShortfall } from '../../syntax/yaml/types';
import type { ReasonId, Refusal } from '../../base/terms/reasons';
import type { Shortfall } from '../../rule/finding/incomplete';
import type { ObjectRef } from '../../rule/finding/types';
import type { MessageData, Severity } from '../../base/terms/types';
import type { Memo } from '../../base/text/memoize';
import type { Comment } from '../../base/text/comment';
import type { Range } from '../../base/text/range';
import type { WorkspaceIndex } from '../../workspace/types';
import type { TrialPlace } from '../../knowledge/trials';
import type { Effective } from '../../evidence/effective';
import type { EffectiveUser } from './users';
import type { Foothold } from '../../rule/attack/foothold';
import type { TextEdit } from '../../base/text/edits';
import type { Operation } from '../../rule/fix/types';

/** What a part is written in: which parser reads it, and what its comments and suppressions look like. */
export type Language = 'dockerfile' | 'yaml' | 'script';

/** Calls a check for each view of a target; the engine fills one per target that its rules want. */
export type PartVisitor = Readonly<Record<string, (view: never) => void>>;

/** An annotation that suppresses rules for one object, ours or another tool's. */
export interface IgnoreAnnotation {
  readonly key: string;
  /** Whose metadata it stands in. */
  readonly level: 'object' | 'pod';
  /** The annotation's value, as written. */
  readonly value: string;
  readonly range: Range;
  /** JSON pointer of the object, or of the pod in it, whose findings fall under the annotation. */
  readonly pointer: string;
}

/** What rendering gives: edits in the part's text, or why not. */
export type Rendered = { readonly ok: true; readonly edits: readonly TextEdit[] } | ({ readonly ok: false } & Refusal);

/** What one fix is to do to a part, and the edits in the part's text that it comes to, sorted. */
export interface PartChange {
  readonly operations: readonly Operation[];
  readonly edits: readonly TextEdit[];
}

/** A piece of a part that stands for itself: what a check says of it without looking beyond it (`reach`) holds wherever it stands. */
export interface Piece {
  /** Its text, and all of its surroundings that is taken for part of it. */
  readonly key: string;
  /** In the part's text. */
  readonly range: Range;
}

/** What other tools look for in a file, so that a suppression for them can be seen to be unused. */
export interface PeerChecks {
  /** Whether a text, of a step or the whole, surely has nothing that a tool's rule reports. */
  cannotFind(peer: string, id: string, text: string, isStep: boolean): boolean;
  /** The steps of a text, in order: no finding in one reaches beyond it. */
  stepsOf(text: string): readonly Range[];
}

/** Scripts of a part that are too long, or nest too deep, to be parsed; see `YamlShortfall`. */
export interface ScriptShortfall {
  readonly id: 'script';
  readonly range: Range;
  readonly count: number;
}

/**
 * A piece of a file that is parsed, checked, cached and fixed on its own: one YAML document, or a whole Dockerfile.
 * Ranges are offsets in the part's own text.
 */
export interface Part {
  /** The part's text as the file has it (not masked). */
  readonly text: string;
  /** Offset of that text in the file. */
  readonly base: number;
  /** Index of the part among the file's parts. */
  readonly index: number;
  readonly language: Language;
  /** The family whose rules check the part. */
  readonly family: string;
  /** Keeps what others work out of the part: the same object as long as the engine holds on to its parse. */
  readonly memory: Memo;
  /** Where a comment that speaks of the whole file may stand at the earliest, in the part's text. */
  readonly top: number;
  /** Whether something in it is taken for part of what stands elsewhere, so that what is absent is not missing. */
  readonly fragment: boolean;
  /** Why nothing in it may be edited: it holds template actions, or is read by conventions of others; `null`: it may be. */
  readonly locked: ReasonId | null;
  readonly comments: readonly Comment[];
  /** What a directive looks like as a comment of its own line; absent: behind `#`. */
  readonly comment?: (directive: string) => string;
  /** The most severe that its findings are, whatever their rules say; absent: as they say. */
  readonly mostSevere?: Severity;
  /** Whether what a view shows says itself that it is for development or tests, wherever its file lies; absent: nothing in it does. */
  readonly isForDevelopment?: (view: unknown) => boolean;
  /** Whether what a view shows is started for one thing that ends, with the services around it; absent: nothing in it is. */
  readonly isTask?: (view: unknown) => boolean;
  /** Whether what a view shows runs for a person or a pipeline that waits for it to end, and is gone then; absent: nothing in it does. */
  readonly isOneShot?: (view: unknown) => boolean;
  /** Whether what the part is for reads files at a path below the top of a repository; absent: at all. Where it does not, findings are hints. */
  readonly isReadAt?: (path: string) => boolean;
  /** The ids of the rules that look at it; absent: all of its family. */
  readonly only?: ReadonlySet<string>;
  /** The part over whose document this one stands as a guest: its comments count for this one too. */
  readonly host?: Part;
  /** Absent: nothing is known of it. */
  readonly peerChecks?: PeerChecks;
  /** The `# check=` parser directives of a Dockerfile. */
  readonly checks: readonly Range[];
  readonly annotations: readonly IgnoreAnnotation[];
  /** What of the part's text was not read. */
  readonly shortfalls: readonly (YamlShortfall | ScriptShortfall)[];
  /** Shows a visitor everything that rules look at. The workspace is for views that take in what other files say; gives what of that was not read. */
  visit(visitor: PartVisitor, workspace: WorkspaceIndex): Shortfall | null | void;
  /** The users that what it describes starts as, as far as they are known; absent where it describes nothing that starts. */
  readonly users?: (workspace: Pick<WorkspaceIndex, 'buildsOf' | 'imageFacts'>) => readonly EffectiveUser[];
  /** The containers that somebody may get into, and what is open to them from there; absent: it describes none. */
  readonly footholds?: (workspace: WorkspaceIndex) => readonly Foothold[];
  /** What a trial run can be made of; absent: nothing. */
  readonly trials?: (workspace: WorkspaceIndex) => readonly TrialPlace[];
  /** What really runs of what it describes, after every merge and default; absent: nothing does. `minor`: of the cluster. */
  readonly effective?: (workspace: WorkspaceIndex, minor: number) => readonly Effective[];
  /** The object that a view belongs to, or that stands at a range of the part's text where the view shows several; `null` in a Dockerfile. */
  objectOf(view: unknown, range?: Range): ObjectRef | null;
  /**
   * What keeps the text at an offset from being printed as long as nobody asks for it: the value of a chart that is off by default. `null`, and
   * absent where nothing is like that: it is printed, as far as one knows.
   */
  readonly offAt?: (offset: number, workspace: Pick<WorkspaceIndex, 'valueIn'>) => string | null;
  /** What messages call the things that a view belongs to, by the place that it fills: `object`, `container`. */
  namesOf(view: unknown): MessageData;
  /** A name for the view's surroundings that survives edits elsewhere (the stage of an instruction). */
  scopeOf(view: unknown): string;
  /** The piece that a view shows: the same object for all views of it. Absent where parts are kept as a whole. */
  readonly pieceOf?: (view: unknown) => Piece | null;
  /** What a directive comment on a line of its own covers: the node or instruction that follows. `null`: nothing follows, or the comment stands where it has no effect. */
  covered(comment: Comment): Range | null;
  /** What a directive at the end of a line speaks of: the node that begins on the line, or the instruction that holds it. */
  beside(offset: number): Range | null;
  /** What a directive for a block covers: above FROM its stage, else what `covered` says. */
  block(comment: Comment): Range | null;
  render(operations: readonly Operation[]): Rendered;
  /** Whether `text`, the part's text after `edits`, is what `operations` promised; in bulk, where nobody sees each fix, with a second opinion if there is one. */
  verify(text: string, operations: readonly Operation[], edits: readonly TextEdit[], inBulk: boolean): Refusal | null;
  /**
   * Which of these changes, by index, are proven to be what their operations promised, each alone as `verify` would find it: by less work
   * than one `verify` for each. Nothing is said about the others.
   */
  verifyEach(changes: readonly PartChange[]): ReadonlySet<number>;
}
