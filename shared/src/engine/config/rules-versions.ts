import type { Severity } from '../../base/terms/types';

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
    why: 'Housekeeping: without a limit, the kernel kills a process when memory is short, and only those who run the service know the right value.',
  },
  {
    of: ['compose/capabilities-not-dropped', 'run/capabilities-not-dropped'],
    before: 'warning',
    since: '0.2.0',
    why: "Images are built to run with the engine's default capabilities. Dropping them hinders an attacker who is already in the container. The finding for no-new-privileges, which hardly breaks anything, remains a warning.",
  },
  {
    of: ['compose/writable-root-filesystem', 'run/writable-root-filesystem'],
    before: 'warning',
    since: '0.2.0',
    why: 'A read-only root filesystem hinders an attacker who is already in the container, but breaks many images unless the paths that they write to are known.',
  },
  {
    of: ['compose/missing-pids-limit', 'run/missing-pids-limit'],
    before: 'info',
    since: '0.2.0',
    why: 'Housekeeping: the limit guards against a program that forks endlessly, and only those who run the service know the right value.',
  },
  {
    of: ['compose/root-user/unknown', 'run/root-user/unknown'],
    before: 'info',
    since: '0.2.0',
    why: 'The user that the image runs as is unknown. If the file sets the user to root, or the image is known to run as root, the finding remains a warning.',
  },
  {
    of: ['compose/published-on-all-interfaces/any', 'run/published-on-all-interfaces/any'],
    before: 'info',
    since: '0.2.0',
    why: 'hint for port 25, which receives mail; warning for Jaeger, whose web UI and collectors have no login.',
  },
  {
    of: ['compose/sensitive-host-mount/watched', 'run/sensitive-host-mount/watched'],
    before: 'warning',
    since: '0.2.0',
    why: 'The documentation of host monitoring programs calls for this mount, and the mount does not allow writes.',
  },
  {
    of: ['compose/added-capabilities/dangerous', 'run/added-capabilities/dangerous'],
    before: 'error',
    since: '0.2.0',
    why: "warning for NET_ADMIN in the container's own network and for SYS_PTRACE limited to the container's own processes: in these cases, neither gives access to the host. Both remain errors if the network or the processes are shared with the host, or if it is not known whether they are.",
  },
  {
    of: ['compose/added-capabilities/expected', 'run/added-capabilities/expected'],
    before: 'warning',
    since: '0.2.0',
    why: 'The image exists to configure networks and cannot work without this capability.',
  },
  {
    of: ['kubernetes/host-port/used'],
    before: 'warning',
    since: '0.2.0',
    why: "hint in a pod that shares its node's network, where every port is a port of the node, as `kubernetes/host-network` reports.",
  },
  {
    of: ['compose/mount-propagation/shared', 'run/mount-propagation/shared'],
    before: 'error',
    since: '0.2.0',
    why: 'hint if the mount path looks like that of a file: nothing can be mounted below a file.',
  },
  {
    of: ['kubernetes/mount-propagation/both'],
    before: 'error',
    since: '0.2.0',
    why: "warning if the container's command is `mount`: the container exists to mount file systems for its node.",
  },
  {
    of: ['compose/secret-in-environment/variable', 'run/secret-in-environment/secret'],
    before: 'error',
    since: '0.2.0',
    why: 'warning if the value is the name of the container, its image, its user or its database, or made of these and words such as `dev` and `password`: such a value is as easy to guess as `postgres`, for which the severity was already warning; also warning if a workflow step starts the container, because the container ends with the job.',
  },
  {
    of: ['dockerfile/legacy-key-value', 'dockerfile/legacy-key-value/legacy'],
    before: 'info',
    since: '0.2.0',
    why: 'The value is set as intended, and the safe fix rewrites every occurrence in a file. If an equals sign is missing, or the value swallows other variables, this is a warning.',
  },
  {
    of: ['dockerfile/missing-healthcheck/missing'],
    before: 'info',
    since: '0.2.0',
    why: 'hint if nothing is exposed and the base is not a server: a program that exits on its own does not need a health check.',
  },
  {
    of: ['policy/failure-policy-ignore/webhook'],
    before: 'info',
    since: '0.2.0',
    why: "hint if a template sets `Fail` in its other branch, since the chart's values decide which branch applies; also if nothing sets the webhook's `caBundle`, since the program that serves the webhook fills it in and may then set `Fail`.",
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
    why: 'warning if GitHub is the issuer and the expression starts with the URL of a single owner, because no ref can contain `https://`.',
  },
  {
    of: ['policy/image-pattern-never-matches/here'],
    before: 'info',
    since: '0.2.0',
    why: 'Policies are often stored separately from the manifests that they apply to.',
  },
  {
    of: ['workflow/template-injection/pull-request'],
    before: 'error',
    since: '0.2.0',
    why: "warning if no privileged event starts the workflow: a stranger's pull request gets no secrets, gets a read-only token, and runs its own version of the workflow.",
  },
  {
    of: ['gitlab/unpinned-include/remote'],
    before: 'warning',
    since: '0.2.0',
    why: 'hint if the URL contains the start of a commit: only a tag or a branch with that name would change what it serves.',
  },
  {
    of: ['workflow/template-injection/caller'],
    before: 'warning',
    since: '0.2.0',
    why: 'hint if every call in the repository passes fixed values, or the input is the whole script; info if a call passes what someone with write access writes.',
  },
  {
    of: ['workflow/dependabot-cooldown/short'],
    before: 'info',
    since: '0.2.0',
    why: 'A project that sets a different number of days does so deliberately, and most attacks are noticed within a few days.',
  },
  {
    of: ['kubernetes/rbac-anonymous/reads'],
    before: 'error',
    since: '0.2.0',
    why: 'Projects use a read-only role without access to Secrets to publish a key or a setting to everyone with an account.',
  },
  {
    of: ['compose/privileged/emulators', 'run/privileged/emulators'],
    before: 'error',
    since: '0.2.0',
    why: 'The kernel lets only a privileged container register emulators for other processors, and the container exits immediately.',
  },
  {
    of: ['dockerfile/hardcoded-secret/shaped', 'kubernetes/secret-in-env/shaped', 'run/secret-in-environment/shaped'],
    before: 'error',
    since: '0.2.0',
    why: 'warning if the password in an address equals its user name, or is a default that everyone tries first: such a password reveals nothing secret.',
  },
  {
    of: ['kubernetes/secret-in-env/named'],
    before: 'error',
    since: '0.2.0',
    why: 'warning if the value is one that everyone tries first: a default, or the name of the user, database or image that it belongs to. This matches the rule for other kinds of files.',
  },
  {
    of: ['compose/host-namespace/network', 'compose/host-namespace/ipc', 'run/host-namespace/network', 'run/host-namespace/ipc'],
    before: 'error',
    since: '0.2.0',
    why: "This setting gives up isolation from the host's services, but gives no access to the host itself, and the documentation of many services calls for it. info for the host network in a pipeline job: little listens on the job's host except what the job starts.",
  },
  {
    of: ['compose/host-namespace/pid', 'run/host-namespace/pid'],
    before: 'error',
    since: '0.2.0',
    why: 'info for a program that monitors its host and is started as documented.',
  },
  {
    of: ['kubernetes/volume-type/type'],
    before: 'warning',
    since: '0.2.0',
    why: 'The storage is provided by someone else: a PersistentVolumeClaim would only refer to the same storage indirectly.',
  },
  {
    of: ['kubernetes/metadata-egress/block'],
    before: 'warning',
    since: '0.2.0',
    why: 'info if nothing in the workspace refers to a cloud provider: most other clusters have no metadata service.',
  },
  {
    of: ['kubernetes/external-ips'],
    before: 'error',
    since: '0.2.0',
    why: 'Only users who can create Services can misuse external IPs, and clusters without a load balancer rely on external IPs.',
  },
  {
    of: ['compose/host-devices/device', 'run/host-devices/device'],
    before: 'warning',
    since: '0.2.0',
    why: 'hint for TV receiver devices, which expose nothing of the host.',
  },
  {
    of: ['compose/runtime-socket', 'run/runtime-socket'],
    before: 'error',
    since: '0.2.0',
    why: 'info for a socket proxy, which mounts the socket so that no other container has to.',
  },
  {
    of: ['kubernetes/service-account-token/unset', 'kubernetes/service-account-token/mounted'],
    before: 'warning',
    since: '0.2.0',
    why: 'info if there is evidence that the pod calls the API server.',
  },
  {
    of: ['policy/bad-public-key/placeholder'],
    before: 'error',
    since: '0.2.0',
    why: 'In a template or an example, it is clear that a key must be filled in; until then, nothing is admitted.',
  },
  {
    of: ['dockerfile/interactive-install/asks'],
    before: 'error',
    since: '0.2.0',
    why: 'warning for `apt-get install`: it asks for confirmation only if it installs more than the named packages, and the file does not show whether that is the case.',
  },
  {
    of: ['kubernetes/namespace-pod-security'],
    before: 'warning',
    since: '0.2.0',
    why: "Defense in depth: insecure pod settings are reported for each pod in any case, and a level for all namespaces can also be set in the cluster's configuration.",
  },
  {
    of: ['kubernetes/host-probe/host'],
    before: 'warning',
    since: '0.2.0',
    why: 'hint if a pod on the host network is probed at the loopback address, which the pod shares with its node.',
  },
  {
    of: ['kubernetes/allow-all-network-policy/everything'],
    before: 'warning',
    since: '0.2.0',
    why: 'info for a policy that allows all egress but limits ingress.',
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
    why: 'info if only `exec` is set: the author wants to run programs from the tmpfs, as s6-based images do.',
  },
  {
    of: ['dockerfile/shell-form/shell'],
    before: 'warning',
    since: '0.2.0',
    why: 'info if nothing is known about the image: its shell may replace itself with the command, as the shells of Alpine and Red Hat do.',
  },
  {
    of: ['kubernetes/host-path/mounted'],
    before: 'error',
    since: '0.2.0',
    why: 'The level `baseline` rejects the mount, but the path (such as a lock file, a time zone file or a data directory) is not known to expose anything sensitive.',
  },
  {
    of: ['kubernetes/host-path/sensitive'],
    before: 'error',
    since: '0.2.0',
    why: 'warning if the path is mounted read-only and contains no keys or sockets, as in monitoring with `/proc` and `/sys`; also in a pod of the priority class `system-node-critical`, because the pod is part of its node.',
  },
  {
    of: ['kubernetes/host-path-writable'],
    before: 'error',
    since: '0.2.0',
    why: '`kubernetes/host-path` already reports an error at the volume if writing to it compromises the node. This rule points to the mount.',
  },
  {
    of: ['kubernetes/host-network/shared'],
    before: 'error',
    since: '0.2.0',
    why: 'warning in a pod of the priority class `system-node-critical`, because the pod is part of its node.',
  },
  {
    of: ['dockerfile/copy-needs-slash/slash'],
    before: 'error',
    since: '0.2.0',
    why: 'info if WORKDIR has created the directory: BuildKit copies into it; only the legacy builder rejects the instruction.',
  },
  {
    of: ['dockerfile/invalid-default-arg-in-from/invalid'],
    before: 'error',
    since: '0.2.0',
    why: "BuildKit's own check also reports a warning: some default values are deliberately invalid so that the build fails if the argument is forgotten.",
  },
  {
    of: ['dockerfile/run-cd/lost'],
    before: 'warning',
    since: '0.2.0',
    why: 'info if the next RUN also changes to that directory.',
  },
  {
    of: ['compose/host-devices/raw', 'run/host-devices/raw'],
    before: 'error',
    since: '0.2.0',
    why: 'warning for disks passed to disk monitoring programs, because the documentation of these programs says to pass them.',
  },
  {
    of: ['compose/security-profile-disabled/profile', 'run/security-profile-disabled/profile'],
    before: 'error',
    since: '0.2.0',
    why: 'warning for `label=disable` if something from the host is mounted: the option is used in place of relabeling the mounted files.',
  },
  {
    of: ['workflow/branch-action/branch'],
    before: 'error',
    since: '0.2.0',
    why: 'warning if the action belongs to the owner of this repository, who can push to both repositories.',
  },
  {
    of: ['workflow/broad-permissions/grave'],
    before: 'warning',
    since: '0.2.0',
    why: 'info if any of the jobs may need the permission because the job calls something defined elsewhere, so that the permission cannot be narrowed.',
  },
  {
    of: ['kubernetes/rbac-workloads/volumes'],
    before: 'warning',
    since: '0.2.0',
    why: 'info for the role of a provisioner, which reads storage classes and exists to create volumes.',
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
  { of: ['workflow/scan-without-gate/passes'], before: 'warning', since: '0.2.0', why: 'info if a comment on the line explains it.' },
  {
    of: ['workflow/dependabot-cooldown/none'],
    before: 'info',
    since: '0.2.0',
    why: 'As of July 2026, Dependabot waits three days by default.',
  },
  {
    of: ['policy/invalid-policy/predicate'],
    before: 'error',
    since: '0.2.0',
    why: 'policy-controller only warns about an unknown predicate type and uses it as is.',
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
    why: 'warning if the container runs only briefly: a person or a pipeline waits for it to exit (`--rm`, `-it`, a workflow step, a script that removes it again). Few reviewers would block a change over this in a brief run; in a service, all of them would.',
  },
  {
    of: ['privilege-escalation/missing', 'root-user/root', 'root-user/image', 'added-capabilities/extra'].flatMap(id => [
      `compose/${id}`,
      `run/${id}`,
    ]),
    before: 'warning',
    since: '0.2.0',
    why: 'info if the container does one task and exits: a person or a pipeline waits for it, other services wait until it has completed, its command ends by itself, or it is never restarted and publishes no port.',
  },
];
