import type { Memo } from '../base/text/memoize';
import type { PssLevel } from '../base/terms/types';
import type { Range } from '../base/text/range';
import type { Path, YamlDocument, YamlMap } from '../syntax/yaml/types';

/** What the pods of an object violate of the Pod Security Standards. */
export interface PodSecurityHit {
  /** The id of the check, as the admission controller has it. */
  readonly control: string;
  /** From the root of the document. */
  readonly path: Path;
  /** Whether something that is asked for is absent. */
  readonly isMissing: boolean;
  /** The container that is at fault; `null`: the pod itself. Its image is `null` where that is filled in later. */
  readonly container: { readonly image: string | null } | null;
}

/** An object that admission policies are asked about: the view of the target `admitted`. Ranges and paths count from the start of its document. */
export interface AdmittedView extends Memo {
  readonly target: 'admitted';
  readonly document: YamlDocument;
  readonly node: YamlMap;
  readonly path: Path;
  readonly group: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string | null;
  readonly namespace: string | null;
  /** Whether its kind has no namespace. */
  readonly isClusterWide: boolean;
  /** Where to report what no single field decides: its name, else its kind. */
  readonly reportRange: Range;
  /** Whether it is a whole object: no patch, and no template that may add to it. */
  readonly complete: boolean;
  /** What its pods violate of a level at a minor version; `null`: it has none, or not all of them is known. */
  readonly podSecurity: (level: PssLevel, minor: number) => readonly PodSecurityHit[] | null;
}
