import type { Part, PartChange, Rendered } from '../families/family/part';
import type { Finding } from '../rule/finding/types';
import { fillOperations, markStart, piecesOf } from '../rule/fix/places';
import type { Fix, FixPlace, Operation } from '../rule/fix/types';
import { applyEdits, haveConflict, sortEdits } from '../base/text/edits';
import { shift } from '../base/text/range';
import { fillSnippets } from '../base/text/snippet';
import type { ReasonId } from '../base/terms/reasons';
import type { RenderedFix } from './types';

const outdated: RenderedFix = { ok: false, reason: 'unverified', detail: 'the text has changed' };

/** The edits of a single fix against the text its finding was made for, verified. */
export function renderFix(parts: readonly Part[], finding: Finding, fix: Fix): RenderedFix {
  const part = parts.find(p => p.index === finding.document);
  if (!part) return outdated;
  const draft = draftFix(part, fix);
  return withPlaces(part, fix, 'operations' in draft ? finishFix(part, draft) : draft);
}

/** What one or several fixes of a part come to: several findings may be answered by the same operations. */
interface Draft {
  readonly change: PartChange | RenderedFix;
  /** Who waits for the outcome. */
  readonly puts: ((fix: RenderedFix) => void)[];
}

/** As `renderFix` for every fix of many findings, in their order: the same outcomes, each verified as if it were the only one, with less work. */
export function renderFixes(parts: readonly Part[], findings: readonly Finding[]): ReadonlyMap<Finding, readonly RenderedFix[]> {
  const known = new Map(parts.map(part => [part.index, part]));
  const rendered = new Map<Finding, RenderedFix[]>();
  const drafts = new Map<Part, Map<string, Draft>>(parts.map(part => [part, new Map()]));
  for (const finding of findings) {
    const part = known.get(finding.document);
    const outcomes: RenderedFix[] = [];
    rendered.set(finding, outcomes);
    for (const [index, fix] of finding.fixes.entries()) {
      const operations = part ? operationsOf(fix) : outdated;
      if (!part || 'ok' in operations) {
        outcomes[index] = operations as RenderedFix;
        continue;
      }
      const ofPart = drafts.get(part)!;
      const key = JSON.stringify(operations);
      const draft = ofPart.get(key) ?? { change: attempt(() => draftEdits(part, operations)), puts: [] };
      draft.puts.push(outcome => void (outcomes[index] = withPlaces(part, fix, outcome)));
      ofPart.set(key, draft);
    }
  }
  for (const [part, ofPart] of drafts) finishDrafts(part, [...ofPart.values()]);
  return rendered;
}

function finishDrafts(part: Part, drafts: readonly Draft[]): void {
  const changes = drafts.flatMap(({ change }) => ('operations' in change ? [change] : []));
  const proven = new Set([...proveEach(part, changes)].map(index => changes[index]!));
  for (const { change, puts } of drafts) {
    const outcome = 'operations' in change ? finishFix(part, change, proven.has(change)) : change;
    for (const put of puts) put(outcome);
  }
}

/** Renders operations in a part and verifies the outcome; in bulk, where nobody sees each fix, with a second opinion if there is one. */
export function renderVerified(part: Part, operations: readonly Operation[], inBulk: boolean): Rendered {
  const draft = draftEdits(part, operations);
  return 'operations' in draft ? verified(part, draft, inBulk) : draft;
}

/** What a fix does to a part, not verified; its outcome where there is nothing to verify. */
function draftFix(part: Part, fix: Fix): PartChange | RenderedFix {
  const operations = operationsOf(fix);
  return 'ok' in operations ? operations : attempt(() => draftEdits(part, operations));
}

/** What a fix is to do to its part; its outcome where there is nothing to render. */
function operationsOf(fix: Fix): readonly Operation[] | RenderedFix {
  if (fix.needsDigest !== undefined) return { ok: false, reason: 'network' };
  if (fix.elsewhere) return { ok: true, edits: [], elsewhere: fix.elsewhere };
  return attempt(() => (fix.places ? fillOperations(fix.operations(), sampleOf(fix.places)) : fix.operations()));
}

const sampleOf =
  (places: readonly FixPlace[]) =>
  (place: number): string | number =>
    places[place - 1]?.sample ?? places[place - 1]?.text ?? '';

/** The outcome of a fix that holds when its places are filled with samples, with the places themselves. */
function withPlaces(part: Part, fix: Fix, outcome: RenderedFix): RenderedFix {
  const { places } = fix;
  if (!places || !outcome.ok) return outcome;
  const unclear: RenderedFix = { ok: false, reason: 'unverified', detail: 'the places to fill cannot be told from the text' };
  if (part.text.includes(markStart)) return unclear;
  const marked = attempt(() => part.render(fix.operations()));
  if (!marked.ok) return marked;
  const edits = sortEdits(marked.edits).map(({ range, newText }) => ({
    range: shift(range, part.base),
    pieces: piecesOf(newText, places),
  }));
  // quotes or a layout that only some values need are none that every value may stand in
  const filled = fillSnippets(edits, place => String(sampleOf(places)(place)));
  const isSame =
    filled.length === outcome.edits.length &&
    filled.every(({ range, newText }, index) => {
      const other = outcome.edits[index]!;
      return range.start === other.range.start && range.end === other.range.end && newText === other.newText;
    });
  return isSame ? { ok: true, edits: [], input: { edits, sample: outcome.edits } } : unclear;
}

function finishFix(part: Part, change: PartChange, proven = false): RenderedFix {
  const outcome = proven ? { ok: true as const, edits: change.edits } : attempt(() => verified(part, change, false));
  return outcome.ok ? { ok: true, edits: outcome.edits.map(e => ({ ...e, range: shift(e.range, part.base) })) } : outcome;
}

/** Those of many changes that are right, as far as it comes out when they are looked at together. */
function proveEach(part: Part, changes: readonly PartChange[]): ReadonlySet<number> {
  try {
    return part.verifyEach(changes);
  } catch {
    // one by one it comes out which of them it was
    return new Set();
  }
}

function attempt<T extends object>(action: () => T): T | { readonly ok: false; readonly reason: 'unverified'; readonly detail: string } {
  try {
    return action();
  } catch (error) {
    return { ok: false, reason: 'unverified', detail: String(error) };
  }
}

function draftEdits(part: Part, operations: readonly Operation[]): PartChange | Extract<Rendered, { readonly ok: false }> {
  if (part.locked !== null && !mayWriteLiterals(part.locked, operations)) return { ok: false, reason: part.locked };
  if (!isWellFormed(part)) return { ok: false, reason: 'encoding' };
  const rendered = part.render(operations);
  if (!rendered.ok) return rendered;
  if (rendered.edits.length === 0) return { ok: false, reason: 'unverified', detail: 'the fix changes nothing' };
  if (haveConflict(rendered.edits)) return { ok: false, reason: 'conflict' };
  return { operations, edits: sortEdits(rendered.edits) };
}

/** A literal is the same in a template and in values as everywhere; what goes by paths is not. */
function mayWriteLiterals(locked: ReasonId, operations: readonly Operation[]): boolean {
  return (locked === 'templated' || locked === 'convention') && operations.every(({ type }) => type === 'literal.replace');
}

function verified(part: Part, { operations, edits }: PartChange, inBulk: boolean): Rendered {
  const refusal = part.verify(applyEdits(part.text, edits), operations, edits, inBulk);
  return refusal ? { ok: false, ...refusal } : { ok: true, edits };
}

const wellFormed = new WeakMap<Part, boolean>();

/** Whether a part's text survives UTF-8: no lone surrogates. */
function isWellFormed(part: Part): boolean {
  let known = wellFormed.get(part);
  if (known === undefined) {
    known = !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(part.text);
    wellFormed.set(part, known);
  }
  return known;
}
