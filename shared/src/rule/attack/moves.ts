/** What an intruder has reached. The worst is last. */
export const reached = [
  'outside',
  'code',
  'port',
  'processes',
  'loopback',
  'peers',
  'credential',
  'token',
  'files',
  'data',
  'pods',
  'secrets',
  'node',
  'cluster',
] as const;

/** One of `reached`. */
export type Reached = (typeof reached)[number];

interface MoveKind {
  readonly from: Reached;
  readonly to: Reached;
  /** Whether it takes root in the container: another user cannot make it, and where the user is not known, that is its condition. */
  readonly asRoot?: true;
  /** What is said of it. `{machine}` is `node` or `host`. */
  readonly text: string;
}

/**
 * What leads from one thing to the next: the whole of what a story can be made of. Left out on purpose, since the default profiles of AppArmor, or a kernel that
 * takes signed modules alone, may stop them: single capabilities, tracing processes of the machine, and what writes to /proc and /sys.
 */
export const moveKinds = {
  socket: {
    from: 'code',
    to: 'node',
    asRoot: true,
    text: 'the socket of {runtime} can start a container with full access to the {machine}',
  },
  privileged: { from: 'code', to: 'node', asRoot: true, text: 'a privileged container can mount the disks of its {machine}' },
  process: { from: 'code', to: 'node', text: 'the container runs as a host process on its node' },
  write: { from: 'code', to: 'node', asRoot: true, text: 'root on the {machine} executes what is written to {path}' },
  device: {
    from: 'code',
    to: 'node',
    asRoot: true,
    text: '{device} is the memory or a disk of the {machine}: access to the device bypasses the file system',
  },
  read: { from: 'code', to: 'files', asRoot: true, text: '{path} on the {machine} can be read: {why}' },
  processes: { from: 'code', to: 'processes', text: 'every process of the {machine} is visible, with its arguments' },
  loopback: { from: 'code', to: 'loopback', text: 'the container shares the network of the {machine}' },
  peers: { from: 'code', to: 'peers', text: 'no network policy selects the pod' },
  credential: { from: 'code', to: 'credential', text: 'a credential is in the environment of the container' },
  token: { from: 'code', to: 'token', text: 'the token of service account "{account}" is in the container' },
  administer: { from: 'token', to: 'cluster', text: '{binding} lets the account do anything in the cluster' },
  secrets: { from: 'token', to: 'secrets', text: '{binding} lets the account read every Secret {where}' },
  mounts: { from: 'token', to: 'secrets', text: '{binding} lets the account start pods, which can mount any Secret {where}' },
  exec: { from: 'token', to: 'pods', text: '{binding} lets the account run commands in every pod {where}' },
  published: { from: 'outside', to: 'port', text: 'the port is open on all interfaces' },
  'no-login': { from: 'port', to: 'data', text: 'the server requires no password' },
  password: { from: 'port', to: 'data', text: "the server's password is written in the file" },
} as const satisfies Readonly<Record<string, MoveKind>>;

/** One kind of move. */
export type MoveId = keyof typeof moveKinds;

/** Where a story may begin: outside of everything, or in a container whose program has a flaw. */
export const starts = ['outside', 'code'] as const;

/** What is worth a story, and what is said of it. What else is reached on the way leads no further. */
export const goals: Partial<Readonly<Record<Reached, string>>> = {
  files: 'Keys and passwords on the {machine}',
  data: 'All data on the server',
  pods: 'The data and credentials of other pods',
  secrets: 'The passwords and keys of other programs',
  node: 'Every container on the {machine}, with its volumes and credentials',
  cluster: 'Every node, and everything that runs in the cluster',
};

/** What a step says that leads to something. */
export const stepTexts: Readonly<Record<Exclude<Reached, 'outside'>, string>> = {
  code: 'Runs code in container "{container}"',
  port: 'Reaches container "{container}" from outside',
  processes: 'Watches the processes of the {machine}',
  loopback: 'Reaches services that listen only on the {machine} itself',
  peers: 'Reaches the other pods',
  credential: 'Obtains a credential',
  token: 'Talks to the API server',
  files: 'Reads files on the {machine}',
  data: 'Logs in to the server',
  pods: 'Runs commands in other pods',
  secrets: 'Reads Secrets',
  node: 'Becomes root on the {machine}',
  cluster: 'Becomes a cluster administrator',
};

/** What can be said of every move, whatever its kind. */
export const kindOf = (id: MoveId): MoveKind => moveKinds[id];
