import { reason } from '../../base/terms/evidence';
import { memoizeFor } from '../../base/text/memoize';
import { evidenceOf } from '../../evidence/evidence';
import type { Evidence } from '../../evidence/testimony';
import { builtImage, ofPlatform, pulledImage, unknown } from '../../evidence/known-image';
import { plainService, type DeclaredDoubt, type Service, type ServiceMount } from '../../evidence/service';
import { findRuntimeSocket } from '../../knowledge/host-paths';
import { trialPlaceOf } from '../../evidence/trial-place';
import type { TrialPlace } from '../../knowledge/trials';
import type { WorkspaceIndex } from '../../workspace/types';
import type { ContainerOptions, Setting } from './types';

/** What an engine is told to run, as evidence asks for it: a service of Compose, a `docker run` line. */
export function serviceOf(container: ContainerOptions, { workspace }: { readonly workspace: WorkspaceIndex }): Service {
  return serviceIn(container, workspace);
}

/** What a trial of a container is about; `null`: none is made of it. */
export function trialOfContainer(container: ContainerOptions, context: { readonly workspace: WorkspaceIndex }): TrialPlace | null {
  return trialPlaceOf(serviceOf(container, context), container.reportRange, context.workspace);
}

/** What a container needs to run. */
export function evidenceFor(container: ContainerOptions, context: { readonly workspace: WorkspaceIndex }): Evidence {
  return evidenceOf(serviceOf(container, context), context);
}

const serviceIn = memoizeFor((container: ContainerOptions, workspace: WorkspaceIndex): Service => {
  const [stage = null] = container.builds(workspace);
  const { image, isBuilt } = container;
  const entrypoint = container.list('entrypoint').items;
  const args = container.list('args').items;
  const environment = container.list('env').items.flatMap(({ value }) => value ?? []);
  // images of linuxserver.io and those like them are told by these as whom they go on
  const changesUser = environment.some(({ name }) => name === 'PUID' || name === 'S6_KEEP_ENV');
  const pulled =
    isBuilt || image?.text == null ? null : pulledImage(image.text, ofPlatform(workspace, container.get('platform')?.value ?? null));
  const words = [entrypoint, args].flatMap(wordsOf);
  return {
    // engines open low ports to everybody, and new volumes take over whose the folders of the image are
    ...plainService,
    memo: new Map(),
    platform: 'engine',
    name: container.name,
    image: image && {
      text: image.text,
      name: image.name ?? null,
      reference: image.reference?.invalid === null ? image.reference : null,
    },
    known: stage ? builtImage(stage, workspace) : (pulled ?? unknown),
    isBuilt,
    words,
    replacesEntryPoint: entrypoint.some(({ value }) => value !== null),
    replacesCommand: entrypoint.some(({ value }) => value !== null) || args.length > 0,
    user: container.get('user'),
    environment: environment.filter(({ name }) => name !== ''),
    workdir: container.get('workingDir')?.value ?? null,
    mounts: mountsOf(container),
    hasOwnVolumes: container.edit.keep([]) !== null,
    hasMoreMounts: container.list('mounts').items.some(({ value }) => value?.target == null),
    guardsLowPorts: container.guardsLowPorts === true || container.get('network')?.value === 'host',
    doubts: userDoubts(container),
    needsRoot: changesUser ? [{ reason: reason('drops-by-variable'), runs: false }] : [],
    trial:
      container.purpose === 'service'
        ? { name: container.name, user: container.get('user')?.text ?? null, options: () => optionsOf(container) }
        : null,
  };
});

/** The words of a command, variables as they are written: one that is text as a whole is what a shell would read. */
function wordsOf(items: readonly Setting<string>[]): readonly string[] {
  const [only] = items;
  if (items.length === 1 && only!.value === null && only!.text !== null) return ['sh', '-c', only!.text];
  return items.flatMap(({ value, text }) => value ?? text ?? []);
}

/** What is given to a container and only root can use. */
function userDoubts(container: ContainerOptions): readonly DeclaredDoubt[] {
  const mounts = container.list('mounts').items;
  const capability = container.list('capAdd').items.find(({ value }) => value !== null && value !== 'NET_BIND_SERVICE')?.value;
  const given = [
    mounts.some(({ value }) => findRuntimeSocket(value?.source ?? '') !== null) ? reason('runtime-socket') : null,
    capability == null ? null : reason('adds-capability', { capability }),
  ];
  return given.flatMap(why => (why === null ? [] : { reason: why, against: ['user'] }));
}

/** What else of a container decides how it runs, of what harden changes nothing where a trial was made. */
const ofTrial = {
  fields: ['network', 'pid', 'ipc', 'uts', 'userns', 'cgroup', 'privileged', 'platform', 'isolation', 'stopSignal', 'noHealthcheck'],
  lists: ['envFiles', 'devices', 'deviceRules', 'sysctls', 'ulimits', 'volumesFrom', 'groupAdd'],
} as const;

const optionsOf = (container: ContainerOptions): readonly unknown[] => [
  container.runtime,
  ofTrial.fields.map(field => container.get(field)?.text ?? null),
  ofTrial.lists.map(field => container.list(field).items.map(({ text }) => text)),
  container.buildText?.() ?? null,
];

function mountsOf(container: ContainerOptions): readonly ServiceMount[] {
  const mounts = container
    .list('mounts')
    .items.flatMap(({ value }): ServiceMount[] =>
      value?.target == null
        ? []
        : [{ path: value.target, source: value.source, kind: value.kind === 'bind' ? 'host' : value.kind, readOnly: value.readOnly }],
    );
  const temporary = container
    .list('tmpfs')
    .items.flatMap(({ value }): ServiceMount[] =>
      value?.target == null ? [] : [{ path: value.target, source: null, kind: 'memory', readOnly: false }],
    );
  return [...mounts, ...temporary];
}
