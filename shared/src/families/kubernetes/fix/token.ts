import type { YamlOperation } from '../../../syntax/yaml/operations';
import { leave, type Remedy } from '../../../rule/fix/remedy';
import type { Assumption } from '../../../rule/fix/types';
import { isApiClient } from '../../../knowledge/api-clients';
import { itemsOf, mapOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import { shown } from '../model/names';
import type { PodView } from '../model/types';
import type { Surroundings } from './evidence';
import { setInPod } from './pod-level';

/** Annotations by which an agent is put into a pod that presents the pod's token. */
const injecting = [
  'vault.hashicorp.com/',
  'consul.hashicorp.com/',
  'sidecar.istio.io/',
  'linkerd.io/inject',
  'conjur.org/',
  'secrets.doppler.com/',
];

/** Words in arguments and variables that only clients of the API server have. */
const clientWords =
  /--?(?:in-?cluster|leader-elect|kubeconfig|kube-api|watch-namespace|election-id|incluster)|KUBERNETES_(?:SERVICE|NAMESPACE|PORT)|\/var\/run\/secrets\/kubernetes\.io|\bkubectl\b/;

/** What in a pod shows that it uses its token: an annotation, an image, a word; `null` where nothing does. */
function usesToken(pod: PodView): string | null {
  const annotation = [...pod.annotations.keys()].find(key => injecting.some(prefix => key.startsWith(prefix)));
  if (annotation !== undefined) return annotation;
  for (const { image, command, args, env, mounts } of pod.containers) {
    if (image && isApiClient(image.text)) return image.text;
    const words = [...(command ?? []), ...(args ?? [])].map(word => stringOf(word) ?? '').concat(env.map(({ name }) => name));
    for (const word of words) {
      const match = clientWords.exec(word.slice(0, 10_000));
      if (match) return match[0];
    }
    const mount = mounts.find(({ mountPath }) => mountPath?.startsWith('/var/run/secrets/kubernetes.io'));
    if (mount) return mount.mountPath;
  }
  const projected = pod.volumes.filter(({ type }) => type === 'projected');
  const token = projected.some(({ source }) =>
    itemsOf(sequenceOf(mapOf(source)?.get('sources'))).some(({ map }) => map.entry('serviceAccountToken')),
  );
  return token ? 'serviceAccountToken' : null;
}

/** What speaks against a pod that declines its token: the pod itself, the rights of its account, or that the account is not here to be looked at. */
export function tokenEvidence(pod: PodView, { workspace, path }: Surroundings): Assumption | null {
  const seen = usesToken(pod);
  if (seen !== null) return { id: 'api-user', data: { seen, path }, evidence: true };
  const { namespace } = pod.object;
  const account = pod.serviceAccountName ?? 'default';
  const [binding] = workspace.complete ? workspace.bindingsOf(namespace, account) : [];
  if (binding) return { id: 'api-user', data: { seen: `${binding.kind} "${shown(binding.name)}"`, path: binding.path }, evidence: true };
  if (account === 'default') return null;
  const data = { account: shown(account) };
  if (!workspace.complete) return { id: 'chosen-account', data, evidence: true };
  return workspace.serviceAccount(namespace, account) ? null : { id: 'unseen-account', data, evidence: true };
}

/** How a pod comes to decline its token. */
export function tokenRemedy(pod: PodView, surroundings: Surroundings): Remedy {
  if (pod.flavor === 'knative') return leave('attended', 'Knative rejects the field by default');
  if (pod.flavor === 'argo-template' && !mapOf(pod.node.get('executor'))?.get('serviceAccountName'))
    return leave('attended', 'without a separate service account, the Argo executor needs the token');
  const operations = (): YamlOperation[] => [setInPod(pod, 'automountServiceAccountToken', false)];
  return { fix: { operations, assumes: [tokenEvidence(pod, surroundings) ?? { id: 'no-api' }] }, noFix: null };
}
