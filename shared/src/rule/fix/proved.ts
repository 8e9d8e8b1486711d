import type { Evidence } from '../../evidence/testimony';
import type { TrialRight } from '../../knowledge/trials';
import type { Assumption } from './types';

/** What is taken for granted where a trial run has shown that something does not need a right. */
export const provedAssumptions = {
  proved: 'The image works as before, because {seen}',
  'same-tag': 'The image tag still points to {digest}, the image of the trial run',
  'same-sources': 'The files that the image build copies have not changed since the trial run on {date}',
} as const;

/** The same for a fix; `null`: no trial has shown it. */
export function provedBy({ trial }: Evidence, right: TrialRight): readonly Assumption[] | null {
  if (trial === null) return null;
  const { facts, isBuilt, mayHaveMoved, shown, proves } = trial;
  if (!proves.has(right)) return null;
  return [
    { id: 'proved', data: { seen: shown } },
    ...(mayHaveMoved ? [{ id: 'same-tag', data: { digest: facts.digest } }] : []),
    ...(isBuilt ? [{ id: 'same-sources', data: { date: facts.date } }] : []),
  ];
}
