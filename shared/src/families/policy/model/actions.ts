import { mayChange } from '../../../syntax/yaml/certainty';
import type { MaybeNode } from '../../../syntax/yaml/lookup';
import { sequenceOf, stringOf } from '../../../syntax/yaml/values';
import { flagAt, mapAt, mapsAt, textAt, type MapSpot } from './spots';
import type { ActionView, Enforced, PolicyView } from './types';

/** What Kyverno takes a word for. Lower case is allowed in `spec` alone; as a rule's own it is refused. */
function ofWord(word: string): Enforced {
  if (/^enforce$/i.test(word)) return true;
  return /^audit$/i.test(word) ? false : null;
}

/** The action of a policy of Kyverno as its `spec` says it, in the field that is going away; without one it only reports. */
export function specAction({ spec }: PolicyView): ActionView {
  const spot = textAt(spec, 'validationFailureAction');
  if (!spot) return { enforced: false, node: null, spot: null };
  return { enforced: mayChange(spot.node) ? null : ofWord(spot.text), node: spot.node, spot };
}

/** The action of a part of a rule: its own, else that of its policy. Where the action is another for some namespaces, nobody can say which it is. */
export function partAction(policy: PolicyView, part: MapSpot | null): ActionView {
  const own = textAt(part, 'failureAction');
  const overridden = [mapsAt(part, 'failureActionOverrides'), mapsAt(policy.spec, 'validationFailureActionOverrides')].flat();
  const action = own ? { enforced: mayChange(own.node) ? null : ofWord(own.text), node: own.node, spot: own } : specAction(policy);
  return overridden.length > 0 && action.enforced === false ? { ...action, enforced: null } : action;
}

/** The action of what lists its actions: without a list, `absent` holds. */
export function listedAction(node: MaybeNode, absent: Enforced): ActionView {
  if (node === undefined || node === null) return { enforced: absent, node: null, spot: null };
  const list = sequenceOf(node);
  const words = (list?.items ?? []).map(stringOf);
  if (!list || words.includes(null) || list.items.some(mayChange)) return { enforced: null, node, spot: null };
  return { enforced: words.length === 0 ? null : words.includes('Deny'), node, spot: null };
}

/** The action of a ClusterImagePolicy. */
export function modeAction(policy: PolicyView): ActionView {
  const spot = textAt(policy.spec, 'mode');
  if (!spot) return { enforced: true, node: null, spot: null };
  const enforced = mayChange(spot.node) ? null : spot.text === 'enforce' ? true : spot.text === 'warn' ? false : null;
  return { enforced, node: spot.node, spot };
}

/** Where a policy of Kyverno is switched off for requests, so that it only looks at what is there already; `null`: it is not. */
export function admissionOff(policy: PolicyView): MaybeNode {
  if (policy.is === 'ClusterPolicy') return flagAt(policy.spec, 'admission', false);
  return flagAt(mapAt(mapAt(policy.spec, 'evaluation'), 'admission'), 'enabled', false);
}
