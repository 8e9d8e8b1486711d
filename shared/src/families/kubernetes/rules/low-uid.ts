import { mayChange } from '../../../syntax/yaml/certainty';
import { setValue } from '../../../syntax/yaml/operations';
import { defineRule, noFix, type Report, type RuleContext } from '../../../rule/define-rule';
import { knownImage } from '../fix/image';
import { runsOnWindows } from '../fix/windows';
import { numberOf } from '../../../syntax/yaml/values';
import { ownSetting, podSetting } from '../model/security';
import type { ContainerView, PodView, Setting } from '../model/types';

const fields = ['runAsUser', 'runAsGroup'] as const;
const words = { runAsUser: 'user', runAsGroup: 'group' } as const;

/** A number that may be somebody's on the node; 0 is root's, of which run-as-root speaks. */
const isLow = (setting: Setting<number> | null, minimum: number): setting is Setting<number> =>
  setting !== null && setting.value !== null && setting.value > 0 && setting.value < minimum;

/** The user that an image was made for; `null`: none, or not known. */
const imageUser = (container: ContainerView, context: Pick<RuleContext, 'workspace'>): number | null => {
  const profile = knownImage(container, context)?.profile;
  return profile?.runAs.uid ?? (profile?.defaultUser?.uid || null);
};

/** Where numbers mean nothing to the node: on Windows, and in a user namespace, which maps them to others. */
const isExempt = (pod: PodView): boolean => pod.hostUsers === false || mayChange(pod.node.get('hostUsers')) || runsOnWindows(pod);

function reportLow(
  report: Report<'user' | 'group', 'raise'>,
  field: (typeof fields)[number],
  { node, path, value }: Setting<number>,
  containers: readonly ContainerView[],
  context: RuleContext<{ readonly minimum: number }>,
): void {
  const { options, defaults } = context;
  const what = words[field];
  const id = field === 'runAsUser' ? defaults.uid : defaults.gid;
  const own = containers.map(container => imageUser(container, context)).find(user => user !== null) ?? null;
  const fix =
    id >= options.minimum &&
    report.fix('raise', () => [setValue(path, id)], {
      data: { what, id },
      assumes: [{ id: 'ownership', data: { what, id } }],
    });
  report(node.range, what, { id: value ?? '' }, fix, own !== null && noFix('unknown-image', `its image was built to run as user ${own}`));
}

export const rule = defineRule({
  id: 'kubernetes/low-uid',
  title: 'UID or GID that overlaps with the host',
  severity: 'info',
  category: 'privilege',
  profile: 'strict',
  references: { cisKubernetes: ['5.6.3'], nist800190: ['3.4.3', '3.5.2', '4.4.3', '4.5.2'], nsaCisa: ['1.0'], cwe: ['CWE-250'] },
  peers: {
    trivy: ['KSV-0020', 'KSV-0021'],
    checkov: ['CKV_K8S_40'],
    'kube-score': ['container-security-context-user-group-id'],
    kubesec: ['RunAsUser', 'RunAsGroup'],
    kics: ['containers_run_with_low_uid'],
    'kyverno-policies': ['require-unique-uid-per-workload'],
  },
  options: {
    minimum: { type: 'number', description: 'The lowest ID that is unused on the nodes', default: 10000, minimum: 1 },
  },
  messages: {
    user: { text: 'User {id} may exist on the node' },
    group: { text: 'Group {id} may exist on the node' },
    unset: { text: 'Container "{container}" takes its user and group IDs from the image: the same IDs may be in use on the node' },
    'unset-user': { text: 'Container "{container}" takes its user from the image: that user may exist on the node' },
    'unset-group': { text: 'Container "{container}" takes its group from the image: that group may exist on the node' },
  },
  fixes: { raise: { title: 'Run as {what} {id}', class: 'attended' } },
  assumptions: { ownership: 'No files in the image or its volumes need to be owned by a {what} other than {id}' },
  on: {
    pod(pod, report, context) {
      if (!pod.securityContext) return;
      for (const field of fields) {
        const setting = podSetting(pod, [field], numberOf);
        if (isLow(setting, context.options.minimum) && !isExempt(pod)) reportLow(report, field, setting, pod.containers, context);
      }
    },
    container(container, report, context) {
      const unset: ('user' | 'group')[] = [];
      for (const field of fields) {
        const setting = ownSetting(container, [field], numberOf);
        if (isLow(setting, context.options.minimum) && !isExempt(container.pod)) reportLow(report, field, setting, [container], context);
        else if (!setting && !podSetting(container.pod, [field], numberOf)) unset.push(words[field]);
      }
      const [first, second] = unset;
      if (first === undefined || !container.complete || isExempt(container.pod)) return;
      report(container.reportRange, second === undefined ? `unset-${first}` : 'unset');
    },
  },
});
