import type { Reason } from '../../base/terms/evidence';
import type { ReasonId } from '../../base/terms/reasons';
import type { Range } from '../../base/text/range';
import type { Fix } from '../fix/types';
import type { Category, MessageData, PssLevel, Severity } from '../../base/terms/types';

/** What a finding is about: an API object, a build stage, a service, ... Exceptions of the configuration match on it in every family. */
export interface ObjectRef {
  /** Index of the YAML document; 0 in a Dockerfile. */
  readonly document: number;
  /** `Deployment`, `stage`. */
  readonly kind: string;
  /** `null`: it has none, or one that is filled in later. */
  readonly name: string | null;
  /** JSON pointer of the view that was checked; empty where the file is no tree. */
  readonly path: string;
  /** Of API objects. */
  readonly apiVersion?: string;
  /** Of objects that live in a namespace. */
  readonly namespace?: string | null;
  /** Of views inside a pod: the container that the view belongs to. */
  readonly container?: string | null;
  /** Of views of one container: what it runs, without tag and digest; absent where that is not known. */
  readonly image?: string;
  /** Equal for what other files hold once more: a service that is built in the same way, a step that calls the same in the same job, an object of the same text. */
  readonly alike?: string;
}

/** Why a finding does not count. */
export interface Suppression {
  readonly kind: 'line' | 'file' | 'annotation' | 'config' | 'baseline';
  readonly reason: string | null;
  /** The tool whose directive it is, where it is not ours. */
  readonly peer?: string;
  /** Where the directive stands; absent for `config` and `baseline`. */
  readonly range?: Range;
}

/** Another place that explains a finding. */
export interface Related {
  /** Absent: this file. */
  readonly path?: string | undefined;
  readonly range: Range;
  readonly messageId: string;
  readonly data: MessageData;
  /** A comment there suppresses the finding, too. */
  readonly silences?: true | undefined;
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
  /** Whether all of its fixes are attended, and worked out when they are asked for. */
  readonly isAttended?: true | undefined;
  /** Why harden leaves the finding, where the rule said so. */
  readonly left: { readonly reason: ReasonId; readonly detail?: string | Reason | undefined } | null;
  /** Index of the YAML document that `fixes` address; 0 in a Dockerfile. */
  readonly document: number;
  /** Holds no line numbers, so that it survives edits elsewhere. */
  readonly fingerprint: string;
  readonly suppression: Suppression | null;
}

/** The fixes of a finding that harden applies without a question. */
export function bulkFixesOf(finding: Pick<Finding, 'isAttended' | 'fixes'>): readonly Fix[] {
  return finding.isAttended ? [] : finding.fixes.filter(fix => fix.class === 'safe' || fix.class === 'review');
}
