import { capabilities, containerFlag, effectiveSetting } from '../../../families/kubernetes/model/security';
import type { ContainerView, VolumeView } from '../../../families/kubernetes/model/types';
import { mayChange } from '../../../syntax/yaml/certainty';
import type { YamlMap, YamlNode } from '../../../syntax/yaml/types';
import { booleanOf, mapOf, numberOf, resolve, sequenceOf, stringOf, type StringMap } from '../../../syntax/yaml/values';
import type { Range } from '../../../base/text/range';
import type { CannotReason } from '../contract';
import { addMount, refuse, setImage, setUser, setVariable, setWorkdir, takeCapability, takeWords, type Draft } from './draft';
import { isSecretVariable } from './substitutes';

/** What the fields of a container are read with. */
export interface ContainerReading {
  readonly draft: Draft;
  readonly place: (node: YamlNode | null | undefined) => Range | null;
  readonly volumes: ReadonlyMap<string, VolumeView>;
  /** What the ConfigMaps of the same file hold, by their names. */
  readonly settings: ReadonlyMap<string, StringMap>;
}

type Field = (container: ContainerView, value: YamlNode, reading: ContainerReading, name: string) => void;

const leftOut: Field = (_, __, { draft }, name) => void draft.leftOut.add(name);
const refused =
  (reason: CannotReason): Field =>
  (_, value, { draft, place }, name) => {
    if (!(sequenceOf(value)?.items.length === 0)) refuse(draft, reason, name, place(value));
  };

/** A text that nothing fills in later; what is none is refused. */
function textIn(value: YamlNode | null | undefined, { draft, place }: ContainerReading, what: string): string | null {
  const text = stringOf(value);
  if (text !== null && !mayChange(value)) return text;
  refuse(draft, 'unclear', what, place(value));
  return null;
}

/** The items of a list, with the variables of the container filled in as the kubelet does. */
function wordsIn(value: YamlNode, reading: ContainerReading, what: string): readonly string[] | null {
  const { draft, place } = reading;
  const items = sequenceOf(value)?.items;
  if (!items) {
    refuse(draft, 'unclear', what, place(value));
    return null;
  }
  const words = items.map(item => textIn(item, reading, what) ?? '');
  return takeWords(
    draft,
    what,
    words.map(word => expanded(word, draft)),
    place(value),
  );
}

/** `$(NAME)` is what the variable of the name has; `$$` in front of a parenthesis is a dollar (k8s.io/kubernetes third_party/forked/golang/expansion). */
function expanded(text: string, { environment }: Draft): string {
  return text.replace(/\$\$|\$\(([A-Za-z_][\w.-]{0,255})\)/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (environment.get(name)?.text ?? whole),
  );
}

const words =
  (set: 'entrypoint' | 'command'): Field =>
  (_, value, reading, name) => {
    const list = wordsIn(value, reading, name);
    if (list && list.length > 0) reading.draft[set] = list;
  };

const environment: Field = ({ env, node }, value, reading) => {
  const { draft, place } = reading;
  if (sequenceOf(value)?.items.length !== env.length) refuse(draft, 'unclear', 'env', place(node.get('env')));
  for (const { name, node: item, value: text, valueNode } of env) {
    const from = mapOf(item.get('valueFrom'));
    if (from) takeReference(name, from, reading);
    else if (mayChange(valueNode)) {
      // what another tool fills in
      if (isSecretVariable(name)) setVariable(draft, name, { text: draft.substitutes.of(name), isStandIn: true }, place(item));
      else refuse(draft, 'unclear', `env ${name}`, place(item));
    } else setVariable(draft, name, { text: expanded(text ?? '', draft), isStandIn: false }, place(item));
  }
};

/** What the downward API says of a pod, for a pod that is in no cluster. */
const downward: Readonly<Record<string, string>> = {
  'metadata.namespace': 'default',
  'metadata.uid': '00000000-0000-4000-8000-000000000000',
  'spec.nodeName': 'node',
  'spec.serviceAccountName': 'default',
  'status.hostIP': '127.0.0.1',
  'status.podIP': '127.0.0.1',
  'status.podIPs': '127.0.0.1',
};

function takeReference(name: string, from: YamlMap, { draft, place, settings }: ContainerReading): void {
  const secret = mapOf(from.get('secretKeyRef'));
  const field = stringOf(mapOf(from.get('fieldRef'))?.get('fieldPath'));
  const known = field === 'metadata.name' ? draft.name : field !== null && Object.hasOwn(downward, field) ? downward[field]! : null;
  const key = stringOf(secret?.get('key')) ?? '';
  const map = mapOf(from.get('configMapKeyRef'));
  const setting = settings.get(stringOf(map?.get('name')) ?? '')?.get(stringOf(map?.get('key')) ?? '');
  if (setting && !mayChange(setting.node)) return setVariable(draft, name, { text: setting.value, isStandIn: false }, place(from));
  if (secret && (isSecretVariable(name) || isSecretVariable(key))) {
    const text = draft.substitutes.of(`${stringOf(secret.get('name')) ?? ''}/${key}`);
    setVariable(draft, name, { text, isStandIn: true }, place(from));
  } else if (known !== null) setVariable(draft, name, { text: known, isStandIn: true }, place(from));
  else refuse(draft, secret ? 'needs-secret' : 'not-here', `env ${name}`, place(from));
}

const environmentFrom: Field = (_, value, { draft, place, settings }) => {
  for (const item of sequenceOf(value)?.items ?? []) {
    const secret = mapOf(mapOf(item)?.get('secretRef'));
    const source = secret ?? mapOf(mapOf(item)?.get('configMapRef'));
    const known = secret ? undefined : settings.get(stringOf(source?.get('name')) ?? '');
    const prefix = stringOf(mapOf(item)?.get('prefix')) ?? '';
    if (known && ![...known.values()].some(({ node }) => mayChange(node))) {
      // what `env` says wins
      for (const [key, { value: text }] of known)
        if (!draft.environment.has(prefix + key)) setVariable(draft, prefix + key, { text, isStandIn: false }, place(item));
    } else if (booleanOf(source?.get('optional')) === true) draft.leftOut.add('envFrom');
    else refuse(draft, secret ? 'needs-secret' : 'not-here', `envFrom ${stringOf(source?.get('name')) ?? ''}`, place(item));
  }
};

/** Volumes that come with the pod and are empty at first; a claim is answered by an empty one. */
const empty = new Set(['emptyDir', 'persistentVolumeClaim', 'ephemeral']);
const otherVolumes: Readonly<Record<string, CannotReason>> = { hostPath: 'needs-host', secret: 'needs-secret', projected: 'needs-secret' };

const mounts: Field = ({ mounts: all, node }, value, { draft, place, volumes }) => {
  if (sequenceOf(value)?.items.length !== all.length) refuse(draft, 'unclear', 'volumeMounts', place(node.get('volumeMounts')));
  for (const { volume: name, mountPath, readOnly, subPath, node: item } of all) {
    const volume = name === null ? undefined : volumes.get(name);
    const range = place(item);
    if (mountPath === null || subPath !== null || mayChange(item.get('mountPath')) || item.get('mountPropagation')) {
      refuse(draft, 'unclear', `volumeMounts ${name ?? ''}`, range);
      continue;
    }
    // a claim that a StatefulSet makes for each of its pods is not among the volumes
    const type = volume ? (volume.type ?? 'emptyDir') : 'persistentVolumeClaim';
    if (!empty.has(type))
      refuse(draft, Object.hasOwn(otherVolumes, type) ? otherVolumes[type]! : 'not-here', `${type} ${name ?? ''}`, range);
    else {
      if (type !== 'emptyDir') draft.leftOut.add(`${type} ${name ?? ''}`);
      addMount(draft, { path: mountPath, kind: 'memory', readOnly }, range);
    }
  }
};

const ports: Field = ({ ports: all }, _, { draft }) => {
  if (all.some(({ hostPort }) => hostPort !== null)) draft.leftOut.add('hostPort');
  for (const { containerPort, protocol } of all)
    if (containerPort !== null && protocol === 'TCP' && draft.ports.size < 100) draft.ports.add(containerPort);
};

/** A probe that runs a command is the health check; the others ask a port, as a trial does anyway. */
const probe: Field = (_, value, reading, name) => {
  const exec = mapOf(mapOf(value)?.get('exec'))?.get('command');
  const { draft } = reading;
  // that a container is ready says more than that it lives
  if (exec && (draft.health === null || name === 'readinessProbe')) draft.health = wordsIn(exec, reading, name);
};

const lifecycle: Field = (_, value, { draft, place }) => {
  for (const { name, value: hook } of mapOf(value)?.members() ?? []) {
    if (name === 'preStop') draft.leftOut.add('preStop');
    else refuse(draft, 'unclear', name, place(hook));
  }
};

const securityFields = new Set(
  'runAsUser runAsGroup runAsNonRoot readOnlyRootFilesystem allowPrivilegeEscalation capabilities privileged procMount seccompProfile appArmorProfile'.split(
    ' ',
  ),
);

function takeSecurity(container: ContainerView, { draft, place }: ContainerReading): void {
  for (const { name, value } of container.securityContext?.members() ?? []) {
    const at = resolve(value);
    if (at === null || (at.kind === 'scalar' && at.value === null)) continue;
    if (mayChange(value)) refuse(draft, 'unclear', name, place(value));
    else if (!securityFields.has(name)) refuse(draft, 'needs-host', name, place(value));
  }
  const privileged = containerFlag(container, 'privileged');
  if (privileged && privileged.value !== false) refuse(draft, 'needs-host', 'privileged', place(privileged.node));
  const mask = stringOf(container.securityContext?.get('procMount'));
  if (mask !== null && mask !== 'Default')
    refuse(draft, 'needs-host', `procMount ${mask}`, place(container.securityContext?.get('procMount')));
  for (const field of ['seccompProfile', 'appArmorProfile'] as const) {
    const profile = effectiveSetting(container, [field], node => stringOf(mapOf(node)?.get('type')));
    if (profile && profile.value !== 'RuntimeDefault') refuse(draft, 'needs-host', `${field} ${profile.value ?? ''}`, place(profile.node));
  }
  const [user, group] = (['runAsUser', 'runAsGroup'] as const).map(field => effectiveSetting(container, [field], numberOf));
  if (user && user.value === null) refuse(draft, 'unclear', 'runAsUser', place(user.node));
  if (group && (group.value === null || !user)) refuse(draft, 'unclear', 'runAsGroup', place(group.node));
  if (user?.value != null) setUser(draft, group?.value != null ? `${user.value}:${group.value}` : String(user.value), place(user.node));
  draft.readOnly = containerFlag(container, 'readOnlyRootFilesystem')?.value === true;
  draft.noNewPrivileges = containerFlag(container, 'allowPrivilegeEscalation')?.value === false;
  for (const { name, node } of capabilities(container, 'add').items) takeCapability(draft, 'added', name, place(node));
  for (const { name, node } of capabilities(container, 'drop').items) takeCapability(draft, 'dropped', name, place(node));
}

/** What each field of a container comes to. Whatever is not here is refused, with its name. */
export const containerFields: Readonly<Record<string, Field>> = {
  // first: commands and probes have variables in them
  env: environment,
  args: words('command'),
  command: words('entrypoint'),
  envFrom: environmentFrom,
  image: (_, value, reading) => {
    const text = textIn(value, reading, 'image');
    if (text !== null) setImage(reading.draft, text, reading.place(value));
  },
  imagePullPolicy: leftOut,
  lifecycle,
  livenessProbe: probe,
  name: () => {},
  ports,
  readinessProbe: probe,
  resizePolicy: leftOut,
  resources: leftOut,
  // of a sidecar, which is started as any other
  restartPolicy: leftOut,
  // together with what it inherits
  securityContext: () => {},
  startupProbe: probe,
  stdin: leftOut,
  stdinOnce: leftOut,
  terminationMessagePath: leftOut,
  terminationMessagePolicy: leftOut,
  tty: leftOut,
  volumeDevices: refused('needs-host'),
  volumeMounts: mounts,
  workingDir: (_, value, reading) => {
    const text = textIn(value, reading, 'workingDir');
    if (text !== null && text !== '') setWorkdir(reading.draft, text, reading.place(value));
  },
};

/** Takes over what a container of a pod says, field by field. */
export function readContainer(container: ContainerView, reading: ContainerReading): void {
  const { draft, place } = reading;
  const { node } = container;
  for (const [name, field] of Object.entries(containerFields)) {
    const value = resolve(node.get(name));
    if (value !== null && !(value.kind === 'scalar' && value.value === null)) field(container, value, reading, name);
  }
  for (const { name, value } of node.members()) if (!Object.hasOwn(containerFields, name)) refuse(draft, 'unclear', name, place(value));
  takeSecurity(container, reading);
}
