import { range, type Range } from '../../base/text/range';
import type { TextEdit } from '../../base/text/edits';
import type { ImageReference } from './reference';
import type { NewPin } from './places';

/** Writes a pin into a reference: the digest behind the tag, which stays. `at` turns a range of the reference into one of the file. */
export function referenceEdits(reference: ImageReference, at: (part: Range) => Range): (pin: NewPin) => readonly TextEdit[] {
  const { ranges } = reference;
  return ({ digest, tag }) => {
    const edits: TextEdit[] = [];
    const end = (ranges.tag ?? ranges.name).end;
    const behind = tag !== undefined && ranges.tag === null ? `:${tag}` : '';
    if (tag !== undefined && ranges.tag) edits.push({ range: at(ranges.tag), newText: tag });
    if (ranges.digest === null) edits.push({ range: at(range(end)), newText: `${behind}@${digest}` });
    else {
      if (behind !== '') edits.push({ range: at(range(end)), newText: behind });
      edits.push({ range: at(ranges.digest), newText: digest });
    }
    return edits;
  };
}
