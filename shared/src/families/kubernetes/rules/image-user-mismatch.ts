import { setValue } from '../../../syntax/yaml/operations';
import { findImageProfile } from '../../../knowledge/image-profiles';
import { containerFlag, runAsNonRoot, runAsUser } from '../model/security';
import { imageUserOf } from '../model/effective-user';
import type { ContainerView } from '../model/types';
import type { Assumption } from '../../../rule/fix/types';
import { defineRule, noFix, type Attachment, type Report } from '../../../rule/define-rule';
import type { ImageBuild, StageFact, WorkspaceIndex } from '../../../workspace/types';

type MismatchReport = Report<'root' | 'name' | 'range' | 'port' | 'volume' | 'user' | 'exposed' | 'declared', 'uid' | 'dockerfile'>;

/** Kinds that OpenShift alone has; its default constraints give pods a user of the range of their namespace, and refuse another (restricted-v2). */
const openShift = ['SecurityContextConstraints.security.openshift.io', 'Route.route.openshift.io', 'DeploymentConfig.apps.openshift.io'];

/** The kubelet's check of `runAsNonRoot` where no `runAsUser` answers it. */
function checkUser(container: ContainerView, stage: StageFact | null, report: MismatchReport, workspace: WorkspaceIndex): void {
  const flag = runAsNonRoot(container);
  const { image } = container;
  if (flag?.value !== true || !image || runAsUser(container) || !container.complete) return;
  const user = imageUserOf(image.text, stage, workspace);
  if (!user || user.value === '' || /^[1-9]\d*$/.test(user.value)) return;
  const root = /^(?:root|0+)$/.test(user.value);
  const data = { user: user.value };
  const related = user.place && report.related(user.place.range, 'user', { user: user.value }, user.place.path);
  const uid = user.uid || (root ? (findImageProfile(stage?.base ?? image.text)?.runAs.uid ?? null) : null);
  const kind = openShift.find(one => workspace.isIndexed(one, null));
  const fixes: Attachment[] = [];
  const facts = stage === null ? workspace.imageFacts(image.text) : null;
  if (uid !== null && container.path.every(step => step !== 'ephemeralContainers')) {
    const set = () => [setValue([...container.securityContextPath, 'runAsUser'], uid)];
    const assumes: readonly Assumption[] = [
      ...(root ? [{ id: 'other' }] : []),
      ...(kind ? [{ id: 'no-range', data: { kind }, evidence: true as const }] : []),
    ];
    fixes.push(report.fix('uid', set, assumes.length > 0 ? { data: { uid }, class: 'attended', assumes } : { data: { uid } }));
    if (user.written && user.place && !root) {
      const { path, range } = user.place;
      fixes.push(
        report.fix('dockerfile', () => [], { data: { uid }, class: 'attended', elsewhere: { path, range, newText: String(uid) } }),
      );
    }
  } else if (facts?.claimedUid != null) {
    const claimed = { user: user.value, uid: facts.claimedUid };
    const set = () => [setValue([...container.securityContextPath, 'runAsUser'], claimed.uid)];
    fixes.push(
      report.fix('uid', set, {
        data: claimed,
        class: 'attended',
        assumes: [{ id: 'claimed', data: { ...claimed, digest: facts.digest } }],
      }),
    );
  } else fixes.push(noFix(facts ? 'needs-input' : 'unknown-image'));
  report(image.range, kind ? 'range' : root ? 'root' : 'name', data, related, ...fixes);
}

/** What the manifest says of ports and paths, against what the Dockerfile says. */
function checkDeclared(container: ContainerView, stage: StageFact, report: MismatchReport): void {
  if (stage.ports.length > 0 && !stage.morePorts) {
    for (const { node, containerPort, protocol } of container.ports) {
      if (containerPort === null || stage.ports.some(p => p.port <= containerPort && containerPort <= p.to && p.protocol === protocol))
        continue;
      const entry = node.entry('containerPort');
      const [first] = stage.ports as [(typeof stage.ports)[number]];
      report(
        entry?.value?.range ?? container.reportRange,
        'port',
        { port: containerPort },
        report.related(first.range, 'exposed', {}, first.path),
      );
    }
  }
  const root = containerFlag(container, 'readOnlyRootFilesystem');
  if (root?.value !== true) return;
  for (const { target, range, path } of stage.volumes) {
    const covered = container.mounts.some(
      ({ mountPath }) => mountPath !== null && (mountPath === target || target.startsWith(`${mountPath}/`)),
    );
    if (!covered) report(root.node.range, 'volume', { path: target }, report.related(range, 'declared', {}, path));
  }
}

export const rule = defineRule({
  id: 'kubernetes/image-user-mismatch',
  title: 'runAsNonRoot with an image whose user is root or is set by name',
  severity: 'error',
  category: 'privilege',
  profile: 'recommended',
  references: { nist800190: ['3.4.3', '4.4.3'], nsaCisa: ['1.0'], pss: ['run-as-non-root'], cwe: ['CWE-250'] },
  messages: {
    root: { text: 'Container "{container}" cannot start: its image runs as root, which runAsNonRoot forbids' },
    name: { text: 'Container "{container}" cannot start: the kubelet cannot verify that "{user}" is not root' },
    range: {
      text: 'Container "{container}" starts only if the cluster assigns it a user ID: the image sets user "{user}"',
      severity: 'info',
    },
    port: { text: 'The image does not expose port {port}', severity: 'info' },
    volume: { text: 'The image declares a volume at {path}: whether it is writable depends on the container runtime', severity: 'info' },
    user: { text: 'The image runs as {user}' },
    exposed: { text: "The image's ports" },
    declared: { text: 'The image declares the volume here' },
  },
  fixes: {
    uid: { title: 'Run as user {uid}', class: 'review' },
    dockerfile: { title: 'Set USER {uid} in the Dockerfile', class: 'attended' },
  },
  assumptions: {
    other: 'The image works when run as the user that the fix sets',
    claimed: '"{user}" has UID {uid}, as the history of image {digest} claims',
    'no-range': 'Unlike OpenShift, the cluster does not assign users to pods, despite the {kind} in the directory',
  },
  on: {
    container(container, report, { workspace }) {
      const { image, pod } = container;
      if (!image || image.variable || pod.isWindows || pod.object.fragment) return;
      const [build]: readonly ImageBuild[] = workspace.buildsOf(image.text);
      checkUser(container, build?.stage ?? null, report, workspace);
      if (build) checkDeclared(container, build.stage, report);
    },
  },
});
