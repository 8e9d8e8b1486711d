import type { Finding } from '../engine/types';
import { findingKey, createFingerprints } from '../engine/fingerprint';
import type { ConfigProblem } from '../config/types';

/** The problems of a configuration file as findings in it. `path` is the file's, for the fingerprints. */
export function configFindings(path: string, problems: readonly ConfigProblem[]): readonly Finding[] {
  const fingerprint = createFingerprints(path);
  return problems.map(({ range, message }) => ({
    rule: 'bulkhead/invalid-config',
    messageId: 'problem',
    data: { problem: message },
    severity: 'error',
    category: 'correctness',
    range,
    object: null,
    pss: null,
    related: [],
    secrets: [],
    fixes: [],
    left: null,
    document: 0,
    fingerprint: fingerprint(findingKey('bulkhead/invalid-config', 'problem', { problem: message }, '', null)),
    suppression: null,
  }));
}
