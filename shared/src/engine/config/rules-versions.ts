import type { Severity } from '../../base/terms/types';
import type { Rule } from '../../rule/define-rule';

/** The versions whose severities a configuration may ask for, the oldest first; the last is the one in force without it. */
export const rulesVersions = ['0.1.0', '0.2.0'] as const;

/** One of them. */
export type RulesVersion = (typeof rulesVersions)[number];

/** A severity that a version has changed, in general or where the evidence says so. */
export interface SeverityChange {
  /** Rules, or messages of rules: `compose/root-user/unknown`. */
  readonly of: readonly string[];
  readonly before: Severity;
  readonly since: RulesVersion;
  /** For docs/severities.md: where evidence decides, what else it is now. */
  readonly why: string;
}

/** What has changed, the oldest first. */
export const severityChanges: readonly SeverityChange[] = [
  {
    of: ['compose/missing-memory-limit', 'run/missing-memory-limit'],
    before: 'warning',
    since: '0.2.0',
    why: 'Housekeeping: without it the kernel ends a process when memory is short, and only who runs the service knows the right limit.',
  },
  {
    of: ['compose/capabilities-not-dropped', 'run/capabilities-not-dropped'],
    before: 'warning',
    since: '0.2.0',
    why: "The engine's default set is the one that images are made for. To drop it hinders who is in the container already. no-new-privileges, which hardly breaks anything, stays the warning of the kind.",
  },
  {
    of: ['compose/writable-root-filesystem', 'run/writable-root-filesystem'],
    before: 'warning',
    since: '0.2.0',
    why: 'It hinders who is in the container already, and much breaks without a list of what the image writes.',
  },
  {
    of: ['compose/missing-pids-limit', 'run/missing-pids-limit'],
    before: 'info',
    since: '0.2.0',
    why: 'Housekeeping: it is there for a program that forks without end, and only who runs the service knows the right limit.',
  },
  {
    of: ['compose/root-user/unknown', 'run/root-user/unknown'],
    before: 'info',
    since: '0.2.0',
    why: 'The user of the image is unknown. A root that is written, or known of the image, stays a warning.',
  },
  {
    of: ['compose/published-on-all-interfaces/any', 'run/published-on-all-interfaces/any'],
    before: 'info',
    since: '0.2.0',
    why: 'hint at port 25, where mail comes in; warning for Jaeger, whose pages and collectors have no log-in.',
  },
  {
    of: ['compose/sensitive-host-mount/watched', 'run/sensitive-host-mount/watched'],
    before: 'warning',
    since: '0.2.0',
    why: 'Programs that watch a host are documented to be started with it, and it cannot be written through.',
  },
  {
    of: ['compose/added-capabilities/dangerous', 'run/added-capabilities/dangerous'],
    before: 'error',
    since: '0.2.0',
    why: 'warning for NET_ADMIN in a network, and SYS_PTRACE among processes, of its own: neither reaches the host there. An error still where the host shares them, or it is not known.',
  },
  {
    of: ['compose/added-capabilities/expected', 'run/added-capabilities/expected'],
    before: 'warning',
    since: '0.2.0',
    why: 'The image is there to configure networks, and cannot work otherwise.',
  },
  {
    of: ['kubernetes/host-port/used'],
    before: 'warning',
    since: '0.2.0',
    why: 'hint in a pod on the network of its node, where every port is one of the node, as `kubernetes/host-network` says.',
  },
  {
    of: ['compose/mount-propagation/shared', 'run/mount-propagation/shared'],
    before: 'error',
    since: '0.2.0',
    why: 'hint at what is a file by its name, below which nothing is mounted.',
  },
  {
    of: ['kubernetes/mount-propagation/both'],
    before: 'error',
    since: '0.2.0',
    why: 'warning where the command of the container is `mount`: what it mounts for its node is what it is there for.',
  },
  {
    of: ['compose/secret-in-environment/variable', 'run/secret-in-environment/secret'],
    before: 'error',
    since: '0.2.0',
    why: 'warning where the value is the name of the container, its image, its user or its database: as well known as `postgres`, which was a warning before; and where a step of a workflow starts the container, which goes with the job.',
  },
  {
    of: ['dockerfile/legacy-key-value'],
    before: 'info',
    since: '0.2.0',
    why: 'The value is what was meant, and the safe fix rewrites all of a file. With a lost equals sign it stays a warning.',
  },
  {
    of: ['dockerfile/missing-healthcheck/missing'],
    before: 'info',
    since: '0.2.0',
    why: 'hint where nothing is exposed and the base is not a server: a program that ends by itself needs no check.',
  },
  {
    of: ['policy/failure-policy-ignore/webhook'],
    before: 'info',
    since: '0.2.0',
    why: 'hint where a template has `Fail` in its other branch: the values of its chart say which of both holds; and where nothing gives the webhook a `caBundle`: what serves it fills that in, and may set `Fail` then.',
  },
  {
    of: ['policy/missing-binding/unbound'],
    before: 'error',
    since: '0.2.0',
    why: 'info where most policies have no binding: a library, which others bind.',
  },
  {
    of: ['policy/keyless-identity-wildcard/unanchored'],
    before: 'error',
    since: '0.2.0',
    why: 'warning where GitHub is the issuer and the expression starts with the address of one owner, since no ref can hold `https://`.',
  },
  {
    of: ['policy/image-pattern-never-matches/here'],
    before: 'info',
    since: '0.2.0',
    why: 'Policies are often kept without the manifests that they are for.',
  },
  {
    of: ['workflow/template-injection/pull-request'],
    before: 'error',
    since: '0.2.0',
    why: 'warning where no privileged event starts the workflow: a pull request of a stranger has no secrets, a token that reads, and runs its own version of the workflow.',
  },
  {
    of: ['workflow/dependabot-cooldown/short'],
    before: 'info',
    since: '0.2.0',
    why: 'Another number of days is a choice, and most attacks are noticed within a few.',
  },
  {
    of: ['kubernetes/rbac-anonymous/reads'],
    before: 'error',
    since: '0.2.0',
    why: 'A role that only reads, and no Secrets, is how projects publish a key or a setting for all who have an account.',
  },
  {
    of: ['compose/privileged/emulators', 'run/privileged/emulators'],
    before: 'error',
    since: '0.2.0',
    why: 'The kernel takes emulators of other processors from nothing less, and the container ends at once.',
  },
  {
    of: ['dockerfile/hardcoded-secret/shaped', 'kubernetes/secret-in-env/shaped', 'run/secret-in-environment/shaped'],
    before: 'error',
    since: '0.2.0',
    why: 'warning where the password in an address is the name of its user, or a default that everybody tries first: it gives away nothing of your own.',
  },
  {
    of: ['kubernetes/secret-in-env/named'],
    before: 'error',
    since: '0.2.0',
    why: 'warning where the value is what everybody tries first: a default, or the name of its user, database or image, as in the other families.',
  },
  {
    of: ['compose/host-namespace/network', 'compose/host-namespace/ipc', 'run/host-namespace/network', 'run/host-namespace/ipc'],
    before: 'error',
    since: '0.2.0',
    why: 'It gives up what keeps services of the host to themselves, and hands over nothing of the host itself; documentation of many services asks for it. info for the network in a job of a pipeline: little listens on its host but what the job starts.',
  },
  {
    of: ['compose/host-namespace/pid', 'run/host-namespace/pid'],
    before: 'error',
    since: '0.2.0',
    why: 'info for a program that watches its host, as its documentation has it started.',
  },
  {
    of: ['kubernetes/volume-type/type'],
    before: 'warning',
    since: '0.2.0',
    why: 'A storage of somebody else, which a claim would only name in another place.',
  },
  {
    of: ['kubernetes/metadata-egress/block'],
    before: 'warning',
    since: '0.2.0',
    why: 'info where nothing of the workspace speaks of a cloud: most other clusters have no such service.',
  },
  {
    of: ['kubernetes/external-ips'],
    before: 'error',
    since: '0.2.0',
    why: 'Only who may create Services does harm with it, and clusters without a load balancer work that way.',
  },
  {
    of: ['compose/host-devices/device', 'run/host-devices/device'],
    before: 'warning',
    since: '0.2.0',
    why: 'hint for receivers of television, which give nothing of the host away.',
  },
  {
    of: ['compose/runtime-socket', 'run/runtime-socket'],
    before: 'error',
    since: '0.2.0',
    why: 'info for a proxy of the socket, which holds it so that nothing else has to.',
  },
  {
    of: ['kubernetes/service-account-token/unset', 'kubernetes/service-account-token/mounted'],
    before: 'warning',
    since: '0.2.0',
    why: 'info where something shows that it asks the API server.',
  },
  {
    of: ['policy/bad-public-key/placeholder'],
    before: 'error',
    since: '0.2.0',
    why: 'A template or an example says itself that a key is to be put in; nothing is admitted until it is.',
  },
  {
    of: ['dockerfile/interactive-install/asks'],
    before: 'error',
    since: '0.2.0',
    why: 'warning for `apt-get install`, which asks only where more is installed than was named, which the file does not tell.',
  },
  {
    of: ['kubernetes/namespace-pod-security'],
    before: 'warning',
    since: '0.2.0',
    why: 'A further line of defence: what its pods do is a finding at each of them, and clusters set a level for all namespaces elsewhere, too.',
  },
  {
    of: ['kubernetes/host-probe/host'],
    before: 'warning',
    since: '0.2.0',
    why: 'hint where a pod on the network of its node is called at the loopback, which is its own.',
  },
  {
    of: ['kubernetes/allow-all-network-policy/everything'],
    before: 'warning',
    since: '0.2.0',
    why: 'info for all egress in a policy that limits who may come in.',
  },
  {
    of: ['dockerfile/setuid-bit/capability'],
    before: 'warning',
    since: '0.2.0',
    why: 'info for capabilities that engines grant every container, such as the raw sockets of ping.',
  },
  {
    of: ['compose/tmpfs-options/weakened', 'run/tmpfs-options/weakened'],
    before: 'warning',
    since: '0.2.0',
    why: 'info for `exec` alone: programs in memory are what the author asked for, as images with s6 do.',
  },
  {
    of: ['dockerfile/shell-form/shell'],
    before: 'warning',
    since: '0.2.0',
    why: 'info where nothing is known of the image: its shell may make way for the command, as those of Alpine and Red Hat do.',
  },
  {
    of: ['kubernetes/host-path/mounted'],
    before: 'error',
    since: '0.2.0',
    why: 'The level `baseline` refuses it, and nothing is known that this path gives away: a lock file, a time zone, a folder of data.',
  },
  {
    of: ['kubernetes/host-path/sensitive'],
    before: 'error',
    since: '0.2.0',
    why: 'warning where it is mounted read-only and holds no keys and no sockets, as monitoring does with `/proc` and `/sys`; and in a pod of the class `system-node-critical`, which is a part of its node.',
  },
  {
    of: ['kubernetes/host-path-writable'],
    before: 'error',
    since: '0.2.0',
    why: '`kubernetes/host-path` is an error already at the volume where what can be written opens the node. This one says at which mount.',
  },
  {
    of: ['kubernetes/host-network/shared'],
    before: 'error',
    since: '0.2.0',
    why: 'warning in a pod of the class `system-node-critical`, which is a part of its node.',
  },
  {
    of: ['dockerfile/copy-needs-slash/slash'],
    before: 'error',
    since: '0.2.0',
    why: 'info where WORKDIR has made the folder: BuildKit copies into it, and only the builder before it refuses.',
  },
  {
    of: ['dockerfile/invalid-default-arg-in-from/invalid'],
    before: 'error',
    since: '0.2.0',
    why: 'The check of BuildKit is a warning, too: some defaults are there to fail where the argument is forgotten.',
  },
  {
    of: ['dockerfile/run-cd/lost'],
    before: 'warning',
    since: '0.2.0',
    why: 'info where the next RUN goes to the same folder by itself.',
  },
  {
    of: ['compose/host-devices/raw', 'run/host-devices/raw'],
    before: 'error',
    since: '0.2.0',
    why: 'warning for disks of programs that watch disks, which are documented to get them.',
  },
  {
    of: ['compose/security-profile-disabled/profile', 'run/security-profile-disabled/profile'],
    before: 'error',
    since: '0.2.0',
    why: 'warning for `label=disable` where something of the host is mounted, which is in place of labels on that.',
  },
  {
    of: ['workflow/branch-action/branch'],
    before: 'error',
    since: '0.2.0',
    why: 'warning where the action is of the owner of this repository, who may push to both.',
  },
  {
    of: ['workflow/broad-permissions/grave'],
    before: 'warning',
    since: '0.2.0',
    why: 'info where any of the jobs may need it, as they call what is elsewhere: nothing narrower can be written.',
  },
  {
    of: ['kubernetes/rbac-workloads/volumes'],
    before: 'warning',
    since: '0.2.0',
    why: 'info in the role of a provisioner, which reads storage classes, and is there to create volumes.',
  },
  {
    of: ['workflow/unpinned-action/tag'],
    before: 'warning',
    since: '0.2.0',
    why: 'hint where the action is of the owner of this repository, as for those of GitHub.',
  },
  {
    of: ['workflow/inherited-secrets/foreign'],
    before: 'warning',
    since: '0.2.0',
    why: 'info where the called workflow is of the owner of this repository.',
  },
  {
    of: ['policy/invalid-policy/predicate'],
    before: 'error',
    since: '0.2.0',
    why: 'policy-controller only warns of it, and takes it as it is.',
  },
  {
    of: (
      'run/added-capabilities/all run/added-capabilities/dangerous run/host-devices/folder run/host-devices/raw run/host-devices/all-rule ' +
      'run/host-namespace/pid run/mount-propagation/shared run/oom-kill-disabled/unlimited run/privilege-escalation/off ' +
      'run/privileged/privileged run/runtime-socket/socket run/runtime-socket/read-only run/runtime-socket/folder run/runtime-socket/api ' +
      'run/security-profile-disabled/profile run/security-profile-disabled/paths run/security-profile-disabled/cgroups ' +
      'run/security-profile-disabled/open-file run/sensitive-host-mount/path run/sensitive-host-mount/read-only ' +
      'run/sensitive-host-mount/credentials'
    ).split(' '),
    before: 'error',
    since: '0.2.0',
    why: 'warning where the container runs for a moment: a person or a pipeline waits for it to end (`--rm`, `-it`, a step of a workflow, a script that removes it again). Few reviewers block that; of a service all of them would.',
  },
];

/** Whether a version is the newest, or none is written, so that what it changed in general holds. */
export function isNewest(version: string | undefined): boolean {
  return version === undefined || version === rulesVersions.at(-1);
}

/** What findings of a message weigh: as evidence says (`attached`), as the message declares, as its rule does. */
export type Weigh = (rule: Rule, messageId?: string, attached?: Severity | null) => Severity;

/** The severities of a version; those in force where none is named. */
export function severitiesAt(version: RulesVersion = rulesVersions[rulesVersions.length - 1]!): Weigh {
  const later = severityChanges.filter(({ since }) => rulesVersions.indexOf(since) > rulesVersions.indexOf(version));
  const before = new Map<string, Severity>();
  // of several changes the first says what it was
  for (const change of later) for (const id of change.of) if (!before.has(id)) before.set(id, change.before);
  return (rule, messageId, attached) =>
    before.get(`${rule.id}/${messageId}`) ??
    attached ??
    (messageId === undefined ? undefined : rule.messages[messageId]?.severity) ??
    before.get(rule.id) ??
    rule.severity;
}
