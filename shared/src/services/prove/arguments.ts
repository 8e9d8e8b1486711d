import { parseImageReference } from '../../syntax/image/reference';
import type { TrialBuild, TrialContainer, TrialFolder, TrialMount, TrialSettings, TrialSubject } from './contract';
import { defaultCapabilities, isHostName, isMountPath } from './subject/draft';

/** The programs that trials are run with. */
export type TrialEngine = 'docker' | 'podman';

/** The label that everything of a trial bears, with its nonce. */
export const trialLabel = 'bulkhead.trial';

/** The network of a container: closed, or that of the one which was started first. */
export type TrialNetwork =
  | { readonly kind: 'closed' }
  /** `pid`: of the process that holds the network. After the start it has to be alive still, or the container joined another's. */
  | { readonly kind: 'joined'; readonly id: string; readonly pid: number };

/** What a start is called, and what it is started from. */
export interface TrialNames {
  /** Random, of hex digits: it is in every name and label of the trial. */
  readonly nonce: string;
  /** The number of the start: each has fresh volumes. */
  readonly start: number;
  /** Of the container: see `trialName`. */
  readonly container: string;
  /** The id of the image that was found or built, or a reference to it. */
  readonly image: string;
  readonly network: TrialNetwork;
  /** The names of all containers of the trial: see `trialHosts`. */
  readonly hosts: readonly string[];
  /** The user of the image; absent: root. */
  readonly imageUser?: string;
  /** Whether ports below 1024 are open to everyone, as in the networks of Docker and Podman. */
  readonly lowPorts: boolean;
}

/** What no trial goes beyond. */
export interface TrialLimits {
  readonly memoryMegabytes: number;
  readonly cpus: number;
  readonly pids: number;
}

const usualLimits: TrialLimits = { memoryMegabytes: 1024, cpus: 1, pids: 512 };
/** Of a folder in memory that a trial adds, as harden writes it, and of one that the file has. */
const memorySizes = { added: '64m', written: '256m' };
const longestGrace = 120;

/** The name of something that a trial makes. */
export function trialName(nonce: string, part: string): string {
  return `bulkhead-${nonce}-${part}`;
}

/** The names that the containers of a trial reach each other by. */
export function trialHosts({ container, peers }: TrialSubject): readonly string[] {
  if (peers.length === 0) return [];
  return [...new Set([...peers, container].flatMap(({ name, aliases = [] }) => [name, ...aliases]))].filter(isHostName);
}

/** A volume that a start mounts, and is made before. */
export interface TrialVolume {
  readonly name: string;
  readonly path: string;
  readonly readOnly: boolean;
}

/**
 * The volumes of a start, by fresh names. `subject`: mounts of one source are the same volume in all of its containers.
 */
export function volumesOf(
  subject: TrialSubject,
  container: TrialContainer,
  settings: TrialSettings | null,
  { nonce, start }: Pick<TrialNames, 'nonce' | 'start'>,
): readonly TrialVolume[] {
  const containers = [...subject.peers, subject.container];
  const sources = [...new Set(containers.flatMap(({ mounts }) => mounts.flatMap(({ source }) => source ?? [])))];
  const at = containers.findIndex(({ name }) => name === container.name);
  const nameOf = ({ source }: TrialMount, index: number): string =>
    trialName(nonce, source === undefined ? `s${start}-c${at}-v${index}` : `s${start}-v${sources.indexOf(source)}`);
  const written = container.mounts.flatMap((mount, index) =>
    mount.kind === 'volume' ? [{ name: nameOf(mount, index), path: mount.path, readOnly: mount.readOnly }] : [],
  );
  const added = foldersOf(container, settings).flatMap(({ kind, path }, index) =>
    kind === 'volume' ? [{ name: trialName(nonce, `s${start}-c${at}-f${index}`), path, readOnly: false }] : [],
  );
  return [...written, ...added];
}

/** Folders that a trial adds where the file mounts nothing. */
function foldersOf({ mounts }: TrialContainer, settings: TrialSettings | null): readonly TrialFolder[] {
  const paths = new Set(mounts.map(({ path }) => path));
  return (settings?.folders ?? []).filter(({ path }) => !paths.has(path) && isMountPath(path));
}

/** The arguments that make a volume. */
export function volumeArguments(name: string, nonce: string): readonly string[] {
  return allowed(['volume', 'create', `--label=${trialLabel}=${nonce}`], [name]);
}

/** The arguments that fetch an image, for a person who asks for it: nothing else of a trial does. */
export function pullArguments(image: string): readonly string[] {
  return allowed(['pull'], [image]);
}

/** The arguments that start a container: `settings` on top of what the file says, and never more than it. */
export function startArguments(
  engine: TrialEngine,
  subject: TrialSubject,
  container: TrialContainer,
  settings: TrialSettings | null,
  names: TrialNames,
  limits: TrialLimits = usualLimits,
): readonly string[] {
  const entrypoint = container.entrypoint ?? [];
  const [program = '', ...rest] = entrypoint;
  const options = [
    'run',
    '--detach',
    `--name=${names.container}`,
    `--label=${trialLabel}=${names.nonce}`,
    '--pull=never',
    '--restart=no',
    // a check is run when the trial asks for it
    '--no-healthcheck',
    ...engineOptions(engine),
    ...networkOptions(engine, names),
    ...limitOptions(settings, limits),
    ...rightOptions(engine, container, settings, names),
    ...mountOptions(engine, subject, container, settings, names),
    ...container.environment.map(({ name, value }) => `--env=${name}=${value}`),
    ...(container.workdir === null ? [] : [`--workdir=${container.workdir}`]),
    ...(container.stopSignal === null ? [] : [`--stop-signal=${container.stopSignal}`]),
    `--stop-timeout=${Math.min(container.stopGrace ?? 10, longestGrace)}`,
    ...(container.entrypoint === null
      ? []
      : [`--entrypoint=${engine === 'podman' && program !== '' ? JSON.stringify([program]) : program}`]),
  ];
  return allowed(options, [names.image, ...rest, ...(container.command ?? [])]);
}

function engineOptions(engine: TrialEngine): readonly string[] {
  // what podman adds by itself: memory over a read-only root, what systemd wants, the proxies of the host, a line for an unknown user
  if (engine === 'podman')
    return [
      '--log-driver=k8s-file',
      '--log-opt=max-size=10mb',
      '--read-only-tmpfs=false',
      '--systemd=false',
      '--http-proxy=false',
      '--passwd=false',
    ];
  return ['--log-driver=json-file', '--log-opt=max-size=10m'];
}

/** Low ports are closed to containers without a right to them, as on CRI-O, unless the start is about networks where they are open. */
const lowPortOption = (isOpen: boolean): string => `--sysctl=net.ipv4.ip_unprivileged_port_start=${isOpen ? 0 : 1024}`;

function networkOptions(engine: TrialEngine, { network, hosts, lowPorts }: TrialNames): readonly string[] {
  const entries = hosts.map(host => `--add-host=${host}:127.0.0.1`);
  if (network.kind === 'closed') return ['--network=none', lowPortOption(lowPorts), ...entries];
  // a joined container of Docker has the names of the first; podman 4 has them neither then, nor lets them be given
  if (engine === 'podman' && hosts.length > 0) return [`--network=ns:/proc/${network.pid}/ns/net`, ...entries];
  return [`--network=container:${network.id}`];
}

function limitOptions(settings: TrialSettings | null, limits: TrialLimits): readonly string[] {
  const memory = `${limits.memoryMegabytes}m`;
  const pids = Math.max(1, Math.min(settings?.pids ?? limits.pids, limits.pids));
  return [`--memory=${memory}`, `--memory-swap=${memory}`, `--cpus=${limits.cpus}`, `--pids-limit=${pids}`];
}

/** Whether a user, as a file, an image or settings write it, is root. */
export const isRootUser = (user: string | null): boolean => user === null || /^(?:root|0+)?(?::|$)/.test(user);

/**
 * For a user who is not root, capabilities are a bound alone: Docker and Kubernetes give none to its processes. Podman gives those that are added by name, so that there the
 * others are taken from its default set.
 */
function capabilityOptions(kept: readonly string[], isRaised: boolean): readonly string[] {
  if (!isRaised || kept.length === 0) return ['--cap-drop=ALL', ...kept.map(name => `--cap-add=${name}`)];
  return defaultCapabilities.filter(name => !kept.includes(name)).map(name => `--cap-drop=${name}`);
}

function rightOptions(
  engine: TrialEngine,
  container: TrialContainer,
  settings: TrialSettings | null,
  { imageUser }: Pick<TrialNames, 'imageUser'>,
): readonly string[] {
  const had = container.capabilities ?? defaultCapabilities;
  const kept = settings?.capabilities ? had.filter(name => settings.capabilities!.includes(name)) : had;
  // only the file itself makes it root
  const user = settings?.user != null && !isRootUser(settings.user) ? settings.user : container.user;
  const hasInit = container.init === true || settings?.init === true;
  return [
    ...capabilityOptions(kept, engine === 'podman' && !isRootUser(user ?? imageUser ?? null)),
    ...(container.noNewPrivileges || settings?.noNewPrivileges ? ['--security-opt=no-new-privileges'] : []),
    ...(container.readOnly || settings?.readOnly ? ['--read-only'] : []),
    ...(user === null ? [] : [`--user=${user}`]),
    ...container.groups.map(group => `--group-add=${group}`),
    ...(hasInit ? ['--init'] : []),
  ];
}

function mountOptions(
  engine: TrialEngine,
  subject: TrialSubject,
  container: TrialContainer,
  settings: TrialSettings | null,
  names: TrialNames,
): readonly string[] {
  const volumes = volumesOf(subject, container, settings, names).map(
    ({ name, path, readOnly }) => `--volume=${name}:${path}${readOnly ? ':ro' : ''}`,
  );
  const ids = /^(\d{1,10}):(\d{1,10})$/.exec(settings?.user ?? container.user ?? '');
  const memory = (path: string, size: string, readOnly: boolean): string => {
    const isPod = subject.platform === 'pod';
    const group = subject.volumeGroup;
    const mode = !isPod ? '1777' : group === null ? '0777' : '2777';
    const owner =
      // podman knows no owners here, but gives a folder to the user; and would copy into it what the image has
      engine === 'podman'
        ? ['notmpcopyup', 'U']
        : isPod && group !== null
          ? [`gid=${group}`]
          : ids && !isPod
            ? [`uid=${ids[1]}`, `gid=${ids[2]}`]
            : [];
    const flags = [readOnly ? 'ro' : 'rw', isPod ? 'exec' : 'noexec', 'nosuid', 'nodev', `size=${size}`, `mode=${mode}`, ...owner];
    return `--tmpfs=${path}:${flags.join(',')}`;
  };
  return [
    ...volumes,
    ...container.mounts.filter(({ kind }) => kind === 'memory').map(({ path, readOnly }) => memory(path, memorySizes.written, readOnly)),
    ...foldersOf(container, settings)
      .filter(({ kind }) => kind === 'memory')
      .map(({ path }) => memory(path, memorySizes.added, false)),
  ];
}

/** The arguments that run a command in a container of its own, which has nothing but the network of the one that a trial is about. */
export function exerciseArguments(
  nonce: string,
  { container, image, command }: Readonly<Record<'container' | 'image' | 'command', string>>,
): readonly string[] {
  const { memoryMegabytes, cpus, pids } = usualLimits;
  const options = [
    'run',
    '--rm',
    `--name=${trialName(nonce, 'exercise')}`,
    `--label=${trialLabel}=${nonce}`,
    '--pull=never',
    `--network=container:${container}`,
    `--memory=${memoryMegabytes}m`,
    `--cpus=${cpus}`,
    `--pids-limit=${pids}`,
    '--cap-drop=ALL',
    '--security-opt=no-new-privileges',
    '--entrypoint=/bin/sh',
  ];
  return allowed(options, [image, '-c', command]);
}

/** What a build is called, and where it is. */
export interface BuildNames {
  readonly nonce: string;
  /** Absolute. */
  readonly dockerfile: string;
  readonly context: string;
  readonly hasNetwork: boolean;
}

/** The name of an image that a trial builds. */
export function trialImage(nonce: string, part: string): string {
  return `localhost/bulkhead-trial/${part}:${nonce}`;
}

/** The arguments that build an image; `null`: the engine would fetch the front end that the Dockerfile asks for, and no network was asked for. */
export function buildArguments(engine: TrialEngine, build: TrialBuild, tag: string, names: BuildNames): readonly string[] | null {
  if (engine === 'docker' && build.frontend !== undefined && !names.hasNetwork) return null;
  return allowed(
    [
      'build',
      // without a word it goes on to its end where the program that reads it was killed, and removes its container
      ...(engine === 'podman' ? ['--pull=never', '--format=docker', '--http-proxy=false', '--layers=false', '--force-rm', '--quiet'] : []),
      `--network=${names.hasNetwork ? 'default' : 'none'}`,
      `--label=${trialLabel}=${names.nonce}`,
      `--tag=${tag}`,
      `--file=${names.dockerfile}`,
      ...(build.target === null ? [] : [`--target=${build.target}`]),
      ...build.args.map(({ name, value }) => `--build-arg=${name}=${value}`),
    ],
    [names.context],
  );
}

/** Every argument in front of the image or the folder that a trial ever has. A shell sees none of them. */
const known: readonly RegExp[] = [
  /^(?:run|build|volume|create|pull)$/,
  /^--(?:detach|no-healthcheck|read-only|init|force-rm|quiet|rm)$/,
  /^--(?:http-proxy|passwd|read-only-tmpfs|systemd|layers)=false$/,
  /^--name=bulkhead-[0-9a-f]{8,64}-[a-z0-9-]{1,40}$/,
  /^--label=bulkhead\.trial=[0-9a-f]{8,64}$/,
  /^--pull=never$/,
  /^--restart=no$/,
  /^--format=docker$/,
  /^--log-driver=(?:k8s-file|json-file)$/,
  /^--log-opt=max-size=10mb?$/,
  /^--network=(?:none|default|container:[A-Za-z0-9][A-Za-z0-9_.-]{0,127}|ns:\/proc\/(?:[2-9]|[1-9]\d{1,9})\/ns\/net)$/,
  /^--sysctl=net\.ipv4\.ip_unprivileged_port_start=(?:0|1024)$/,
  /^--add-host=[A-Za-z0-9][A-Za-z0-9_.-]{0,127}:127\.0\.0\.1$/,
  /^--(?:memory|memory-swap)=\d{1,6}m$/,
  /^--cpus=\d{1,3}(?:\.\d{1,2})?$/,
  /^--(?:pids-limit|stop-timeout)=\d{1,6}$/,
  /^--cap-drop=[A-Z_]{3,20}$/,
  /^--cap-add=[A-Z_]{4,20}$/,
  /^--security-opt=no-new-privileges$/,
  /^--user=[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,62})?$/,
  /^--group-add=[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$/,
  /^--volume=bulkhead-[0-9a-f]{8,64}-[a-z0-9-]{1,40}:\/[^:,"\\\p{Cc}]{1,1000}(?::ro)?$/u,
  /^--tmpfs=\/[^:,"\\\p{Cc}]{1,1000}:r[ow],(?:no)?exec,nosuid,nodev,size=\d{1,4}m,mode=\d{4}(?:,notmpcopyup,U|(?:,uid=\d{1,10})?,gid=\d{1,10})?$/u,
  /^--env=[A-Za-z_][A-Za-z0-9_.-]{0,255}=[^\0]{0,60000}$/,
  /^--workdir=\/[^\0\n\r]{0,60000}$/,
  /^--stop-signal=[A-Za-z0-9+-]{1,14}$/,
  /^--entrypoint=[^\0]{0,130000}$/,
  /^--tag=localhost\/bulkhead-trial\/[a-z0-9-]{1,40}:[0-9a-f]{8,64}$/,
  /^--file=\/[^\0\n\r]{1,4000}$|^--file=[A-Za-z]:[^\0\n\r]{1,4000}$/,
  /^--target=[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/,
  /^--build-arg=[A-Za-z_][A-Za-z0-9_]{0,127}=[^\0]{0,60000}$/,
];

/** Whether an argument in front of the image is one of those that trials have. */
export function isTrialOption(argument: string): boolean {
  const path = /^--(?:volume|tmpfs)=[^:]*:?(\/[^:]*)/.exec(argument.replace(/^--tmpfs=/, '--tmpfs=:'))?.[1];
  const capability = /^--cap-add=(.*)/s.exec(argument)?.[1];
  if (path !== undefined && !isMountPath(path)) return false;
  return (capability === undefined || defaultCapabilities.includes(capability)) && known.some(one => one.test(argument));
}

/** The options, and what follows them. All that is not allowed was refused when the file was read: this holds even if it was not. */
function allowed(options: readonly string[], words: readonly string[]): readonly string[] {
  const wrong = options.find(option => !isTrialOption(option));
  const first = words[0] ?? '';
  const isSubject = /^(?:sha256:)?[0-9a-f]{64}$|^bulkhead-[0-9a-f-]/.test(first) || /^(?:\/|[A-Za-z]:[\\/])/.test(first);
  if (wrong !== undefined || !(isSubject || parseImageReference(first).invalid === null) || words.some(word => word.includes('\0')))
    throw new Error('an argument that no trial has');
  return [...options, '--', ...words];
}
