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
  joined: read('a line that begins with "{text}" was taken for the rest of the command above, although no backslash leads to it'),
  typography: read('quotes, dashes or blanks of a word processor were taken for those of a shell'),
  'windows-path': read('{what}: was taken for a path of Windows; a shell of Unix would take its backslashes away'),
  placeholder: toDo('{what}: put in what it stands for'),
  continuation: read('blanks or a comment behind a backslash were taken away: with them the command cannot run'),
  unread: leftOut('{what}: what this becomes is known to the shell alone'),
  invalid: toDo('{what}: the engine and Compose refuse this value; put in one that they take'),
  other: leftOut('{what}: is another command'),
  around: leftOut('{what}: belongs to the shell around the command'),
  engine: leftOut('{what}: says which engine runs it; give it to the client that starts the result'),
  // options of a command that Compose has no key for
  detach: leftOut('{what}: start with "docker compose up -d"'),
  foreground: leftOut('{what}: it is about the terminal of one start, and no part of a service'),
  remove: leftOut('{what}: Compose keeps a container until "docker compose down"; "docker compose run --rm" removes it'),
  created: leftOut('{what}: "docker compose create" makes the container without starting it'),
  'publish-all': leftOut('{what}: which ports the image exposes is not known here; list them under "ports"'),
  'no-key': leftOut('{what}: has no counterpart'),
  'mount-option': leftOut('{what}: the option "{option}" of a mount has no counterpart'),
  'mounted-over': leftOut('{what}: hides the volume or folder that is mounted at {target}, too'),
  'host-ports': leftOut('{what}: has no effect with the network mode "{mode}"'),
  'own-engine': leftOut('{what}: Podman alone has it'),
  empty: leftOut('{what}: is empty and says nothing'),
  // of a Compose file
  substitution: toDo('{what}: the shell would run it; set {name} to what comes of it'),
  variable: toDo('{what}: set {name} in the environment or in a file .env'),
  secret: toDo('{what}: the value is a secret and is not written here; set {name} in the environment, or in a file .env that Git ignores'),
  'external-network': toDo('{what}: create it first with "docker network create {name}", unless it exists'),
  'external-link': changed('{what}: the other container has to be in a network of this service'),
  'other-container': toDo('{what}: the container has to exist when the service starts'),
  'renamed-service': changed('{what}: the service is called "{name}", since the name holds what a service may not'),
  // of a manifest
  base: leftOut('{what}: comes from a file that was not read; what it says is missing here'),
  fill: toDo('{what}: put in what {name} stands for'),
  'config-map-keys': toDo('{what}: kubectl create configmap {name} {keys}'),
  'secret-keys': toDo(
    '{what}: has to hold {keys}; kubectl create secret generic {name} --from-env-file=FILE, with a file of NAME=value lines',
  ),
  'env-file': toDo('{what}: kubectl create secret generic {name} --from-env-file={file}'),
  'config-files': toDo('{what}: kubectl create configmap {name} --from-file={file}'),
  'secret-file': toDo('{what}: kubectl create secret generic {name} --from-file={file}'),
  'config-text': toDo('{what}: has to be in ConfigMap "{name}" under the key {key}'),
  'external-secret': toDo('{what}: has to be in Secret "{name}" under the key {key}'),
  claim: toDo('{what}: asks for {size}, which nobody said; set what the data needs'),
  'copied-data': toDo('{what}: a volume takes the place of a folder of the host; copy its files there'),
  'host-path': leftOut('{what}: a path of the host; no pod should need one'),
  'mount-kind': leftOut('{what}: such a mount has no counterpart in Kubernetes'),
  'shared-data': changed('{what}: a volume that several pods share needs the access mode ReadWriteMany'),
  'anonymous-volume': changed('{what}: an anonymous volume becomes an emptyDir, which ends with the pod'),
  'tmpfs-options': leftOut('{what}: options of a tmpfs that an emptyDir does not have'),
  'service-type': changed(
    '{what}: the Service is reached inside the cluster alone; an Ingress, a load balancer or "kubectl port-forward" leads to it from outside',
  ),
  'free-port': changed('{what}: no port of the host was given; the Service has the port of the container'),
  'no-port': toDo('{what}: no port is known, so there is no Service; others cannot reach it by its name'),
  'known-port': changed('{what}: port {port} is what the image listens on, as far as is known'),
  'many-ports': leftOut('{what}: of more than {limit} ports none is written'),
  'user-name': toDo('{what}: Kubernetes takes numbers alone; the image says which number it is'),
  'group-name': leftOut('{what}: Kubernetes takes numbers alone'),
  build: toDo('{what}: build the image, push it, and put its name in'),
  'always-restarts': changed('{what}: a Deployment always starts a container that ended again'),
  'no-init': leftOut('{what}: a pod has no init process; the image has to bring one (tini)'),
  'depends-on': leftOut('{what}: pods start in any order; what needs another has to wait for it, or try again'),
  'stop-signal': leftOut('{what}: lifecycle.stopSignal exists since Kubernetes 1.33, behind a gate; else the image decides'),
  'pids-limit': leftOut('{what}: the kubelet limits processes (podPidsLimit), for every pod of a node'),
  logging: leftOut('{what}: the cluster collects what a container prints, and limits its size'),
  network: leftOut('{what}: pods share one network; a NetworkPolicy says who reaches whom'),
  device: leftOut('{what}: needs a device plugin'),
  gpus: changed('{what}: asks the device plugin of NVIDIA for {count}'),
  'seccomp-file': toDo('{what}: put the profile on every node, below the seccomp folder of the kubelet'),
  'security-option': leftOut('{what}: has no counterpart in Kubernetes'),
  'host-entry': leftOut('{what}: hostAliases takes addresses alone'),
  'label-value': changed('{what}: is no valid label, so it is an annotation'),
  'label-lost': leftOut('{what}: can be neither a label nor an annotation'),
  'label-secret': leftOut('{what}: holds a secret, and everybody who reads the pod reads its labels'),
  'node-platform': changed('{what}: chooses nodes of that kind'),
  profile: leftOut('{what}: Kubernetes has no profiles; leave out what should not run'),
  'container-name': leftOut('{what}: Kubernetes names pods and containers itself'),
  'no-field': leftOut('{what}: has no counterpart in Kubernetes'),
  job: changed('{what}: is a Job, since the command runs once and ends'),
  'one-shot': read('{what}: runs once and ends, so that only what is written was judged'),
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
