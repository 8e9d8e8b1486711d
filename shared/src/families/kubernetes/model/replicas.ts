import { isFinal } from '../../../syntax/yaml/certainty';
import { mapOf, numberOf, stringOf } from '../../../syntax/yaml/values';
import type { KubernetesObject } from './types';

/**
 * How many pods a workload asks for; `null` where templates fill that in. Where `replicas` is not set it is left to somebody, as a rule
 * because there are several: 2. But no two pods run at a time where the strategy is `Recreate`: 1.
 */
export function wantedReplicas({ document, node }: KubernetesObject): number | null {
  const spec = mapOf(node.get('spec'));
  if (!isFinal(document, spec, 'replicas')) return null;
  const set = numberOf(spec?.get('replicas'));
  if (set !== null) return set;
  const strategy = mapOf(spec?.get('strategy'));
  if (!isFinal(document, spec, 'strategy') || !isFinal(document, strategy, 'type')) return null;
  return stringOf(strategy?.get('type')) === 'Recreate' ? 1 : 2;
}
