import { markOf } from '../../../rule/fix/places';
import { removeNode, setValue, type YamlOperation } from '../../../syntax/yaml/operations';
import { defineRule, violates, weighs } from '../../../rule/define-rule';
import { findDangerousPath } from '../../../knowledge/host-paths';
import { shown } from '../model/names';
import { isNodeCritical } from '../model/on-node';
import { usesOf } from '../model/volumes';
import { mapOf, scalarOf, stringOf } from '../../../syntax/yaml/values';
import type { YamlNode } from '../../../syntax/yaml/types';
import type { Range } from '../../../base/text/range';

/** Files of the node that hold keys to the cloud that it runs in. */
const credentials = /^\/etc\/kubernetes\/(?:azure|cloud)\.(?:json|conf)$|\/\.(?:aws|azure|config\/gcloud|kube)(?:\/|$)/;

/** Folders of the system, and of what runs beside the pods: who mounts them does not keep data there. */
const systemFolder =
  /^\/(?:bin|boot|dev|etc|lib(?:32|64)?|proc|root|run|sbin|sys|usr|opt\/cni|var\/(?:run|log|lib\/(?:calico|cilium|cni|containerd|docker|etcd|kube[\w-]*)))?(?:\/|$)/;

/** What the kernel makes: an empty folder stands for none of it. */
const kernelFolder = /^\/(?:(?:dev|proc|sys)(?:\/|$)|$)/;

/** Whether a path of the node is not a folder, as the volume's type says, or its name. */
function isFile(path: string, type: string | null): boolean {
  return /^(?:File|Socket|CharDevice|BlockDevice)/.test(type ?? '') || /\.(?:sock|lock|log|conf|json|ya?ml|key|pem|crt|db)$/.test(path);
}

/** What a hostPath names, and where that is written. */
function hostPath(source: YamlNode | null): { readonly path: string; readonly range: Range | undefined } {
  const node = scalarOf(mapOf(source)?.get('path'));
  return { path: stringOf(node) ?? '', range: node?.range };
}

export const rule = defineRule({
  id: 'kubernetes/host-path',
  title: 'Host path mounted',
  severity: 'error',
  category: 'isolation',
  profile: 'baseline',
  references: {
    cisKubernetes: ['5.2.11'],
    nist800190: ['3.5.5', '4.5.5'],
    pss: ['host-path', 'volume-types'],
    mitre: ['T1611'],
    cwe: ['CWE-668'],
  },
  supersedes: ['kubernetes/volume-type'],
  peers: {
    trivy: ['KSV-0023', 'KSV-0121'],
    polaris: ['hostPathSet'],
    kubescape: ['C-0048', 'C-0203', 'C-0020'],
    kics: ['non_kube_system_pod_with_host_mount', 'workload_mounting_with_sensitive_os_directory'],
    'kyverno-policies': ['disallow-host-path', 'remove-hostpath-volumes', 'limit-hostpath-vols', 'limit-hostpath-type-pv'],
    'kube-linter': ['sensitive-host-mounts'],
    kubesec: ['ProcMount'],
    kubeaudit: ['SensitivePathsMounted'],
    cnspec: ['no-hostpath-persistent-volumes'],
  },
  messages: {
    mounted: { text: 'Volume "{volume}" exposes {path} on the node to the pod', severity: 'warning' },
    sensitive: { text: 'Volume "{volume}" exposes {path} on the node: {why}' },
    credentials: { text: 'Volume "{volume}" exposes the node\'s cloud credentials at {path}' },
    persistent: { text: 'The data of {object} is stored in {path} on one node', severity: 'warning' },
  },
  fixes: {
    claim: { title: 'Instead of the host path, mount a PersistentVolumeClaim that you name', class: 'attended' },
    empty: { title: 'Mount an emptyDir volume instead of {path}', class: 'attended' },
  },
  assumptions: {
    moved: "The files in {path} on the node are already in the claim's volume, or nothing needs them",
    own: 'The pod needs none of the files in {path} on the node, and nothing else reads what the pod writes there',
  },
  on: {
    pod(pod, report) {
      for (const volume of pod.volumes) {
        if (volume.type !== 'hostPath') continue;
        const { path, range } = hostPath(volume.source);
        // what comes from a template as a whole names no path that is seen
        const isSeen = mapOf(volume.source) !== null;
        const danger = isSeen ? findDangerousPath(path) : null;
        const uses = usesOf(volume);
        const isRead = uses.length > 0 && uses.every(({ mount }) => mount.readOnly);
        const why = isRead ? danger?.whyRead : danger?.why;
        const isBearable = danger !== null && (isNodeCritical(pod) || (isRead && !danger.readsKeys));
        const message = credentials.test(path) ? 'credentials' : danger ? 'sensitive' : 'mounted';
        const data = {
          volume: shown(volume.name ?? ''),
          path: isSeen ? shown(path || '/') : '…',
          ...(message === 'sensitive' && { why: why! }),
        };
        // an agent looks at its node itself, and a claim is one for all pods of a DaemonSet
        const isData = message === 'mounted' && range && !systemFolder.test(path) && pod.object.kind !== 'DaemonSet';
        const operations = (): YamlOperation[] => [
          removeNode([...volume.path, 'hostPath']),
          setValue([...volume.path, 'persistentVolumeClaim'], { claimName: markOf(1) }),
        ];
        const fix =
          isData &&
          report.fix('claim', operations, {
            places: [{ text: '', sample: 'data' }],
            assumes: [{ id: 'moved', data: { path: data.path } }],
          });
        const isFolder = path !== '' && !kernelFolder.test(path) && !isFile(path, stringOf(mapOf(volume.source)?.get('type')));
        const empty =
          isFolder &&
          report.fix('empty', () => [removeNode([...volume.path, 'hostPath']), setValue([...volume.path, 'emptyDir'], {})], {
            data: { path: data.path },
            alone: true,
            assumes: [{ id: 'own', data: { path: data.path } }],
          });
        report(
          range ?? volume.typeKey?.range ?? volume.reportRange,
          message,
          data,
          violates('baseline'),
          message === 'sensitive' && isBearable && weighs('warning'),
          fix,
          empty,
        );
      }
    },
    object(object, report) {
      const source = object.kind === 'PersistentVolume' ? mapOf(object.node.get('spec'))?.get('hostPath') : null;
      if (!source) return;
      const { path, range } = hostPath(source);
      report(range ?? source.range, 'persistent', { path: shown(path) });
    },
  },
});
