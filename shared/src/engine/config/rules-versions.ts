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
    why: 'Housekeeping: without it, the kernel kills a process when memory is short, and only those who run the service know the right limit.',
  },
  {
    of: ['compose/capabilities-not-dropped', 'run/capabilities-not-dropped'],
    before: 'warning',
    since: '0.2.0',
    why: "Images are made for the engine's default set. Dropping it hinders an attacker who is already in the container. no-new-privileges, which hardly breaks anything, remains the warning of this kind.",
  },
  {
    of: ['compose/writable-root-filesystem', 'run/writable-root-filesystem'],
    before: 'warning',
    since: '0.2.0',
    why: 'It hinders an attacker who is already in the container, and much breaks without a list of what the image writes.',
  },
  {
    of: ['compose/missing-pids-limit', 'run/missing-pids-limit'],
    before: 'info',
    since: '0.2.0',
    why: 'Housekeeping: it guards against a program that forks without end, and only those who run the service know the right limit.',
  },
  {
    of: ['compose/root-user/unknown', 'run/root-user/unknown'],
    before: 'info',
    since: '0.2.0',
    why: 'The user of the image is unknown. If the file sets root, or the image is known to use it, this remains a warning.',
  },
  {
    of: ['compose/published-on-all-interfaces/any', 'run/published-on-all-interfaces/any'],
    before: 'info',
    since: '0.2.0',
    why: 'hint for port 25, which receives mail; warning for Jaeger, whose pages and collectors have no login.',
  },
  {
    of: ['compose/sensitive-host-mount/watched', 'run/sensitive-host-mount/watched'],
    before: 'warning',
    since: '0.2.0',
    why: 'Programs that monitor a host are documented to be started with it, and it does not allow writes.',
  },
  {
    of: ['compose/added-capabilities/dangerous', 'run/added-capabilities/dangerous'],
    before: 'error',
    since: '0.2.0',
    why: "warning for NET_ADMIN in the container's own network, and SYS_PTRACE among its own processes: neither reaches the host there. It remains an error if these are shared with the host, or if that is not known.",
  },
  {
    of: ['compose/added-capabilities/expected', 'run/added-capabilities/expected'],
    before: 'warning',
    since: '0.2.0',
    why: 'The image exists to configure networks, and cannot work otherwise.',
  },
  {
    of: ['kubernetes/host-port/used'],
    before: 'warning',
    since: '0.2.0',
    why: "hint in a pod on its node's network, where every port is a port of the node, as `kubernetes/host-network` says.",
  },
  {
    of: ['compose/mount-propagation/shared', 'run/mount-propagation/shared'],
    before: 'error',
    since: '0.2.0',
    why: 'hint for what is a file by its name: nothing is mounted below a file.',
  },
  {
    of: ['kubernetes/mount-propagation/both'],
    before: 'error',
    since: '0.2.0',
    why: "warning if the container's command is `mount`: mounting for its node is what it is there for.",
  },
  {
    of: ['compose/secret-in-environment/variable', 'run/secret-in-environment/secret'],
    before: 'error',
    since: '0.2.0',
    why: 'warning if the value is the name of the container, its image, its user or its database: it is as well known as `postgres`, which was already a warning; and if a workflow step starts the container, which ends with the job.',
  },
  {
    of: ['dockerfile/legacy-key-value'],
    before: 'info',
    since: '0.2.0',
    why: 'The value is what was meant, and the safe fix rewrites all of a file. With a missing equals sign, it remains a warning.',
  },
  {
    of: ['dockerfile/missing-healthcheck/missing'],
    before: 'info',
    since: '0.2.0',
    why: 'hint if nothing is exposed and the base is not a server: a program that exits by itself does not need a health check.',
  },
  {
    of: ['policy/failure-policy-ignore/webhook'],
    before: 'info',
    since: '0.2.0',
    why: "hint if a template has `Fail` in its other branch: the chart's values decide which of the two applies; and if nothing gives the webhook a `caBundle`: the program that serves it fills that in, and may then set `Fail`.",
  },
  {
    of: ['policy/missing-binding/unbound'],
    before: 'error',
    since: '0.2.0',
    why: 'info if most policies have no binding: this is a library, and others bind its policies.',
  },
  {
    of: ['policy/keyless-identity-wildcard/unanchored'],
    before: 'error',
    since: '0.2.0',
    why: 'warning if GitHub is the issuer and the expression starts with the address of one owner, because no ref can contain `https://`.',
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
    why: "warning if no privileged event starts the workflow: a stranger's pull request gets no secrets, gets a read-only token, and runs its own version of the workflow.",
  },
  {
    of: ['workflow/dependabot-cooldown/short'],
    before: 'info',
    since: '0.2.0',
    why: 'A different number of days is a choice, and most attacks are noticed within a few days.',
  },
  {
    of: ['kubernetes/rbac-anonymous/reads'],
    before: 'error',
    since: '0.2.0',
    why: 'A role that only reads, and does not read Secrets, is how projects publish a key or a setting to everyone with an account.',
  },
  {
    of: ['compose/privileged/emulators', 'run/privileged/emulators'],
    before: 'error',
    since: '0.2.0',
    why: 'The kernel accepts emulators for other processors from nothing less privileged, and the container exits immediately.',
  },
  {
    of: ['dockerfile/hardcoded-secret/shaped', 'kubernetes/secret-in-env/shaped', 'run/secret-in-environment/shaped'],
    before: 'error',
    since: '0.2.0',
    why: 'warning if the password in an address is the name of its user, or a default that everyone tries first: it gives away nothing of your own.',
  },
  {
    of: ['kubernetes/secret-in-env/named'],
    before: 'error',
    since: '0.2.0',
    why: 'warning if the value is what everyone tries first: a default, or the name of its user, database or image, as in the other families.',
  },
  {
    of: ['compose/host-namespace/network', 'compose/host-namespace/ipc', 'run/host-namespace/network', 'run/host-namespace/ipc'],
    before: 'error',
    since: '0.2.0',
    why: "It gives up the isolation of the host's services, but gives no access to the host itself; the documentation of many services asks for it. info for the network in a pipeline job: little listens on its host except what the job starts.",
  },
  {
    of: ['compose/host-namespace/pid', 'run/host-namespace/pid'],
    before: 'error',
    since: '0.2.0',
    why: 'info for a program that monitors its host and is started as its documentation says.',
  },
  {
    of: ['kubernetes/volume-type/type'],
    before: 'warning',
    since: '0.2.0',
    why: 'The storage belongs to someone else: a claim would only name it in another place.',
  },
  {
    of: ['kubernetes/metadata-egress/block'],
    before: 'warning',
    since: '0.2.0',
    why: 'info if nothing in the workspace refers to a cloud: most other clusters have no such service.',
  },
  {
    of: ['kubernetes/external-ips'],
    before: 'error',
    since: '0.2.0',
    why: 'Only those who can create Services can do harm with it, and clusters without a load balancer work that way.',
  },
  {
    of: ['compose/host-devices/device', 'run/host-devices/device'],
    before: 'warning',
    since: '0.2.0',
    why: 'hint for TV receivers, which expose nothing of the host.',
  },
  {
    of: ['compose/runtime-socket', 'run/runtime-socket'],
    before: 'error',
    since: '0.2.0',
    why: 'info for a socket proxy, which holds the socket so that nothing else has to.',
  },
  {
    of: ['kubernetes/service-account-token/unset', 'kubernetes/service-account-token/mounted'],
    before: 'warning',
    since: '0.2.0',
    why: 'info if there is evidence that it calls the API server.',
  },
  {
    of: ['policy/bad-public-key/placeholder'],
    before: 'error',
    since: '0.2.0',
    why: 'A template or an example itself says that a key must be filled in; nothing is admitted until it is.',
  },
  {
    of: ['dockerfile/interactive-install/asks'],
    before: 'error',
    since: '0.2.0',
    why: 'warning for `apt-get install`, which asks only if more is installed than was named, and the file does not show that.',
  },
  {
    of: ['kubernetes/namespace-pod-security'],
    before: 'warning',
    since: '0.2.0',
    why: 'Defense in depth: what its pods do is reported for each of them, and clusters can also set a level for all namespaces elsewhere.',
  },
  {
    of: ['kubernetes/host-probe/host'],
    before: 'warning',
    since: '0.2.0',
    why: "hint if a pod on its node's network is called at the loopback address, which is its own.",
  },
  {
    of: ['kubernetes/allow-all-network-policy/everything'],
    before: 'warning',
    since: '0.2.0',
    why: 'info for all egress in a policy that limits ingress.',
  },
  {
    of: ['dockerfile/setuid-bit/capability'],
    before: 'warning',
    since: '0.2.0',
    why: 'info for capabilities that engines grant to every container, such as raw sockets for ping.',
  },
  {
    of: ['compose/tmpfs-options/weakened', 'run/tmpfs-options/weakened'],
    before: 'warning',
    since: '0.2.0',
    why: 'info for `exec` alone: the author asked for programs in memory, as images with s6 do.',
  },
  {
    of: ['dockerfile/shell-form/shell'],
    before: 'warning',
    since: '0.2.0',
    why: 'info if nothing is known about the image: its shell may be replaced by the command, as the shells of Alpine and Red Hat are.',
  },
  {
    of: ['kubernetes/host-path/mounted'],
    before: 'error',
    since: '0.2.0',
    why: 'The level `baseline` rejects it, but this path is not known to give anything away: a lock file, a time zone, a data directory.',
  },
  {
    of: ['kubernetes/host-path/sensitive'],
    before: 'error',
    since: '0.2.0',
    why: 'warning if it is mounted read-only and holds no keys or sockets, as in monitoring with `/proc` and `/sys`; and in a pod of the class `system-node-critical`, which is part of its node.',
  },
  {
    of: ['kubernetes/host-path-writable'],
    before: 'error',
    since: '0.2.0',
    why: '`kubernetes/host-path` already reports an error at the volume if writing to it compromises the node. This rule says at which mount.',
  },
  {
    of: ['kubernetes/host-network/shared'],
    before: 'error',
    since: '0.2.0',
    why: 'warning in a pod of the class `system-node-critical`, which is part of its node.',
  },
  {
    of: ['dockerfile/copy-needs-slash/slash'],
    before: 'error',
    since: '0.2.0',
    why: 'info if WORKDIR has created the directory: BuildKit copies into it, and only the legacy builder rejects it.',
  },
  {
    of: ['dockerfile/invalid-default-arg-in-from/invalid'],
    before: 'error',
    since: '0.2.0',
    why: "BuildKit's own check is also a warning: some defaults exist to make the build fail if the argument is forgotten.",
  },
  {
    of: ['dockerfile/run-cd/lost'],
    before: 'warning',
    since: '0.2.0',
    why: 'info if the next RUN changes to the same directory itself.',
  },
  {
    of: ['compose/host-devices/raw', 'run/host-devices/raw'],
    before: 'error',
    since: '0.2.0',
    why: 'warning for the disks of disk monitoring programs, whose documentation asks for them.',
  },
  {
    of: ['compose/security-profile-disabled/profile', 'run/security-profile-disabled/profile'],
    before: 'error',
    since: '0.2.0',
    why: 'warning for `label=disable` if something from the host is mounted: it replaces labels on that.',
  },
  {
    of: ['workflow/branch-action/branch'],
    before: 'error',
    since: '0.2.0',
    why: 'warning if the action belongs to the owner of this repository, who can push to both.',
  },
  {
    of: ['workflow/broad-permissions/grave'],
    before: 'warning',
    since: '0.2.0',
    why: 'info if any of the jobs may need it because they call something defined elsewhere: nothing narrower can be written.',
  },
  {
    of: ['kubernetes/rbac-workloads/volumes'],
    before: 'warning',
    since: '0.2.0',
    why: 'info in the role of a provisioner, which reads storage classes and exists to create volumes.',
  },
  {
    of: ['workflow/unpinned-action/tag'],
    before: 'warning',
    since: '0.2.0',
    why: "hint if the action belongs to the owner of this repository, as for GitHub's own actions.",
  },
  {
    of: ['workflow/inherited-secrets/foreign'],
    before: 'warning',
    since: '0.2.0',
    why: 'info if the called workflow belongs to the owner of this repository.',
  },
  {
    of: ['workflow/scan-without-gate/passes'],
    before: 'warning',
    since: '0.2.0',
    why: 'info if a comment on the line explains it.',
  },
  {
    of: ['workflow/dependabot-cooldown/none'],
    before: 'info',
    since: '0.2.0',
    why: 'Dependabot waits three days by default since July 2026.',
  },
  {
    of: ['policy/invalid-policy/predicate'],
    before: 'error',
    since: '0.2.0',
    why: 'policy-controller only warns about it and uses it as it is.',
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
    why: 'warning if the container runs only briefly: a person or a pipeline waits for it to exit (`--rm`, `-it`, a workflow step, a script that removes it again). Few reviewers would block that; for a service, all of them would.',
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
