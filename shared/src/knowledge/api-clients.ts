import type { ImageReference } from '../syntax/image/reference';
import { asReference, knownName } from './image-profiles';

/** Words in the last part of an image's name that mark software which manages or watches a cluster. */
const words = new Set(
  'operator controller controllers autoscaler kubectl provisioner attacher resizer snapshotter admission webhook injector descheduler helm kustomize'.split(
    ' ',
  ),
);

/** Software that talks to the API server although its name does not say so, by the last part of the image's name. */
const names = new Set(
  (
    'kube-state-metrics metrics-server coredns kube-proxy kube-router flannel calico-node node typha cilium hubble-relay traefik kong nginx-ingress ' +
    'argocd argo-workflows argocli argoexec workflow-controller dex external-dns external-secrets sealed-secrets cert-manager-cainjector prometheus ' +
    'prometheus-config-reloader k8s-sidecar thanos promtail alloy agent fluent-bit fluentd fluentd-kubernetes-daemonset filebeat metricbeat vector ' +
    'opentelemetry-collector opentelemetry-collector-contrib datadog newrelic-infrastructure falco trivy kube-bench kube-hunter kubescape polaris popeye ' +
    'kyverno gatekeeper velero reloader keel kured spark-operator jenkins gitlab-runner actions-runner tiller rancher fleet-agent dashboard ' +
    'kubernetes-dashboard headlamp lens octant kubeview vault-k8s vault-agent consul-k8s pilot proxyv2 proxy linkerd-proxy istio-cni install-cni keda ' +
    'kube2iam kiam heapster vault-secrets-operator ' +
    'airflow spark flink node-feature-discovery nfd k8s-device-plugin kubevirt virt-api longhorn-manager rook ceph tigera-operator speaker'
  ).split(' '),
);

/** Ambiguous last parts that count only below one of these owners. */
const owners: Readonly<Record<string, RegExp>> = {
  node: /(^|\/)calico\/node$/,
  agent: /(?:grafana|datadog|sysdig)\/agent$/,
  proxy: /linkerd\/proxy$/,
  dashboard: /kubernetesui\/|kubernetes-dashboard/,
  speaker: /metallb\/speaker$/,
  ceph: /rook\/ceph$/,
  dex: /(?:dexidp|coreos)\/dex$/,
};

/**
 * Whether an image is known, or reads like, a client of the Kubernetes API: without its token it would not work. Used to leave tokens alone,
 * so it rather says yes.
 */
export function isApiClient(reference: ImageReference | string): boolean {
  const image = asReference(reference);
  if (!image) return false;
  const name = knownName(image);
  const last = name.slice(name.lastIndexOf('/') + 1);
  if (names.has(last)) return owners[last]?.test(name) ?? true;
  return (
    last.split(/[-_.]/).some(word => words.has(word)) ||
    /^kube(?:$|[a-z0-9-])|^(?:k8s|csi|argo|istio|flux|knative|tekton)-/.test(last) ||
    /(?:^|\/)(?:fluxcd|knative|tekton|rancher|sig-storage)\//.test(name)
  );
}
