import type { Range } from '../../base/text/range';
import { entryAt, nodeAt } from './lookup';
import type { Path, YamlDocument } from './types';
import { mapOf, reportRangeOf, scalarOf } from './values';

/** An object in a document, as far as its fields are reported. */
export interface FieldHolder {
  readonly document: YamlDocument;
  readonly path: Path;
  /** Where to report what no single field decides. */
  readonly reportRange: Range;
}

/** Where a field of an object is reported: its value, its key where the value is more than a scalar, or what lacks it. */
export function rangeOfField({ document, path: root, reportRange }: FieldHolder, field: Path): Range {
  const whole = [...root, ...field];
  for (let length = whole.length; length > root.length; length--) {
    const path = whole.slice(0, length);
    const node = nodeAt(document, path);
    if (node === undefined || node?.shared) continue;
    const scalar = scalarOf(node);
    if (scalar && scalar.range.end > scalar.range.start) return scalar.range;
    const key = entryAt(document, path)?.key;
    if (key) return key.range;
    const map = mapOf(node);
    if (map) return reportRangeOf(map);
  }
  return reportRange;
}
