import type { Comment } from '../../base/text/comment';
import type { Part } from '../../families/family/part';
import { coveredRange } from '../../syntax/yaml/lookup';
import { parseDocument } from '../../syntax/yaml/parse';
import type { YamlDocument, YamlNode } from '../../syntax/yaml/types';
import { applyEdits, type TextEdit } from '../../base/text/edits';
import { detectEol } from '../../base/text/eol';
import { contains, shift, type Range } from '../../base/text/range';
import { lineEnd, lineStart } from '../../base/text/lines';
import { parseDirective, type Directive } from './parse';

/** How far a suppression reaches: what stands at the finding, or the whole file. */
export type SuppressionScope = 'line' | 'file';

/** A YAML document and where it stands in its file. */
interface PlacedDocument {
  readonly document: YamlDocument;
  readonly base: number;
}

/** What is to be suppressed. */
export interface SuppressionRequest {
  /** The file's text. */
  readonly text: string;
  /** The file's parts. */
  readonly parts: readonly Part[];
  /** The documents of a YAML file. */
  readonly documents: readonly PlacedDocument[];
  /** The finding's range in the text. */
  readonly range: Range;
  /** At least one. */
  readonly rules: readonly string[];
  readonly scope: SuppressionScope;
  /** Why; `null`: nobody said. Line breaks in it become blanks. */
  readonly reason: string | null;
}

/**
 * The edit that writes a suppression: appended to a directive that stands in the right place already and has no other reason, else a comment
 * of its own. `null` where no comment could have the effect.
 */
export function writeSuppression(request: SuppressionRequest): TextEdit | null {
  const { text, parts, rules, scope, reason } = request;
  const [first] = parts;
  if (!first) return null;
  if (scope === 'line') return first.language === 'yaml' ? inYaml(request) : aboveInstruction(text, first, request);
  for (const part of parts) {
    const existing = readDirectives(part.text, part.comments).find(one => one.scope === 'file' && mayJoin(one, reason));
    if (existing) return shiftEdit(append(part.text, existing, rules), part.base);
  }
  return insertLine(text, first.language === 'yaml' ? topOf(text) : first.top, '', directive('bulkhead-ignore-file', request, first));
}

/** Above the instruction, never inside it: a comment between continued lines or in a heredoc would be something else. */
function aboveInstruction(text: string, part: Part, request: SuppressionRequest): TextEdit | null {
  const instruction = part.beside(request.range.start);
  if (!instruction) return null;
  const existing = readDirectives(text, part.comments).find(
    one =>
      one.scope === 'line' && mayJoin(one, request.reason) && one.comment.ownLine && part.covered(one.comment)?.start === instruction.start,
  );
  if (existing) return append(text, existing, request.rules);
  const line = lineStart(text, instruction.start);
  return insertLine(text, line, text.slice(line, instruction.start), directive('bulkhead-ignore', request, part));
}

function inYaml(request: SuppressionRequest): TextEdit | null {
  const { text, documents, range } = request;
  const place = documents.findLast(({ base, document }) => base <= range.start && range.start <= base + document.text.length);
  return place ? inDocument(text, place, request) : null;
}

/** Above the line of the finding, else behind it: whichever the parser then takes for a comment that covers the finding. */
function inDocument(text: string, { document, base }: PlacedDocument, request: SuppressionRequest): TextEdit | null {
  // template actions are masked in the document's text, not in the file's
  const source = text.slice(base, base + document.text.length);
  // among objects of JSON a comment would be the end of them
  if ((base > 0 && source.startsWith('{')) || text.charAt(base + source.length) === '{') return null;
  const target = shift(request.range, -base);
  const start = lineStart(source, lineOpening(document.root, source, target.start));
  const existing = readDirectives(source, document.comments).find(
    one =>
      one.scope === 'line' && mayJoin(one, request.reason) && isAt(source, one.comment, start) && covers(document, one.comment, target),
  );
  if (existing) return shiftEdit(append(source, existing, request.rules), base);

  const content = start + /^[ \t]*/.exec(source.slice(start))![0].length;
  const comment = directive('bulkhead-ignore', request);
  const above = insertLine(source, start, source.slice(start, content), comment);
  if (takesEffect(document, above, target)) return shiftEdit(above, base);
  const end = lineEnd(source, target.start);
  const behind = { range: { start: end, end }, newText: ` ${comment}` };
  return takesEffect(document, behind, target) ? shiftEdit(behind, base) : null;
}

/** Whether a comment stands on the line at `start`, or directly above it with nothing but comments between. */
function isAt(text: string, { range, ownLine }: Comment, start: number): boolean {
  if (!ownLine) return lineStart(text, range.start) === start;
  return (
    range.end <= start &&
    /^[ \t\r\n]*(?:#[^\n]*\n[ \t]*)*$/.test(text.slice(range.end, start)) &&
    !/\n[ \t]*\r?\n/.test(text.slice(range.end, start))
  );
}

/** Whether a document has, after an edit, a directive that covers what stood at `target` before. */
function takesEffect({ text, problems }: YamlDocument, edit: TextEdit, target: Range): boolean {
  const after = parseDocument(applyEdits(text, [edit]));
  // in front of a scalar that is not quite right a comment may become part of it
  if (after.problems.length > problems.length) return false;
  const moved = edit.range.start <= target.start ? shift(target, edit.newText.length) : target;
  const place = edit.range.start + edit.newText.indexOf('#');
  return readDirectives(after.text, after.comments).some(({ comment }) => comment.range.start === place && covers(after, comment, moved));
}

function covers(document: YamlDocument, comment: Comment, target: Range): boolean {
  if (!comment.ownLine) return lineStart(document.text, comment.range.start) === lineStart(document.text, target.start);
  const covered = coveredRange(document, comment.range.end);
  return covered !== null && contains(covered, target);
}

/** An offset on the line where what stands at `offset` begins: text inside a scalar of several lines cannot hold a comment. */
function lineOpening(root: YamlNode | null, text: string, offset: number): number {
  let node = root;
  while (node) {
    if (node.kind === 'scalar' || node.kind === 'alias') return node.range.start < lineStart(text, offset) ? node.range.start : offset;
    const children: readonly (YamlNode | null)[] =
      node.kind === 'map' ? node.entries.flatMap(entry => [entry.key, entry.value]) : node.items;
    node = children.find(child => child !== null && child.range.start <= offset && offset < child.range.end) ?? null;
  }
  return offset;
}

function readDirectives(text: string, comments: readonly Comment[]): readonly Directive[] {
  return comments.map(comment => parseDirective(text, comment)).filter(directive => directive !== null);
}

/** A directive as a comment. */
function directive(name: 'bulkhead-ignore' | 'bulkhead-ignore-file', { rules, reason }: SuppressionRequest, part?: Part): string {
  const why = (reason ?? '').replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const text = `${name} ${rules.join(', ')}${why === '' ? '' : ` -- ${why}`}`;
  return part?.comment?.(text) ?? `# ${text}`;
}

/** Whether rules may join a directive: a reason that is given must not become that of other rules, nor be lost. */
function mayJoin(existing: Directive, reason: string | null): boolean {
  return reason === null || existing.reason === reason;
}

/** Adds rules to a directive, in front of its reason. */
function append(text: string, { rules, comment, scope }: Directive, more: readonly string[]): TextEdit {
  const last = rules.at(-1);
  if (last) return { range: { start: last.range.end, end: last.range.end }, newText: `, ${more.join(', ')}` };
  const name = scope === 'file' ? 'bulkhead-ignore-file' : 'bulkhead-ignore';
  const end = comment.range.start + text.slice(comment.range.start, comment.range.end).indexOf(name) + name.length;
  return { range: { start: end, end }, newText: ` ${more.join(', ')}` };
}

function insertLine(text: string, at: number, indent: string, comment: string): TextEdit {
  const eol = detectEol(text);
  // behind a last line that has no line break
  const before = at === text.length && at > topOf(text) && !/[\r\n]$/.test(text) ? eol : '';
  return { range: { start: at, end: at }, newText: `${before}${indent}${comment}${eol}` };
}

function shiftEdit(edit: TextEdit, by: number): TextEdit {
  return { ...edit, range: shift(edit.range, by) };
}

/** Behind a byte order mark. */
function topOf(text: string): number {
  return text.charCodeAt(0) === 0xfeff ? 1 : 0;
}
