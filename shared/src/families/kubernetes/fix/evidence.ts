import type { Assumption } from '../../../fix/types';
import type { RuleContext } from '../../../rule/define-rule';
import { cloudSign } from '../model/cloud';
import { objectName, shown } from '../model/names';
import { readLabelSelector } from '../../../workspace/selector';
import { mapOf } from '../../../yaml/values';
import type { KubernetesObject, PodView } from '../model/types';

/** Where evidence for or against a fix is looked for: the other files, and the path of this one for what is seen in it. */
export type Surroundings = Pick<RuleContext, 'workspace' | 'path'>;

/** What shows that a pod asks a cloud, so that it may need its metadata service: an identity of its account, or something in the pod. */
export function cloudEvidence(pod: PodView, { workspace, path }: Surroundings): readonly Assumption[] {
  const object = objectName(pod.object);
  const own = cloudSign(pod);
  if (own !== null) return [{ id: 'cloud-user', data: { object, seen: shown(own), path }, evidence: true }];
  const account = workspace.serviceAccount(pod.object.namespace, pod.serviceAccountName ?? 'default');
  return account?.identity ? [{ id: 'cloud-user', data: { object, seen: account.identity, path: account.path }, evidence: true }] : [];
}

/** The same of the pods that a NetworkPolicy of Kubernetes selects, as far as the workspace knows them. */
export function cloudEvidenceAmong(policy: KubernetesObject, { workspace }: Surroundings): readonly Assumption[] {
  const selector = readLabelSelector(policy.document, mapOf(policy.node.get('spec'))?.get('podSelector'));
  const user = workspace.cloudUserAmong(selector ?? { requirements: [], partial: true }, policy.namespace);
  if (!user) return [];
  const { kind, name } = user.workload;
  const object = `${kind.replace(/\..*/, '')} "${shown(name)}"`;
  return [{ id: 'cloud-user', data: { object, seen: shown(user.seen), path: user.path }, evidence: true }];
}
