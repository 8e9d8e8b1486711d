import type { CancellationToken } from 'vscode-languageserver';
import { fromLineStarts, type SnippetEdit, type SnippetPiece, snippetSyntax } from '../../../shared/src/index';
import type { FillParams, FillResult } from '../../../shared/src/output/protocol/questions';
import { type ServerContext, settledDocument } from '../session/context';
import { toLspRange } from '../lsp/edits';
import { planOf } from './bulk-fix';

/** So many values of others are offered for a place. */
const mostChoices = 5;

/**
 * What a person has to give to the findings of an open document that nothing else answers, as edits of one snippet session: each place once, with the values that others in the
 * file have there as choices. What is in the way of another edit comes the next time. `null`: there are none.
 */
export async function placesToFill(context: ServerContext, { uri }: FillParams, token: CancellationToken): Promise<FillResult | null> {
  const checked = await settledDocument(context, context.documents.find(uri)?.uri ?? uri, token);
  if (!checked) return null;
  const { check, document } = checked;
  const text = document.getText();
  const asking = planOf(check).left.flatMap(({ finding }) => (finding.fixes.some(({ places }) => places) ? [finding] : []));
  const chosen: SnippetEdit[] = [];
  let places = 0;
  let findings = 0;
  for (const outcomes of asking.length === 0 ? [] : check.opened.renderAll(asking).values()) {
    const input = outcomes.flatMap(outcome => (outcome.ok && outcome.input ? [outcome.input.edits] : []))[0];
    const mine = input && fromLineStarts(text, input);
    if (!mine || mine.some(edit => chosen.some(other => touch(edit, other)))) continue;
    const numbers = mine.flatMap(({ pieces }) => pieces.flatMap(piece => (typeof piece === 'string' ? [] : [piece.place])));
    chosen.push(
      ...mine.map(({ range, pieces }) => ({ range, pieces: pieces.map((piece, i) => placed(piece, places, pieces.slice(0, i), text)) })),
    );
    places += Math.max(...numbers);
    findings++;
  }
  if (findings === 0) return null;
  chosen.sort((a, b) => a.range.start - b.range.start);
  return {
    version: document.version,
    edits: chosen.map(({ range, pieces }) => ({ range: toLspRange(document, range), snippet: snippetSyntax(pieces) })),
    findings,
    left: asking.length - findings,
  };
}

function touch(a: SnippetEdit, b: SnippetEdit): boolean {
  return a.range.start <= b.range.end && b.range.start <= a.range.end;
}

/** A piece with a number of its own in the session, and with what others have there. */
function placed(piece: SnippetPiece, before: number, earlier: readonly SnippetPiece[], text: string): SnippetPiece {
  if (typeof piece === 'string') return piece;
  const written = earlier.map(other => (typeof other === 'string' ? other : other.text)).join('');
  const choices = piece.text === '' ? valuesLike(written, text) : [];
  return { ...piece, place: piece.place + before, ...(choices.length > 0 && { choices }) };
}

/** The values that the key in front of a place has elsewhere, below the same key where that is written, too. */
function valuesLike(written: string, text: string): readonly string[] {
  const lines = written.split('\n');
  const key = /([\w.-]{1,60}):[ \t]{0,8}["']?$/.exec(lines.at(-1) ?? '')?.[1];
  if (key === undefined) return [];
  const before = keyOf(lines.at(-2) ?? '');
  const parent = before?.value === '' ? before.key : undefined;
  const found = new Set<string>();
  let above: string | undefined;
  for (const line of text.split('\n')) {
    const entry = keyOf(line);
    if (entry?.value === '') above = entry.key;
    else if (entry?.key === key && (parent === undefined || parent === above) && /^["']?[\w.-]{1,40}["']?\r?$/.test(entry.value))
      found.add(entry.value.replace(/["'\r]/g, ''));
    if (found.size === mostChoices) break;
  }
  return [...found];
}

/** The key of a line of YAML, and what follows it. */
function keyOf(line: string): { readonly key: string; readonly value: string } | null {
  const trimmed = line.trim().replace(/^- /, '');
  const colon = trimmed.indexOf(':');
  return colon <= 0 || colon > 60 ? null : { key: trimmed.slice(0, colon), value: trimmed.slice(colon + 1).trim() };
}
