import type { YamlOperation } from '../../operations';
import type { ReasonId } from '../../../../base/terms/reasons';
import type { YamlDocument } from '../../types';
import { detectEol } from '../../../../base/text/eol';
import { haveConflict, type TextEdit } from '../../../../base/text/edits';
import { renderCollection } from './collections';
import { Changes } from './lines';
import { isEmptied, isRefusal, refuse, type Plan } from './plan';
import { planOperations } from './plan-operations';
import { textEdits, withTextEdits } from './text-edits';
import { styleOf } from './style';
import { blockLines, inlineText, isInline, type Writing } from './value-text';

/** The edits of operations against the document's text (sorted, without overlap), or why there are none. */
export type YamlRendering =
  | { readonly ok: true; readonly edits: readonly TextEdit[] }
  | { readonly ok: false; readonly reason: ReasonId; readonly detail?: string | undefined };

/** Matches half of a surrogate pair that stands alone: the `u` flag takes whole pairs for one character. */
const loneSurrogate = /[\ud800-\udfff]/u;

/**
 * Renders operations on one document together into text edits. Paths speak of the document as it is; missing parents are made once.
 * The file's own indentation, dashes, quotes and line ends are followed, and every comment stays (a moved key takes its own along).
 */
export function renderYaml(document: YamlDocument, operations: readonly YamlOperation[]): YamlRendering {
  const { text } = document;
  if (document.templated) return { ok: false, reason: 'templated' };
  if (document.loose) return { ok: false, ...refuse('syntax', 'its lines end or are indented as only some parsers read them') };
  if (!isEncodable(document)) return { ok: false, reason: 'encoding', detail: 'the text holds half a surrogate pair' };
  const plan = planOperations(document, operations);
  if (isRefusal(plan)) return { ok: false, ...plan };
  const changes = new Changes(text, document.comments, plan.carried, detectEol(text));
  if (plan.root) {
    const refusal = renderCollection({ document, changes }, plan.root);
    if (refusal) return { ok: false, ...refusal };
    if (isEmptied(plan.root) && !plan.root.node.flow) {
      changes.addLinesBefore(plan.root.node.range.start, [plan.root.node.kind === 'map' ? '{}' : '[]']);
    }
  }
  const inText = textEdits(document, operations);
  if (isRefusal(inText)) return { ok: false, ...inText };
  const edits = withTextEdits(changes.finish(), inText).concat(newDocuments(document, plan, changes.eol));
  if (edits.some(edit => loneSurrogate.test(edit.newText)))
    return { ok: false, reason: 'encoding', detail: 'a value holds half a surrogate pair' };
  if (haveConflict(edits)) return { ok: false, ...refuse('conflict', 'two changes want the same text') };
  return { ok: true, edits };
}

const encodable = new WeakMap<YamlDocument, boolean>();

/** Whether a document's text holds no half of a surrogate pair. */
function isEncodable(document: YamlDocument): boolean {
  let known = encodable.get(document);
  if (known === undefined) encodable.set(document, (known = !loneSurrogate.test(document.text)));
  return known;
}

function newDocuments(document: YamlDocument, plan: Plan, eol: string): readonly TextEdit[] {
  if (plan.documents.length === 0) return [];
  const { text } = document;
  const style = styleOf(document);
  const writing: Writing = { style, unit: style.unit, dash: style.dash, strings: 'plain', keys: 'plain', flow: false };
  // behind a document that `...` ends the next one needs no `---`: it would become part of the last new one
  const end = /(?:^|\n)\.\.\.(?:[ \t][^\n]*)?\r?\n?$/.test(text) ? ['...'] : [];
  const body = plan.documents
    .map(({ draft, inline }) => {
      const own = { ...writing, inline };
      return ['---', ...(isInline(draft, own) ? [inlineText(draft, own)] : blockLines(draft, own)), ...end].join(eol);
    })
    .join(eol);
  const finished = text.endsWith('\n') || text === '';
  return [{ range: { start: text.length, end: text.length }, newText: finished ? body + eol : eol + body }];
}
