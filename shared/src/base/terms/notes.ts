import type { MessageData } from './types';

/**
 * What a conversion says beside its text. `left-out`: something of the input has no counterpart, or none that is sure. `changed`: it is written in
 * another way that may matter. `to-do`: somebody has to fill in or make something before the result runs. `read`: how the input was taken, which is no matter of the result.
 */
export type NoteKind = 'left-out' | 'changed' | 'to-do' | 'read';

/** The kinds that a result tells of in comments, in their order, each with the line above them. */
export const noteKinds: readonly { readonly kind: NoteKind; readonly title: string }[] = [
  { kind: 'to-do', title: 'To do:' },
  { kind: 'changed', title: 'Written otherwise:' },
  { kind: 'left-out', title: 'Left out:' },
];

interface NoteText {
  readonly kind: NoteKind;
  /** English, with `{name}` places; no final full stop. */
  readonly text: string;
}

const leftOut = (text: string): NoteText => ({ kind: 'left-out', text });
const changed = (text: string): NoteText => ({ kind: 'changed', text });
const read = (text: string): NoteText => ({ kind: 'read', text });
const toDo = (text: string): NoteText => ({ kind: 'to-do', text });

/** Every note by its id. The list is closed: it is part of the JSON contract. */
export const noteTexts = {
  // how the input was read
  joined: read(
    'the line that begins with "{text}" was read as part of the command above, although the line before it does not end with a backslash',
  ),
  typography: read('typographic quotes, dashes or spaces were read as plain shell characters'),
  'windows-path': read('{what} was read as a Windows path; a Unix shell would remove its backslashes'),
  placeholder: toDo('{what}: fill in the real value'),
  continuation: read('spaces or a comment after a backslash were removed: with them the command cannot run'),
  unread: leftOut('{what}: only the shell knows what this expands to'),
  invalid: toDo('{what}: the engine and Compose reject this value; fill in one that they accept'),
  other: leftOut('{what} is a separate command'),
  around: leftOut('{what} belongs to the surrounding shell, not to the command'),
  engine: leftOut('{what} selects the engine; pass this option to the command that starts the converted services'),
  // options of a command that Compose has no key for
  detach: leftOut('{what}: start the service with "docker compose up -d"'),
  foreground: leftOut('{what} applies to the terminal of a single run, not to the service'),
  remove: leftOut('{what}: Compose keeps a container until "docker compose down"; "docker compose run --rm" removes it'),
  created: leftOut('{what}: "docker compose create" creates the container without starting it'),
  'publish-all': leftOut('{what}: the ports that the image exposes are not known here; list them under "ports"'),
  'no-key': leftOut('{what} has no counterpart in Compose'),
  'mount-option': leftOut('{what}: the mount option "{option}" has no counterpart'),
  'mounted-over': leftOut('{what} hides the volume or folder that is mounted at {target}'),
  'host-ports': leftOut('{what} has no effect in network mode "{mode}"'),
  'own-engine': leftOut('{what}: only Podman supports this option'),
  empty: leftOut('{what} is empty and sets nothing'),
  // of a Compose file
  substitution: toDo('{what}: the shell would run this command; set {name} to the output of the command'),
  variable: toDo('{what}: set {name} in the environment or in a .env file'),
  secret: toDo('{what}: the value is a secret and is not written here; set {name} in the environment, or in a .env file that Git ignores'),
  'external-network': toDo('{what}: create it first with "docker network create {name}", unless it already exists'),
  'external-link': changed('{what}: the linked container must be on one of the networks of this service'),
  'other-container': toDo('{what}: the container named here must exist when the service starts'),
  'renamed-service': changed('{what}: the service is called "{name}", since the original is not a valid service name'),
  // of a manifest
  base: leftOut('{what} refers to a file that was not read; the settings from that file are missing here'),
  fill: toDo('{what}: fill in the value of {name}'),
  'config-map-keys': toDo('{what}: run kubectl create configmap {name} {keys}'),
  'secret-keys': toDo(
    '{what} must contain {keys}; run kubectl create secret generic {name} --from-env-file=FILE, with a file of NAME=value lines',
  ),
  'env-file': toDo('{what}: run kubectl create secret generic {name} --from-env-file={file}'),
  'config-files': toDo('{what}: run kubectl create configmap {name} --from-file={file}'),
  'secret-file': toDo('{what}: run kubectl create secret generic {name} --from-file={file}'),
  'config-text': toDo('{what} must be in ConfigMap "{name}" under the key {key}'),
  'external-secret': toDo('{what} must be in Secret "{name}" under the key {key}'),
  claim: toDo('{what} requests {size}, since no size was given; set the size that the data needs'),
  'copied-data': toDo("{what}: a volume replaces the host folder; copy the folder's files into the volume"),
  'host-path': leftOut('{what} is a host path; no pod should need one'),
  'mount-kind': leftOut('{what}: this kind of mount has no counterpart in Kubernetes'),
  'shared-data': changed('{what}: a volume that several pods share needs access mode ReadWriteMany'),
  'anonymous-volume': changed('{what}: an anonymous volume becomes an emptyDir, which is deleted with the pod'),
  'tmpfs-options': leftOut('{what} has tmpfs options that an emptyDir does not support'),
  'service-type': changed(
    '{what}: the Service is reachable only inside the cluster; an Ingress, a load balancer or "kubectl port-forward" makes it reachable from outside',
  ),
  'free-port': changed('{what}: no host port was given; the Service uses the container port'),
  'no-port': toDo('{what}: no port is known, so no Service is created; other pods cannot reach it by name'),
  'known-port': changed('{what}: the image listens on port {port}, as far as is known'),
  'many-ports': leftOut('{what}: there are more than {limit} ports, so none are written'),
  'user-name': toDo('{what}: Kubernetes accepts only numeric IDs; set the number that the image defines'),
  'group-name': leftOut('{what}: Kubernetes accepts only numeric IDs'),
  build: toDo('{what}: build the image, push it, and fill in its name'),
  'always-restarts': changed('{what}: a Deployment always restarts a container that has exited'),
  'no-init': leftOut('{what}: a pod has no init process; the image must include one (such as tini)'),
  'depends-on': leftOut('{what}: pods start in any order; those that depend on others must wait or retry'),
  'stop-signal': leftOut(
    "{what}: lifecycle.stopSignal was added in Kubernetes 1.33, with a feature gate; if it is not available, the image's stop signal applies",
  ),
  'pids-limit': leftOut('{what}: the kubelet sets the process limit (podPidsLimit) for every pod on a node'),
  logging: leftOut('{what}: the cluster collects container logs and limits their size'),
  network: leftOut('{what}: pods share one network; a NetworkPolicy controls which pods can reach each other'),
  device: leftOut('{what} needs a device plugin'),
  gpus: changed('{what} requests GPUs from the NVIDIA device plugin: {count}'),
  'seccomp-file': toDo('{what}: put the profile on every node, in the seccomp folder of the kubelet'),
  'security-option': leftOut('{what} has no counterpart in Kubernetes'),
  'host-entry': leftOut('{what}: hostAliases accepts only IP addresses'),
  'label-value': changed('{what} is not a valid label, so it becomes an annotation'),
  'label-lost': leftOut('{what} can be neither a label nor an annotation'),
  'label-secret': leftOut('{what} contains a secret, and anyone who can read the pod can read its labels'),
  'node-platform': changed('{what} becomes a node selector for that platform'),
  profile: leftOut('{what}: Kubernetes has no profiles; leave out what should not run'),
  'container-name': leftOut('{what}: Kubernetes names pods and containers itself'),
  'no-field': leftOut('{what} has no counterpart in Kubernetes'),
  job: changed('{what} becomes a Job, since the command runs once and ends'),
  'one-shot': read('{what} runs once and ends, so only the options that are present were checked'),
} as const satisfies Readonly<Record<string, NoteText>>;

/** One of the notes. */
export type NoteId = keyof typeof noteTexts;

/** A note with what it is about. `what`: as it was written, such as `--rm`. */
export interface Note {
  readonly id: NoteId;
  readonly kind: NoteKind;
  readonly data: MessageData & { readonly what: string };
}

/** Takes notes down, each once. */
export interface Notes {
  add(id: NoteId, what: string, data?: MessageData): void;
  readonly list: readonly Note[];
}

/** An empty list of notes. */
export function createNotes(): Notes {
  const list = new Map<string, Note>();
  return {
    add: (id, what, data = {}) => {
      const note = { id, kind: noteTexts[id].kind, data: { ...data, what } };
      list.set(JSON.stringify([id, note.data]), note);
    },
    get list() {
      return [...list.values()];
    },
  };
}
