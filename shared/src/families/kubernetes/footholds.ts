import { isRunByRoot, programUser, type Foothold, type Move } from '../../rule/attack/foothold';
import type { MoveId } from '../../rule/attack/moves';
import type { Finding, ObjectRef } from '../../rule/finding/types';
import { findDangerousPath, findRuntimeSocket, normalizeHostPath, socketsBelow } from '../../knowledge/host-paths';
import { mayChange } from '../../syntax/yaml/certainty';
import { booleanOf, mapOf, resolve, scalarOf } from '../../syntax/yaml/values';
import type { BindingFact, RoleFact } from '../../workspace/object-facts';
import type { WorkspaceIndex } from '../../workspace/types';
import { knownImage } from './fix/image';
import { sharedNamespace } from './model/host';
import { containerName, objectName, shown } from './model/names';
import { hostPathOf } from './model/on-node';
import { ownSetting, containerFlag, runAsNonRoot, runAsUser } from './model/security';
import type { ContainerView, KubernetesObject, PodView } from './model/types';
import type { KubernetesView } from './model/views';
import { usesOf } from './model/volumes';

/** Where the API server mounts the token. */
const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The containers of objects that stay, each with what is open to somebody who runs code in it. A patch, or a pod of Windows, says too little. */
export function footholdsIn(
  objects: readonly KubernetesObject[],
  refOf: (view: KubernetesView) => ObjectRef | null,
  workspace: WorkspaceIndex,
): readonly Foothold[] {
  const pods = objects.filter(({ fragment }) => !fragment).flatMap(object => object.pods);
  return pods
    .filter(({ isWindows }) => !isWindows)
    .flatMap(pod => {
      const account = accountMoves(pod, workspace);
      const staying = pod.containers.filter(({ kind }) => kind === 'app' || kind === 'sidecar');
      return staying.map((container): Foothold => ({
        ref: refOf(container),
        object: objectName(pod.object),
        container: containerName(container),
        machine: 'node',
        range: container.reportRange,
        user: userOf(container, workspace),
        opens,
        moves: [
          // a sandbox, or a user namespace, keeps the container from its node
          ...(pod.node.entry('runtimeClassName') || pod.hostUsers === false || mayChange(pod.node.get('hostUsers'))
            ? []
            : nodeMoves(container)),
          ...(container.mounts.some(({ mountPath }) => mountPath === tokenPath) ? [] : account),
        ],
      }));
    });
}

function userOf(container: ContainerView, workspace: WorkspaceIndex): Foothold['user'] {
  const set = runAsUser(container);
  if (set && (set.unknown || set.value === null)) return 'unknown';
  if (!set && runAsNonRoot(container)?.value === true) return 'other';
  return programUser(set ? String(set.value) : null, knownImage(container, { workspace }));
}

/** What a container is given of its node. */
function nodeMoves(container: ContainerView): readonly Move[] {
  const { pod } = container;
  const moves: Move[] = [];
  const privileged = containerFlag(container, 'privileged');
  if (privileged?.value === true) moves.push({ id: 'privileged', range: privileged.node.range, rule: 'privileged' });
  const process = ownSetting(container, ['windowsOptions', 'hostProcess'], booleanOf);
  if (process?.value === true) moves.push({ id: 'process', range: process.node.range, rule: 'privileged' });
  for (const volume of pod.volumes) {
    const mounted = hostPathOf(volume);
    const uses = usesOf(volume).filter(use => use.container === container && use.mount.node.entry('subPathExpr') === undefined);
    if (mounted === null || uses.length === 0) continue;
    const range = (scalarOf(mapOf(volume.source)?.get('path')) ?? volume.typeKey)?.range ?? volume.reportRange;
    for (const { mount } of uses) {
      const path = normalizeHostPath(mount.subPath === null ? mounted : `${mounted}/${mount.subPath}`);
      const socket = findRuntimeSocket(path) ?? (path === '/' ? undefined : socketsBelow(path)[0]);
      const danger = findDangerousPath(path);
      const data = { path: shown(path) };
      if (socket) moves.push({ id: 'socket', range, rule: 'runtime-socket', data: { runtime: socket.runtime } });
      else if (danger && !mount.readOnly && isRunByRoot(path)) moves.push({ id: 'write', range, rule: 'host-path', data });
      else if (danger?.readsKeys) moves.push({ id: 'read', range, rule: 'host-path', data: { ...data, why: danger.whyRead } });
      else continue;
      break;
    }
  }
  const pid = sharedNamespace(pod, 'hostPID');
  if (pid) moves.push({ id: 'processes', range: pid.node.range, rule: 'host-pid' });
  const network = sharedNamespace(pod, 'hostNetwork');
  if (network) moves.push({ id: 'loopback', range: network.node.range, rule: 'host-network' });
  return moves;
}

/** What the service account of a pod may do, by the bindings and roles of the workspace. */
function accountMoves(pod: PodView, workspace: WorkspaceIndex): readonly Move[] {
  const node = resolve(pod.node.get('automountServiceAccountToken'));
  const value = booleanOf(node);
  if (value === false || (value === null && (node !== null || !pod.complete))) return [];
  const { namespace } = pod.object;
  const account = pod.serviceAccountName ?? 'default';
  if (value === null && workspace.serviceAccount(namespace, account)?.automount === false) return [];
  const range = value ? node!.range : (pod.serviceAccountNode?.range ?? pod.reportRange);
  const token: Move = { id: 'token', range, rule: 'service-account-token', data: { account: shown(account) } };
  const bindings = workspace.bindingsOf(namespace, account).filter(binding => isSubject(binding, namespace, account));
  const grants = bindings.flatMap(binding => grantOf(binding, workspace) ?? []);
  // a token with which nothing is allowed leads nowhere
  return grants.length === 0 ? [] : [token, ...grants];
}

/** Whether a binding is certainly about this account: a namespace that only one side names may be another one. */
function isSubject({ subjects }: BindingFact, namespace: string | null, account: string): boolean {
  return subjects.some(({ kind, name, namespace: place }) => kind !== 'ServiceAccount' || (name === account && place === namespace));
}

/** The worst that a binding allows; `null`: nothing that leads on, or its role is not here to be read. */
function grantOf(binding: BindingFact, workspace: WorkspaceIndex): Move | null {
  const { range, path, role: ref } = binding;
  const isWide = binding.kind === 'ClusterRoleBinding';
  const data = {
    binding: `${binding.kind} "${shown(binding.name)}"`,
    where: isWide ? 'of the cluster' : 'of the namespace',
  };
  const move = (id: MoveId): Move => ({ id, range, path, data });
  if (ref.kind === 'ClusterRole' && ref.name === 'cluster-admin') return move(isWide ? 'administer' : 'secrets');
  const role = ref.kind === 'Role' || ref.kind === 'ClusterRole' ? workspace.role(ref.kind, binding.namespace, ref.name) : undefined;
  if (!role) return null;
  const may = (group: string, resource: string, verbs: readonly string[]): boolean => allows(role, group, resource, verbs);
  if (isWide && role.rules.some(rule => !rule.named && [rule.groups, rule.resources, rule.verbs].every(words => words.includes('*'))))
    return move('administer');
  if (may('', 'secrets', ['get', 'list', 'watch'])) return move('secrets');
  if (may('', 'pods', ['create'])) return move('mounts');
  if (['deployments', 'daemonsets', 'statefulsets'].some(resource => may('apps', resource, ['create']))) return move('mounts');
  if (['jobs', 'cronjobs'].some(resource => may('batch', resource, ['create']))) return move('mounts');
  // names of pods can be guessed, and need not be listed
  return may('', 'pods/exec', ['create']) ? move('exec') : null;
}

function allows({ rules }: RoleFact, group: string, resource: string, verbs: readonly string[]): boolean {
  const has = (words: readonly string[], word: string): boolean => words.includes(word) || words.includes('*');
  return rules.some(
    rule => !rule.named && has(rule.groups, group) && has(rule.resources, resource) && verbs.some(verb => has(rule.verbs, verb)),
  );
}

/** What a finding about a workload, or one of its containers, opens. */
function opens({ rule, messageId }: Finding): readonly MoveId[] {
  if (rule === 'kubernetes/missing-network-policy') return ['peers'];
  return rule === 'kubernetes/secret-in-env' && messageId === 'named' ? ['credential'] : [];
}
