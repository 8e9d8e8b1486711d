import { defineRule, violates } from '../../../rule/define-rule';
import { findRuntimeSocket, normalizeHostPath, socketsBelow } from '../../../knowledge/host-paths';
import { hostPathOf } from '../model/on-node';
import { mapOf, scalarOf } from '../../../syntax/yaml/values';

export const rule = defineRule({
  id: 'kubernetes/runtime-socket',
  title: 'Container runtime socket mounted',
  severity: 'error',
  category: 'isolation',
  profile: 'baseline',
  references: {
    cisKubernetes: ['5.2.11'],
    cisDocker: ['5.32'],
    nist800190: ['3.4.3', '4.4.3'],
    pss: ['host-path'],
    mitre: ['T1611', 'T1612', 'T1552.007'],
    cwe: ['CWE-250'],
  },
  supersedes: ['kubernetes/host-path', 'kubernetes/host-path-writable', 'kubernetes/volume-type'],
  peers: {
    trivy: ['KSV-0006'],
    checkov: ['CKV_K8S_27'],
    'kube-linter': ['docker-sock'],
    kubesec: ['DockerSock'],
    kubeaudit: ['SensitivePathsMounted'],
    kubescape: ['C-0074'],
    kics: ['docker_daemon_socket_is_exposed_to_containers'],
    'kyverno-policies': ['disallow-cri-sock-mount', 'docker-socket-requires-label'],
    semgrep: ['exposing-docker-socket-hostpath'],
    cnspec: ['docker-socket', 'containerd-socket', 'crio-socket'],
  },
  messages: {
    socket: { text: 'Volume "{volume}" gives the pod control of the node: {path} controls {runtime}' },
    below: { text: 'Volume "{volume}" gives the pod control of the node: {path} contains the socket of {runtime}' },
  },
  on: {
    pod(pod, report) {
      for (const volume of pod.volumes) {
        const path = hostPathOf(volume);
        if (path === null) continue;
        const socket = findRuntimeSocket(path);
        // the root of the node gives away more than a socket: host-path says so
        const [below] = socket || normalizeHostPath(path) === '/' ? [] : socketsBelow(path);
        const found = socket ?? below;
        const range = (scalarOf(mapOf(volume.source)?.get('path')) ?? volume.typeKey)?.range ?? volume.reportRange;
        if (found)
          report(range, socket ? 'socket' : 'below', { volume: volume.name ?? '', path, runtime: found.runtime }, violates('baseline'));
      }
    },
  },
});
