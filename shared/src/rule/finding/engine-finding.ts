import type { Finding } from './types';
import type { Range } from '../../base/text/range';
import type { Fix, Operation } from '../fix/types';
import type { MessageData, Severity } from '../../base/terms/types';
import { findingKey } from './fingerprint';

/** A finding as a check reported it: ranges in the part's text, not yet suppressed, so that it can be cached with the part. */
export interface RawFinding extends Omit<Finding, 'document' | 'fingerprint' | 'suppression'> {
  /** What identifies it among those of its file; equal keys are told apart by their order. */
  readonly key: string;
  /** What makes an exception of it, beside directives of ours and of other tools. */
  readonly excepted?: string | undefined;
  /** What it borrows of other rules' fixes; absent: nothing. */
  readonly borrows?: Borrows | undefined;
}

/** Which fixes of other rules a finding borrows. */
export interface Borrows {
  /** Whether operations change something where the finding is. */
  readonly concerns: (operations: readonly Operation[]) => boolean;
  /** Whether operations change what it is about by name: those are tried before others. */
  readonly names: (operations: readonly Operation[]) => boolean;
  /** Whether the operations of some fixes, those of each a list that is the same object whenever it is asked about, answer it together. */
  readonly satisfies: (fixes: readonly (readonly Operation[])[]) => boolean;
  /** The words of a fix that is made of several. */
  readonly together: Fix;
  /** The fix of its own rule. */
  readonly own: () => Fix | null;
}

/** What the engine says of a suppression that gives no reason, where the configuration requires one. */
export const unexplainedRule = 'bulkhead/unexplained-suppression';

/** What a finding of the engine itself carries beside its place and words. */
interface EngineFindingExtras {
  readonly severity: Severity;
  readonly range?: Range;
  readonly fixes?: readonly Fix[];
  /** The data that identifies it, where not all of its data does. */
  readonly keyData?: MessageData;
}

/** A finding of the engine itself (`bulkhead/...`): about no object, and by no rule. Its range defaults to the start of the text. */
export function engineFinding(rule: `bulkhead/${string}`, messageId: string, data: MessageData, extras: EngineFindingExtras): RawFinding {
  const { severity, range = { start: 0, end: 0 }, fixes = [], keyData = data } = extras;
  return {
    rule,
    messageId,
    data,
    severity,
    category: 'correctness',
    range,
    object: null,
    pss: null,
    related: [],
    secrets: [],
    fixes,
    left: null,
    key: findingKey(rule, messageId, keyData, ''),
  };
}
