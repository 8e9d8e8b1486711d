import { isCommit } from '../../../syntax/action/reference';
import { parseVersion, versionIn } from '../../../syntax/action/version';
import { replaceComment } from '../../../rule/fix/operations';
import type { Operation } from '../../../rule/fix/types';
import type { ImagePlace, PinRefusal } from '../../../syntax/image/places';
import { parseImageReference } from '../../../syntax/image/reference';
import { referenceEdits } from '../../../syntax/image/reference-edits';
import { imageScalar } from '../../family/yaml-image';
import type { YamlPiece } from '../../family/types';
import type { TextEdit } from '../../../base/text/edits';
import { range, shift, type Range } from '../../../base/text/range';
import { isVariable } from '../../../syntax/yaml/certainty';
import { setValue } from '../../../syntax/yaml/operations';
import { textRange } from '../../../syntax/yaml/text-range';
import type { YamlDocument } from '../../../syntax/yaml/types';
import { imageScalars } from './image';
import type { WorkflowFile } from './types';
import type { Uses } from './uses';

/** A version in the comment behind a `uses`. */
export interface CommentVersion {
  readonly text: string;
  readonly range: Range;
}

/** What stands behind a `uses` on its line. */
interface LineEnd {
  /** Of the comment from `#` on; `null`: there is none. */
  readonly comment: Range | null;
  /** After the last character of the line that is neither a blank nor part of the comment. */
  readonly end: number;
}

/** Comments that speak to a tool: in front of them nothing may be written. */
const directive = /^#\s*(?:bulkhead-|zizmor:|checkov:|actionlint|nosem|renovate:|ratchet:exclude|yamllint|kics-)/i;

function lineEnd({ text, comments }: YamlDocument, { node }: Uses): LineEnd {
  const newline = text.indexOf('\n', node.range.end);
  const line = text.slice(0, newline < 0 ? text.length : newline);
  const comment = comments.find(({ range: { start } }) => start >= node.range.end && start < line.length)?.range ?? null;
  return { comment, end: (comment ? text.slice(0, comment.start) : line).trimEnd().length };
}

/** The version in the comment on the line of a `uses`; `null`: none is there. */
export function versionBehind(document: YamlDocument, uses: Uses): CommentVersion | null {
  const { comment } = lineEnd(document, uses);
  const found = comment && versionIn(document.text.slice(comment.start + 1, comment.end));
  return found ? { text: found.text, range: shift(found.range, comment.start + 1) } : null;
}

/** The first number of an action's version, by its tag, or by the comment that follows its commit; `null`: not known. */
export function majorOf(document: YamlDocument, uses: Uses): number | null {
  return parseVersion(isCommit(uses.ref) ? (versionBehind(document, uses)?.text ?? '') : uses.ref)?.numbers[0] ?? null;
}

/**
 * The edit that writes a version into the comment on the line of a `uses`: in place of the version that is there, else in front of what the comment says, else as
 * a comment of its own. `null`: nothing is to be written, since the comment speaks to a tool or several actions share the line.
 */
function commentEdit(document: YamlDocument, uses: Uses, version: string): TextEdit | null {
  const { comment, end } = lineEnd(document, uses);
  const old = versionBehind(document, uses);
  if (old) return old.text === version ? null : { range: old.range, newText: version };
  const line = document.text.slice(document.text.lastIndexOf('\n', uses.node.range.start) + 1, end);
  if ((line.match(/\buses\b/g) ?? []).length > 1) return null;
  if (!comment) return { range: range(end), newText: ` # ${version}` };
  const said = document.text.slice(comment.start, comment.end);
  if (directive.test(said)) return null;
  return { range: range(comment.start + 1), newText: /^#\s*$/.test(said) ? ` ${version}` : ` ${version},${/^#\s/.test(said) ? '' : ' '}` };
}

/** What pins an action to a commit, with its version as a comment; `version` is `null` where it is not known. */
export function pinOperations(document: YamlDocument, uses: Uses, commit: string, version: string | null): readonly Operation[] {
  const edit = version === null ? null : commentEdit(document, uses, version);
  const name = uses.text.slice(0, uses.text.length - uses.ref.length);
  return [...(uses.ref === commit ? [] : [setValue(uses.path, `${name}${commit}`)]), ...(edit ? [commentOperation(document, edit)] : [])];
}

/** The edit as the comment, or the place of one, that it makes anew: an operation takes no part of a comment. */
function commentOperation(document: YamlDocument, { range: at, newText }: TextEdit): Operation {
  const comment = document.comments.find(({ range: { start, end } }) => start <= at.start && at.end <= end);
  if (!comment) return replaceComment(at, newText);
  const { start, end } = comment.range;
  return replaceComment(comment.range, document.text.slice(start, at.start) + newText + document.text.slice(at.end, end));
}

/** Reusable workflows whose verifier wants a tag (slsa-verifier reads it from the certificate). */
export function mustBeTagged({ name }: Uses): boolean {
  return name.startsWith('slsa-framework/slsa-github-generator/');
}

/** Every `uses` of a file. */
export function usesIn(file: WorkflowFile): readonly Uses[] {
  if (file.target === 'dependabot') return [];
  const steps = file.target === 'action' ? file.steps : file.jobs.flatMap(job => job.steps);
  const calls = file.target === 'action' ? [] : file.jobs.flatMap(job => job.uses ?? []);
  return [...calls, ...steps.flatMap(step => step.uses ?? [])].sort((a, b) => a.range.start - b.range.start);
}

/** The places of a workflow or an action that a pin can be written at: actions, and images. */
export function pinPlaces(piece: YamlPiece, file: WorkflowFile): readonly ImagePlace[] {
  const images = file.target === 'workflow' ? imageScalars(file).map(({ node }) => imageScalar(piece, node)) : [];
  return [...images, ...usesIn(file).flatMap(uses => placeOf(piece, uses) ?? [])];
}

function placeOf({ document, base }: YamlPiece, uses: Uses): ImagePlace | null {
  if (uses.kind === 'docker') return dockerPlace(document, base, uses);
  if (uses.kind !== 'repository') return null;
  const pinned = isCommit(uses.ref);
  const place = (refused: PinRefusal | null): ImagePlace => ({
    kind: 'action',
    reference: uses.text,
    range: shift(uses.range, base),
    digest: pinned ? uses.ref : null,
    tag: pinned ? (versionBehind(document, uses)?.text ?? null) : uses.ref,
    refused,
    edits: () => [],
  });
  const refused = mustBeTagged(uses) ? 'tag-only' : refusalOf(document, uses);
  if (refused) return place(refused);
  return {
    ...place(null),
    edits: ({ digest, tag }) => {
      const comment = tag === undefined ? null : commentEdit(document, uses, tag);
      const edits = [...(uses.ref === digest ? [] : [{ range: uses.refRange, newText: digest }]), ...(comment ? [comment] : [])];
      return edits.map(edit => ({ ...edit, range: shift(edit.range, base) }));
    },
  };
}

function refusalOf(document: YamlDocument, { node, text }: Uses): PinRefusal | null {
  if (document.templated) return 'templated';
  if (node.shared || (node.anchor !== undefined && document.text.includes(`*${node.anchor}`))) return 'shared';
  const isBlock = node.style === 'literal' || node.style === 'folded';
  return isBlock || !textRange(document, node).exact || document.text.slice(node.range.start, node.range.end).trim().length < text.length
    ? 'escaped'
    : null;
}

function dockerPlace(document: YamlDocument, base: number, uses: Uses): ImagePlace {
  const { image } = uses;
  const reference = parseImageReference(image);
  const parts = reference.invalid === null ? { tag: reference.tag, digest: reference.digest } : { tag: null, digest: null };
  const place = (refused: PinRefusal | null): ImagePlace => ({
    reference: image,
    range: shift(range(uses.range.end - image.length, uses.range.end), base),
    ...parts,
    refused,
    edits: () => [],
  });
  if (isVariable(image) || image.includes('$')) return place('variable');
  if (reference.invalid !== null) return place('invalid');
  const refused = refusalOf(document, uses);
  return refused ? place(refused) : { ...place(null), edits: referenceEdits(reference, part => shift(part, place(null).range.start)) };
}
