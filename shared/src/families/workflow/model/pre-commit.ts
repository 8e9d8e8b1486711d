import { isCommit, parseUses } from '../../../syntax/action/reference';
import { versionIn } from '../../../syntax/action/version';
import type { ImagePlace } from '../../../syntax/image/places';
import type { TextEdit } from '../../../base/text/edits';
import { range, shift } from '../../../base/text/range';
import { textRange } from '../../../syntax/yaml/text-range';
import type { YamlDocument, YamlScalar } from '../../../syntax/yaml/types';
import { itemsOf, mapOf, scalarOf, stringOf } from '../../../syntax/yaml/values';
import type { YamlPiece } from '../../family/types';

/** Whether a file configures pre-commit. */
export const configuresPreCommit = (path: string): boolean => /(?:^|\/)\.pre-commit-config\.ya?ml$/.test(path);

/** The revisions of repositories at GitHub that a configuration of pre-commit names: a pin for each as `pre-commit autoupdate --freeze` writes it. */
export function revisionPlaces({ document, base }: YamlPiece): readonly ImagePlace[] {
  return itemsOf(mapOf(document.root)?.get('repos')).flatMap(({ map }) => {
    const rev = scalarOf(map.get('rev'));
    const [, name] = /^https:\/\/github\.com\/([\w.-]{1,100}\/[\w.-]{1,100}?)(?:\.git)?\/?$/.exec(stringOf(map.get('repo')) ?? '') ?? [];
    const place = rev && name !== undefined ? placeOf(document, rev, name, base) : null;
    return place ? [place] : [];
  });
}

function placeOf(document: YamlDocument, rev: YamlScalar, name: string, base: number): ImagePlace | null {
  const text = stringOf(rev) ?? '';
  const at = textRange(document, rev);
  const reference = `${name}@${text}`;
  if (parseUses(reference).kind !== 'action') return null;
  const { comment, end } = commentAfter(document, rev);
  const frozen = comment && versionIn(document.text.slice(comment.start + 1, comment.end));
  const edits = (digest: string, tag: string | undefined): readonly TextEdit[] => [
    ...(text === digest ? [] : [{ range: at.range, newText: digest }]),
    ...(tag === undefined || frozen?.text === tag
      ? []
      : [
          frozen
            ? { range: shift(frozen.range, comment.start + 1), newText: tag }
            : { range: range(end), newText: `${comment ? ',' : '  #'} frozen: ${tag}` },
        ]),
  ];
  return {
    kind: 'action',
    reference,
    range: shift(at.range, base),
    digest: isCommit(text) ? text : null,
    tag: isCommit(text) ? (frozen?.text ?? null) : text,
    refused: at.exact && rev.style !== 'literal' && rev.style !== 'folded' ? null : 'escaped',
    edits: ({ digest, tag }) => edits(digest, tag).map(edit => ({ ...edit, range: shift(edit.range, base) })),
  };
}

/** The comment on the line of a scalar, and where the line ends. */
function commentAfter({ text, comments }: YamlDocument, { range: { end } }: YamlScalar) {
  const newline = text.indexOf('\n', end);
  const lineEnd = text.slice(0, newline < 0 ? text.length : newline).trimEnd().length;
  return { comment: comments.find(({ range: { start } }) => start >= end && start < lineEnd)?.range ?? null, end: lineEnd };
}
