import type { Range } from '../../../base/text/range';
import type { AdmittedView } from '../../../rule/admitted';
import { entryAt, nodeAt } from '../../../syntax/yaml/lookup';
import type { Path } from '../../../syntax/yaml/types';
import { mapOf, reportRangeOf, scalarOf } from '../../../syntax/yaml/values';

/** Where a field of an object is reported: its value, its key where the value is more than a scalar, or what lacks it. */
export function rangeOfField(view: AdmittedView, field: Path): Range {
  const whole = [...view.path, ...field];
  for (let length = whole.length; length > view.path.length; length--) {
    const path = whole.slice(0, length);
    const node = nodeAt(view.document, path);
    if (node === undefined || node?.shared) continue;
    const scalar = scalarOf(node);
    if (scalar && scalar.range.end > scalar.range.start) return scalar.range;
    const key = entryAt(view.document, path)?.key;
    if (key) return key.range;
    const map = mapOf(node);
    if (map) return reportRangeOf(map);
  }
  return view.reportRange;
}
