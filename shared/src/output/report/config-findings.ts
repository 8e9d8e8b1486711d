import type { Finding } from '../../rule/finding/types';
import { engineFinding, unexplainedRule } from '../../rule/finding/engine-finding';
import { createFingerprints } from '../../rule/finding/fingerprint';
import type { ConfigProblem, UnexplainedException } from '../../engine/config/types';

/** The problems of a configuration file, and its exceptions that should give a reason, as findings in it. `path` is the file's, for the fingerprints. */
export function configFindings(
  path: string,
  problems: readonly ConfigProblem[],
  unexplained: readonly UnexplainedException[],
): readonly Finding[] {
  const { count, hash } = createFingerprints(path);
  const found = [
    ...problems.map(({ range, message }) =>
      engineFinding('bulkhead/invalid-config', 'problem', { problem: message }, { severity: 'error', range }),
    ),
    ...unexplained.map(({ range, rule }) => engineFinding(unexplainedRule, 'exception', { rule }, { severity: 'warning', range })),
  ];
  return found.map(({ key, ...finding }) => {
    return { ...finding, document: 0, fingerprint: hash(key, count(key)), suppression: null };
  });
}
