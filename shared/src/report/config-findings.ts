import type { Finding } from '../finding/types';
import { engineFinding } from '../finding/engine-finding';
import { createFingerprints } from '../finding/fingerprint';
import type { ConfigProblem } from '../config/types';

/** The problems of a configuration file as findings in it. `path` is the file's, for the fingerprints. */
export function configFindings(path: string, problems: readonly ConfigProblem[]): readonly Finding[] {
  const { count, hash } = createFingerprints(path);
  return problems.map(({ range, message }) => {
    const { key, ...finding } = engineFinding('bulkhead/invalid-config', 'problem', { problem: message }, { severity: 'error', range });
    return { ...finding, document: 0, fingerprint: hash(key, count(key)), suppression: null };
  });
}
