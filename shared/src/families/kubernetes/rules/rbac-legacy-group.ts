import { defineRule, type Attachment, type Report } from '../../../rule/define-rule';
import { appendItem, removeNode, setValue } from '../../../syntax/yaml/operations';
import { wordsIn, writeWords } from '../fix/rbac';
import { groupsOf } from '../fix/rbac-wildcards';
import type { PolicyRule } from '../model/rbac';

/** Groups without a resource left, with the release that dropped the last one. */
const removedGroups: Readonly<Record<string, number>> = { extensions: 22, 'settings.k8s.io': 20, 'auditregistration.k8s.io': 19 };

type Reporter = Report<'removed' | 'resource' | 'any', 'successor' | 'drop' | 'list' | 'remove'>;

/** A rule with its lists; `null` where one of them is not all there. */
interface Words {
  readonly rule: PolicyRule;
  readonly groups: readonly string[] | null;
  readonly resources: readonly string[] | null;
}

/** What was in `extensions`; others of its resources have no successor. */
const moved = new Set(['daemonsets', 'deployments', 'replicasets', 'ingresses', 'networkpolicies']);

/** A removed group gives way to those that have its resources now, as far as the rule does not name them already; a rule that is for nothing else goes. */
function withoutGroup({ rule, groups, resources }: Words, group: string, minor: number, report: Reporter): Attachment | null {
  const index = groups?.indexOf(group);
  if (!groups || !resources || index === undefined || index !== groups.lastIndexOf(group)) return null;
  const names = group === 'extensions' ? resources.filter(name => moved.has(name.split('/', 1)[0]!)) : [];
  const [first, ...more] = (groupsOf(names, minor) ?? []).filter(name => !groups.includes(name));
  const path = [...rule.path, 'apiGroups'];
  if (first !== undefined) {
    const operations = [setValue([...path, index], first), ...more.map(name => appendItem(path, name))];
    return report.fix('successor', () => operations, { data: { group: [first, ...more].join(', ') } });
  }
  if (groups.length > 1) return report.fix('drop', () => [removeNode([...path, index])], { data: { word: group } });
  return resources.includes('*') ? null : report.fix('remove', () => [removeNode(rule.path)]);
}

/** A removed resource goes, and with it a rule that is for nothing else. */
function withoutResource({ rule, resources }: Words, resource: string, report: Reporter): Attachment | null {
  const index = resources?.indexOf(resource);
  if (!resources || index === undefined || index !== resources.lastIndexOf(resource)) return null;
  if (resources.length === 1) return report.fix('remove', () => [removeNode(rule.path)]);
  return report.fix('drop', () => [removeNode([...rule.path, 'resources', index])], { data: { word: resource } });
}

/** The groups that have the resources of a rule, in place of every group. */
function listGroups({ rule, groups, resources }: Words, minor: number, report: Reporter): Attachment | null {
  const known = groups?.length === 1 && resources && !rule.open ? groupsOf(resources, minor) : null;
  return known && report.fix('list', () => [writeWords(rule, 'apiGroups', known)], { assumes: [{ id: 'own' }] });
}

export const rule = defineRule({
  id: 'kubernetes/rbac-legacy-group',
  title: 'RBAC for a removed API group',
  severity: 'info',
  category: 'access',
  profile: 'recommended',
  references: { cisKubernetes: ['5.1.3'], nist800190: ['3.3.1', '4.3.1'], nsaCisa: ['7.1'], cwe: ['CWE-477', 'CWE-250'] },
  peers: {
    semgrep: ['legacy-api-clusterrole-excessive-permissions'],
  },
  messages: {
    removed: { text: '{object} names the API group "{group}", which Kubernetes 1.{since} removed' },
    resource: { text: '{object} names {resource}, which Kubernetes 1.{since} removed' },
    any: { text: '{object} names {resource} in every API group, including future ones' },
  },
  fixes: {
    successor: { title: 'Use API group {group} instead', class: 'attended' },
    drop: { title: 'Remove {word} from the rule', class: 'attended' },
    list: { title: 'List the API groups that contain the resources', class: 'attended' },
    remove: { title: 'Remove the RBAC rule', class: 'attended' },
  },
  assumptions: { own: "Only Kubernetes' own resources are needed, not custom resources with the same name" },
  on: {
    role(role, report, { kubernetesMinor }) {
      for (const rule of role.rules) {
        const { groups, resources } = rule;
        const words: Words = { rule, groups: wordsIn(rule, 'apiGroups'), resources: wordsIn(rule, 'resources') };
        for (const { text: group, range } of groups) {
          const since = Object.hasOwn(removedGroups, group) ? removedGroups[group]! : null;
          if (since !== null && kubernetesMinor >= since)
            report(range, 'removed', { group, since }, withoutGroup(words, group, kubernetesMinor, report));
          // a wildcard in the resources as well is what rbac-wildcard speaks of
          const [first] = resources;
          if (group === '*' && first && !resources.some(({ text }) => text === '*'))
            report(range, 'any', { resource: first.text }, listGroups(words, kubernetesMinor, report));
        }
        const policies = kubernetesMinor >= 25 ? resources.find(({ text }) => text === 'podsecuritypolicies') : undefined;
        if (policies)
          report(policies.range, 'resource', { resource: policies.text, since: 25 }, withoutResource(words, policies.text, report));
      }
    },
  },
});
