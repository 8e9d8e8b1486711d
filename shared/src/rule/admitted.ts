import type { Memo } from '../base/text/memoize';
import type { Range } from '../base/text/range';
import type { Path, YamlDocument, YamlMap } from '../syntax/yaml/types';

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
}
