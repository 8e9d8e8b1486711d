import { leave, type Remedy } from '../../../fix/remedy';
import { isApiClient } from '../../../knowledge/api-clients';
import { itemsOf, mapOf, sequenceOf, stringOf } from '../../../yaml/values';
import type { PodView } from '../model/types';
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

/** What shows that a pod uses its token: words for the log; `null` where nothing does. */
function usesToken(pod: PodView): string | null {
  const annotation = [...pod.annotations.keys()].find(key => injecting.some(prefix => key.startsWith(prefix)));
  if (annotation !== undefined) return `${annotation} injects an agent`;
  for (const { image, command, args, env, mounts } of pod.containers) {
    if (image && isApiClient(image.text)) return `${image.text} talks to the API server`;
    const words = [...(command ?? []), ...(args ?? [])].map(word => stringOf(word) ?? '').concat(env.map(({ name }) => name));
    if (words.some(word => clientWords.test(word.slice(0, 10_000)))) return 'its arguments name the API server';
    if (mounts.some(({ mountPath }) => mountPath?.startsWith('/var/run/secrets/kubernetes.io'))) return 'it mounts its own token';
  }
  const projected = pod.volumes.filter(({ type }) => type === 'projected');
  const token = projected.some(({ source }) =>
    itemsOf(sequenceOf(mapOf(source)?.get('sources'))).some(({ map }) => map.entry('serviceAccountToken')),
  );
  return token ? 'it projects a token' : null;
}

/**
 * How a pod comes to decline its token. `bindings`: how many role bindings name its account in the whole workspace; `null` where the
 * workspace is not known as a whole, so that nothing can be said about an account that somebody chose.
 */
export function tokenRemedy(pod: PodView, bindings: number | null): Remedy {
  if (pod.flavor === 'knative') return leave('attended', 'Knative refuses the field by default');
  if (pod.flavor === 'argo-template' && !mapOf(pod.node.get('executor'))?.get('serviceAccountName'))
    return leave('attended', 'without a separate account the Argo executor needs the token');
  const remedy = { operations: () => [setInPod(pod, 'automountServiceAccountToken', false)], assumes: [{ id: 'no-api' }] };
  const use = usesToken(pod);
  const chosen = pod.serviceAccountName !== null && pod.serviceAccountName !== 'default';
  if (use === null && (bindings === 0 || (bindings === null && !chosen))) return { fix: remedy, noFix: null };
  const detail =
    use ?? (bindings ? `${bindings} binding${bindings === 1 ? '' : 's'} give rights to its account` : 'its account was set explicitly');
  return { fix: { ...remedy, class: 'attended' }, noFix: { reason: 'attended', detail } };
}
