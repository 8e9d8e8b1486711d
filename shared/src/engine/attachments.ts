import type { Fix } from '../rule/fix/types';
import type { RawFinding } from '../rule/finding/engine-finding';
import type { Related } from '../rule/finding/types';
import type { Attachment } from '../rule/define-rule';
import type { Severity } from '../base/terms/types';
import type { Range } from '../base/text/range';

/** What is attached to a finding; `severity: null`: the usual one. */
interface Gathered extends Pick<RawFinding, 'pss' | 'related' | 'secrets' | 'fixes' | 'left' | 'excepted' | 'borrows'> {
  readonly severity: Severity | null;
}

/** Sorts the attachments of a finding by what they are. */
export function gather(attachments: readonly Attachment[]): Gathered {
  let pss: RawFinding['pss'] = null;
  let left: RawFinding['left'] = null;
  let severity: Severity | null = null;
  let excepted: string | undefined;
  let borrows: RawFinding['borrows'];
  const related: Related[] = [];
  const secrets: Range[] = [];
  const fixes: Fix[] = [];
  for (const a of attachments) {
    if (a.attach === 'fix') fixes.push(a.fix);
    else if (a.attach === 'secret') secrets.push(a.range);
    else if (a.attach === 'severity') severity ??= a.severity;
    else if (a.attach === 'excepted') excepted ??= a.by;
    else if (a.attach === 'borrows') borrows ??= a;
    else if (a.attach === 'pss') pss ??= a.level;
    else if (a.attach === 'no-fix') left ??= { reason: a.reason, detail: a.detail };
    else related.push({ range: a.range, messageId: a.messageId, data: a.data, path: a.path, silences: a.silences });
  }
  return { pss, related, secrets, fixes, left, severity, excepted, borrows };
}

/**
 * What a rule reports lies in the text: else sorting, masking and edits would fail far from the rule.
 * @throws RangeError, which costs the rule its findings and names it
 */
export function expectRanges(
  length: number,
  messageId: string,
  range: Range,
  { related, secrets }: Pick<Gathered, 'related' | 'secrets'>,
): void {
  const isInside = (r: Range | undefined): boolean => r !== undefined && r.start >= 0 && r.start <= r.end && r.end <= length;
  for (const reported of [range, ...secrets, ...related.filter(r => r.path === undefined).map(r => r.range)])
    if (!isInside(reported))
      throw new RangeError(`message "${messageId}" has the range ${JSON.stringify(reported)} in ${length} characters`);
}
