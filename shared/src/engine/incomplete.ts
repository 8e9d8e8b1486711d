import { createFingerprints } from '../rule/finding/fingerprint';
import { incompleteFinding, shortfallReason, type Shortfall } from '../rule/finding/incomplete';
import type { SourceFamily } from '../workspace/source/types';
import type { LintResult } from './types';

/** The result for a file of which nothing was checked: one error, never silence. */
export function incompleteResult(path: string, family: SourceFamily, shortfall: Shortfall): LintResult {
  const { key, ...finding } = incompleteFinding(shortfall);
  return {
    family,
    checked: true,
    limited: shortfallReason(shortfall),
    findings: [{ ...finding, document: 0, fingerprint: createFingerprints(path).hash(key, 0), suppression: null }],
    fragments: 0,
    isFresh: () => true,
  };
}
