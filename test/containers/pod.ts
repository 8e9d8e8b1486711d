import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageFacts, podman, prefix, scratch, usualCapabilities } from './engine';
import { environmentOf, expand, type ContainerSpec, type Pod, type Volume } from './manifest';

/**
 * Starts a pod as a kubelet does, as far as it matters to a hardened container: podman 4.3 itself (`podman kube play`) leaves fsGroup out, and
 * mounts a tmpfs on /run and /tmp of a read-only root.
 *
 * An emptyDir is a folder of root and of the fsGroup; a claim is a folder that stays, and gets its group on every start. Volumes of the image
 * are not mounted, as CRI-O does not. Ports below 1024 need root or a sysctl, as CRI-O and containerd 1 have it.
 */
export interface RunningContainer {
  /** Of podman. */
  readonly name: string;
  readonly spec: Pick<ContainerSpec, 'name' | 'livenessProbe' | 'readinessProbe'>;
  /** The pod's volumes that it mounts, by path. */
  readonly mounts: readonly string[];
}

/** Where a claim of a run lives: a trial on the volumes of an earlier one gives the same key. */
const claimFolder = (key: string, claim: string): string => join(scratch, 'claims', key, claim);

/** Gives a volume to a group, as the kubelet does on every start. */
function giveToGroup(path: string, gid: number): void {
  const { uid, mode } = lstatSync(path);
  if (lstatSync(path).isSymbolicLink()) return;
  const folder = lstatSync(path).isDirectory();
  chownSync(path, uid, gid);
  chmodSync(path, (mode & 0o7777) | (folder ? 0o2770 : 0o660));
  if (folder) for (const name of readdirSync(path)) giveToGroup(join(path, name), gid);
}

/** Makes the folder of a volume, and gives its path and whether it is only read. */
function volumeFolder(volume: Volume, pod: Pod, key: string, place: string): { readonly path: string; readonly readOnly: boolean } {
  const gid = pod.spec.securityContext?.fsGroup;
  if (volume.configMap || volume.secret) {
    const path = join(place, volume.name);
    mkdirSync(path, { recursive: true });
    const entries = volume.configMap ? pod.entries('ConfigMap', volume.configMap.name) : pod.entries('Secret', volume.secret!.secretName);
    for (const [name, text] of Object.entries(entries)) writeFileSync(join(path, name), text, { mode: 0o644 });
    return { path, readOnly: true };
  }
  const claim = volume.persistentVolumeClaim;
  const path = claim ? claimFolder(key, claim.claimName) : join(place, volume.name);
  if (!existsSync(path)) {
    mkdirSync(path, { recursive: true });
    // A fresh file system is root's alone; an emptyDir is everybody's.
    chmodSync(path, claim ? 0o755 : 0o777);
  }
  if (gid !== undefined) giveToGroup(path, gid);
  return { path, readOnly: false };
}

/** Why a kubelet would not start a container: it cannot tell that it is not root. */
function refusal(spec: ContainerSpec, pod: Pod, imageUser: string): string | null {
  const own = { ...pod.spec.securityContext, ...spec.securityContext };
  if (!own.runAsNonRoot) return null;
  if (own.runAsUser === 0) return 'runAsNonRoot contradicts runAsUser: 0';
  if (own.runAsUser !== undefined) return null;
  const user = imageUser.split(':')[0]!;
  if (user === '' || user === '0' || user === 'root') return 'runAsNonRoot, and the image runs as root';
  return /^\d+$/.test(user) ? null : `runAsNonRoot, and the image has a user whose number is not known (${user})`;
}

/** The options of podman that a container's part of a manifest stands for. */
function optionsOf(spec: ContainerSpec, pod: Pod, image: string): string[] {
  const own = { ...pod.spec.securityContext, ...spec.securityContext };
  const { fsGroup, supplementalGroups = [] } = pod.spec.securityContext ?? {};
  const options: string[] = ['--image-volume', 'ignore'];
  const user = own.runAsUser ?? (own.runAsGroup === undefined ? null : imageFacts(image).user || '0');
  if (user !== null) options.push('--user', own.runAsGroup === undefined ? `${user}` : `${String(user).split(':')[0]}:${own.runAsGroup}`);
  for (const gid of [...(fsGroup === undefined ? [] : [fsGroup]), ...supplementalGroups]) options.push('--group-add', `${gid}`);
  if (own.readOnlyRootFilesystem) options.push('--read-only', '--read-only-tmpfs=false');
  if (own.allowPrivilegeEscalation === false) options.push('--security-opt', 'no-new-privileges');
  if (own.seccompProfile?.type !== 'RuntimeDefault') options.push('--security-opt', 'seccomp=unconfined');
  if (own.privileged) options.push('--privileged');
  const { add = [], drop = [] } = own.capabilities ?? {};
  // Not by adding to nothing: what podman is told to add, another user than root has from the start, which no runtime of Kubernetes does.
  for (const name of usualCapabilities)
    if ((drop.includes('ALL') || drop.includes(name)) && !add.includes(name)) options.push('--cap-drop', name);
  for (const name of add) if (!usualCapabilities.includes(name)) options.push('--cap-add', name);
  return options;
}

/** A pod that has been started, or why it was not. */
export interface StartedPod {
  readonly containers: readonly RunningContainer[];
  readonly problem: string | null;
}

/** How a pod is started. */
export interface PodStart {
  /** Gives the image to start for one that the manifest names. */
  readonly imageFor: (image: string) => string;
  /** Names the claims: pods with the same word share them. */
  readonly volumes: string;
  /** Part of the names of its containers. */
  readonly title: string;
  /** Whether an init stands before the programs, as `shareProcessNamespace` gives one. */
  readonly init: boolean;
}

/** Starts a pod: its init containers one by one, then the others. */
export function startPod(pod: Pod, { imageFor, volumes: key, title, init }: PodStart): StartedPod {
  const place = join(scratch, 'pods', title);
  const volumes = new Map((pod.spec.volumes ?? []).map(volume => [volume.name, volumeFolder(volume, pod, key, place)]));
  const running: RunningContainer[] = [];
  const stop = (problem: string): StartedPod => ({ containers: running, problem });
  const sysctls = (pod.spec.securityContext?.sysctls ?? []).flatMap(({ name, value }) => ['--sysctl', `${name}=${value}`]);

  const start = (spec: ContainerSpec, wait: boolean): string | null => {
    const image = imageFor(spec.image);
    const refused = refusal(spec, pod, imageFacts(image).user);
    if (refused !== null) return `container ${spec.name}: the kubelet refuses it: ${refused}`;
    const name = `${prefix}-${title}-${spec.name}`;
    const environment = environmentOf(spec, pod);
    const mounts = spec.volumeMounts ?? [];
    const network = running.length === 0 || wait ? ['--network', 'none', ...sysctls] : ['--network', `container:${running[0]!.name}`];
    const options = [...network, ...(init ? ['--init'] : []), ...optionsOf(spec, pod, image)];
    for (const [variable, value] of Object.entries(environment)) options.push('--env', `${variable}=${value}`);
    for (const mount of mounts) {
      const volume = volumes.get(mount.name);
      if (!volume) return `container ${spec.name}: there is no volume ${mount.name}`;
      const folder = mount.subPath === undefined ? volume.path : join(volume.path, mount.subPath);
      if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
      options.push('--volume', `${folder}:${mount.mountPath}${volume.readOnly || mount.readOnly ? ':ro' : ''}`);
    }
    if (spec.workingDir !== undefined) options.push('--workdir', spec.workingDir);
    const args = (spec.args ?? []).map(word => expand(word, environment));
    const command = (spec.command ?? []).map(word => expand(word, environment));
    // Kubernetes' command takes the place of ENTRYPOINT and CMD.
    if (command.length > 0) options.push('--entrypoint', JSON.stringify(command));
    const { code, err } = podman(['run', wait ? '--pull=never' : '--detach', '--pull=never', '--name', name, ...options, image, ...args]);
    if (code !== 0) return `container ${spec.name} does not start: ${err.trim().split('\n').slice(-3).join(' | ')}`;
    if (!wait)
      running.push({ name, spec, mounts: mounts.filter(mount => !volumes.get(mount.name)?.readOnly).map(mount => mount.mountPath) });
    return null;
  };

  for (const spec of pod.spec.initContainers ?? []) {
    const problem = start(spec, spec.restartPolicy !== 'Always');
    if (problem !== null) return stop(problem);
  }
  for (const spec of pod.spec.containers) {
    const problem = start(spec, false);
    if (problem !== null) return stop(problem);
  }
  return { containers: running, problem: running.length > 0 ? null : 'the pod has no container' };
}
