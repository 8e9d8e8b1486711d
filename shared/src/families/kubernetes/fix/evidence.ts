import type { Assumption } from '../../../rule/fix/types';
import type { RuleContext } from '../../../rule/define-rule';
import { servedFile, startedCapabilities, startsSetuid } from '../../../knowledge/image-facts';
import { serviceOf } from './service';
import type { FixSettings } from './settings';
import { cloudSign } from '../model/cloud';
import { containerName, objectName, shown } from '../model/names';
import { podLabels } from '../facts/workload-facts';
import { readLabelSelector } from '../../../workspace/selector';
import { mapOf, stringOf } from '../../../syntax/yaml/values';
import { capabilities, runAsNonRoot, runAsUser } from '../model/security';
import type { ContainerView, KubernetesObject, PodView } from '../model/types';

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

/** Labels and annotations that put pods into a mesh, whose proxies are asked on ports of their own: metrics and probes of Istio (15020, 15021, 15090), HBONE (15008), Linkerd (4143, 4191). */
const meshMark = /^(?:sidecar\.istio\.io\/inject|istio-injection|istio\.io\/(?:rev|dataplane-mode)|linkerd\.io\/inject)$/;
const isOff = (value: unknown): boolean => /^(?:false|disabled|none)$/.test(String(value));

/** What shows that the pods of a workload are reached by a mesh: a mark of their own, or of their namespace. */
export function meshEvidence(pod: PodView, { workspace }: Surroundings): readonly Assumption[] {
  const { namespace } = pod.object;
  const home = workspace.admission().namespaces.find(({ name }) => name === namespace && namespace !== null);
  const marks = [...pod.annotations].map(([key, { value }]) => [key, value] as const);
  const all = [...marks, ...Object.entries(podLabels(pod).values), ...Object.entries(home?.labels.values ?? {})];
  const mark = all.find(([key]) => meshMark.test(key));
  return mark && !isOff(mark[1]) ? [{ id: 'mesh', data: { seen: mark[0] }, evidence: true }] : [];
}

/** Programs that change the user by a setuid bit: sudo and its like, and what makes containers without root, by newuidmap. */
const setUserId = /(?:^|[\s;&|(/])(?:sudo|su|doas|newuidmap|newgidmap)(?=$|[\s;&|)])/;

/** What its image starts where that gains rights by its file, which was read in its layers; `null`: nothing does, or it is not known. */
export function gainingProgram(container: ContainerView, settings: FixSettings): string | null {
  const { known, replacesEntryPoint, replacesCommand } = serviceOf(container, settings);
  if (known.facts === null || replacesEntryPoint || replacesCommand) return null;
  const carried = (startedCapabilities(known.facts, servedFile) ?? []).filter(one => one !== 'NET_BIND_SERVICE');
  return startsSetuid(known.facts) || carried.length > 0 ? (known.facts.files?.starts.at(-1)?.value?.path ?? null) : null;
}

/** The port below 1024 that a container is to open as a user by NET_BIND_SERVICE, which then is a capability of its program's file; `null`: none. */
export function portByFile(container: ContainerView): number | null {
  const isUser = runAsNonRoot(container)?.value === true || (runAsUser(container)?.value ?? 0) > 0;
  const isGiven = capabilities(container, 'add').items.some(({ name }) => /^(?:CAP_)?NET_BIND_SERVICE$/.test(name));
  if (!isUser || !isGiven) return null;
  return (
    container.ports.find(({ containerPort }) => containerPort !== null && containerPort > 0 && containerPort < 1024)?.containerPort ?? null
  );
}

/** What shows that a container starts a setuid program: its image, or a command. `gaining`: what `gainingProgram` gives. */
export function escalationEvidence(container: ContainerView, gaining: string | null): Assumption | null {
  const { image, command, args } = container;
  const rootless = image && /(?:^|[/:_.-])(?:rootless|buildkit|buildah|podman)(?:$|[/:_.-])/.test(image.text) ? image.text : null;
  const told = [...(command ?? []), ...(args ?? [])].flatMap(word => setUserId.exec((stringOf(word) ?? '').slice(0, 10_000)) ?? [])[0];
  const seen = gaining ?? rootless ?? told?.replace(/^[\s;&|(/]/, '');
  return seen === undefined ? null : { id: 'told-set-user-id', data: { container: containerName(container), seen }, evidence: true };
}
