import { budgets } from '../base/limits/budgets';
import { applyEdits } from '../base/text/edits';
import type { Finding } from '../rule/finding/types';
import type { Fix } from '../rule/fix/types';
import { broughtBy, costOf, type HardenHost, type HardenState } from './harden';
import type { RenderedFix } from './types';

/** The outcome of a fix, once it is known what that brings. */
export type CarefulLook = (fix: Fix, outcome: RenderedFix) => RenderedFix;

/** What has not been looked at is refused: before a text is checked it is not known what it has already. */
export const lookAtNothing: CarefulLook = (fix, outcome) =>
  fix.careful && outcome.ok ? { ok: false, reason: 'unverified', detail: 'the file has not been checked' } : outcome;

/** Looks at what careful fixes of a text would bring, as far as that may cost: one that brings a finding, or was not looked at, is refused. */
export function createCareful(text: string, host: HardenHost): CarefulLook {
  let left: number = budgets.verifiedLength;
  let before: HardenState | null = null;
  const known = new Map<string, RenderedFix | null>();
  const look = ({ edits }: Extract<RenderedFix, { readonly ok: true }>): RenderedFix | null => {
    if (left < 0) return { ok: false, reason: 'unverified', detail: 'too many fixes of this file would have to be tried one by one' };
    before ??= host.read(text);
    const next = applyEdits(text, edits);
    const after = host.read(next);
    left -= costOf(next, after);
    const brought = broughtBy(before.findings, after.findings);
    return brought && { ok: false, reason: 'unverified', detail: `${brought.rule}/${brought.messageId}` };
  };
  return (fix, outcome) => {
    if (!fix.careful || !outcome.ok) return outcome;
    const key = JSON.stringify(outcome.edits);
    let refusal = known.get(key);
    if (refusal === undefined) known.set(key, (refusal = look(outcome)));
    return refusal ?? outcome;
  };
}

/** The outcomes of the fixes of findings, once it is known what each brings. */
export function lookAtAll(
  look: CarefulLook,
  rendered: ReadonlyMap<Finding, readonly RenderedFix[]>,
): ReadonlyMap<Finding, readonly RenderedFix[]> {
  if (![...rendered.keys()].some(({ fixes }) => fixes.some(({ careful }) => careful))) return rendered;
  return new Map([...rendered].map(([finding, all]) => [finding, all.map((outcome, i) => look(finding.fixes[i]!, outcome))]));
}
