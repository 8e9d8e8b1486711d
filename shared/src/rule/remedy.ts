import type { Outcome } from '../families/kubernetes/fix/settings';
import type { MessageData } from '../terms/types';
import { noFix, type Attachment, type Report } from './define-rule';

/** What a fix builder found, as attachments of a finding: its fix under the rule's own id, and why harden leaves it. */
export function attachOutcome<X extends string>(
  report: Pick<Report<never, X>, 'fix'>,
  id: X,
  outcome: Outcome,
  data?: MessageData,
): Attachment[] {
  const { fix } = outcome;
  const attachments: Attachment[] = [];
  if (fix) {
    const { operations, class: fixClass, assumes, group } = fix;
    attachments.push(
      report.fix(id, operations, {
        ...(data && { data }),
        ...(fixClass && { class: fixClass }),
        ...(assumes && { assumes }),
        ...(group !== undefined && { group }),
      }),
    );
  }
  if (outcome.left) attachments.push(noFix(outcome.left.reason, outcome.left.detail));
  return attachments;
}
