/** API groups of files that tools read from disk: they look like cluster objects, and no cluster ever sees them. */
const toolGroups: Readonly<Record<string, string>> = {
  skaffold: 'a Skaffold configuration',
  'kind.x-k8s.io': 'a kind cluster configuration',
  'krew.googlecontainertools.github.com': 'a krew plugin manifest',
  builtin: 'a kustomize transformer',
  'examples.config.kubernetes.io': 'a function configuration',
  'kubeadm.k8s.io': 'a kubeadm configuration',
  'kubelet.config.k8s.io': 'a kubelet configuration',
  'kubeproxy.config.k8s.io': 'a kube-proxy configuration',
  'kubescheduler.config.k8s.io': 'a scheduler configuration',
  'apiserver.config.k8s.io': 'an API server configuration',
  'audit.k8s.io': 'an audit policy',
  'client.authentication.k8s.io': 'a client credential',
  'controller-runtime.sigs.k8s.io': 'a controller configuration',
  descheduler: 'a descheduler policy',
  'eksctl.io': 'an eksctl cluster configuration',
  'k3d.io': 'a k3d cluster configuration',
  'ctlptl.dev': 'a ctlptl configuration',
  'kops.k8s.io': 'a kops configuration',
  'backstage.io': 'a Backstage entity',
  'score.dev': 'a Score workload',
  'release-notes': 'a release note',
  'schema.plugin.fluxcd.io': 'a tool configuration',
  'scorecard.operatorframework.io': 'a scorecard configuration',
  'cli.kyverno.io': 'a Kyverno CLI test',
  'clusterctl.cluster.x-k8s.io': 'a clusterctl configuration',
  'config.ceph.rook.io': 'a tool configuration',
};

/** What a document is that a tool reads from disk, by the group of its `apiVersion`; `null`: an object of a cluster, as far as is known. */
export function toolOfGroup(group: string): string | null {
  return (Object.hasOwn(toolGroups, group) ? toolGroups[group] : null) ?? null;
}
