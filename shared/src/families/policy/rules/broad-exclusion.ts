import { defineRule, type Report } from '../../../rule/define-rule';
import { removeNode } from '../../../syntax/yaml/operations';
import type { Range } from '../../../base/text/range';
import { short } from '../../../base/limits/short';
import type { WorkspaceIndex } from '../../../workspace/types';
import type { Path } from '../../../syntax/yaml/types';
import { isCovered } from '../model/coverage';
import { enforcementOf } from '../model/enforcement';
import { areTooMany } from '../model/globs';
import { filtersOf } from '../model/matches';
import { filterReach } from '../model/reach';
import { has, keyRange, mapAt, mapIn, mapsAt, textAt, textsAt, type MapSpot } from '../model/spots';
import type { PolicyView, RuleView } from '../model/types';
import { verificationsOf } from '../model/verifications';

type OwnReport = Report<
  'label' | 'names' | 'everybody' | 'admin' | 'namespaces' | 'updates' | 'exception' | 'namespace-label' | 'here',
  'remove'
>;

const everybody = /^system:(?:authenticated|unauthenticated|serviceaccounts)$/;

function checkFilter(
  filter: MapSpot,
  say: (id: 'label' | 'names' | 'everybody' | 'admin' | 'namespaces' | 'updates', range: Range, found: string) => void,
): void {
  const resources = mapAt(filter, 'resources');
  // with a namespace beside it, it is those who may write there
  const isBound =
    has(resources, 'namespaces') ||
    has(resources, 'namespaceSelector') ||
    ['subjects', 'roles', 'clusterRoles'].some(key => has(filter, key));
  for (const key of ['selector', 'annotations']) {
    const range = isBound ? null : keyRange(resources, key);
    if (range) say('label', range, key === 'selector' ? 'label' : 'annotation');
  }
  for (const name of isBound ? [] : [...textsAt(resources, 'names'), ...[textAt(resources, 'name')].flatMap(each => each ?? [])])
    if (name.text.startsWith('*')) say('names', name.range, name.text);
  for (const space of textsAt(resources, 'namespaces')) if (space.text === '*') say('namespaces', space.range, '*');
  for (const operation of textsAt(resources, 'operations')) if (operation.text === 'UPDATE') say('updates', operation.range, 'UPDATE');
  for (const subject of mapsAt(filter, 'subjects')) {
    const name = textAt(subject, 'name');
    if (name && everybody.test(name.text)) say('everybody', name.range, name.text);
  }
  for (const role of textsAt(filter, 'clusterRoles')) if (role.text === 'cluster-admin') say('admin', role.range, role.text);
}

/** Whether a selector takes in namespaces by a label of their own alone: who may label them takes that away as well as they add one that excludes. */
function isByLabel(selector: MapSpot | null): boolean {
  const isOwn = (key: string): boolean => key !== 'kubernetes.io/metadata.name';
  const byExpression = mapsAt(selector, 'matchExpressions').some(
    each => /^(?:In|Exists)$/.test(textAt(each, 'operator')?.text ?? '') && isOwn(textAt(each, 'key')?.text ?? ''),
  );
  return byExpression || (mapAt(selector, 'matchLabels')?.map.entries ?? []).some(({ name }) => isOwn(name));
}

/** Requirements on labels that leave out what has, or has not, a label. */
function checkSelector(selector: MapSpot | null, label: 'label' | 'namespace-label', report: OwnReport): void {
  if (label === 'namespace-label' && isByLabel(selector)) return;
  for (const each of mapsAt(selector, 'matchExpressions')) {
    const key = textAt(each, 'key');
    if (!key || key.text === 'kubernetes.io/metadata.name' || !/^(?:NotIn|DoesNotExist)$/.test(textAt(each, 'operator')?.text ?? ''))
      continue;
    report(key.range, label, { found: label === 'label' ? 'label' : key.text }, removal(report, each.path));
  }
}

function removal(report: OwnReport, path: Path): ReturnType<OwnReport['fix']> {
  return report.fix('remove', () => [removeNode(path, true)], { assumes: [{ id: 'nothing-needs-it' }] });
}

/** Namespaces of the cluster itself, which are left out on purpose. */
const ofCluster = /^(?:kube-|kyverno|cert-manager|gatekeeper|cosign-system)/;

/** Reports an exclusion from a verification that takes in a workload here whose image it would verify. */
function checkWorkloads(rule: RuleView, workspace: WorkspaceIndex, report: OwnReport): void {
  const verifications = verificationsOf(rule.policy).filter(each => each.rule === rule);
  const filters = verifications.length > 0 && workspace.complete ? filtersOf(rule, 'exclude') : [];
  const workloads = filters.length > 0 ? workspace.workloads() : [];
  const patterns = verifications.flatMap(each => each.patterns);
  if (areTooMany(patterns.length + filters.length, workloads.length)) return;
  for (const filter of filters) {
    const found = workloads.find(
      workload =>
        !ofCluster.test(workload.namespace ?? '') &&
        filterReach(filter, workload) === true &&
        workload.containers.some(({ image }) => image !== null && verifications.some(each => isCovered(each, image))),
    );
    const range = found && (keyRange(mapAt(filter, 'resources'), 'namespaces') ?? keyRange(filter, 'resources'));
    if (range) report(range, 'here', { found: `${short(found.kind)} ${short(found.name)}` });
  }
}

function checkException(policy: PolicyView, report: OwnReport): void {
  const filters = [...mapsAt(mapAt(policy.spec, 'match'), 'any'), ...mapsAt(mapAt(policy.spec, 'match'), 'all')];
  const isWide =
    filters.length > 0 &&
    filters.every(filter => {
      const resources = mapAt(filter, 'resources');
      return !['namespaces', 'names', 'name', 'selector', 'namespaceSelector'].some(key => has(resources, key)) && !has(filter, 'subjects');
    });
  for (const exception of isWide ? mapsAt(policy.spec, 'exceptions') : [])
    for (const name of textsAt(exception, 'ruleNames')) if (name.text === '*') report(name.range, 'exception');
}

export const rule = defineRule({
  id: 'policy/broad-exclusion',
  title: 'Exclusion that allows the policy to be bypassed',
  severity: 'warning',
  category: 'access',
  profile: 'recommended',
  references: { nist800190: ['3.3.5', '4.3.5'], cwe: ['CWE-693'] },
  messages: {
    label: { text: 'Anyone who creates an object can use its {found} to bypass {object}' },
    names: { text: 'Anyone who creates an object can give it a name ({found}) that bypasses {object}' },
    everybody: { text: 'Requests from {found} (every authenticated user, or every service account) bypass {object}' },
    admin: { text: '{object} does not apply to cluster-admin, which controllers and pipelines often have', severity: 'info' },
    namespaces: { text: '{object} applies in no namespace' },
    updates: { text: 'Anyone who creates an object can update it into something that {object} rejects' },
    exception: { text: '{object} grants an exception to every rule, in every namespace' },
    here: {
      text: '{object} excludes {found} in this workspace, so none of its images are verified',
      severity: 'info',
    },
    'namespace-label': { text: 'Anyone who can label a namespace ({found}) can exempt it from {object}' },
  },
  fixes: { remove: { title: 'Remove the exclusion', class: 'attended' } },
  assumptions: { 'nothing-needs-it': 'Without the exclusion, nothing that has to run is rejected' },
  on: {
    rule(rule, report, { workspace }) {
      checkWorkloads(rule, workspace, report);
      // what a rule would only write opens no way around
      if (!has(rule.at, 'validate') && !has(rule.at, 'verifyImages')) return;
      for (const filter of filtersOf(rule, 'exclude')) {
        const isItem = typeof filter.path.at(-1) === 'number';
        checkFilter(filter, (id, range, found) => report(range, id, { found }, isItem && removal(report, filter.path)));
      }
    },
    policy(policy, report) {
      const { is, spec } = policy;
      if (is === 'PolicyException') return checkException(policy, report);
      const at = is === 'ValidatingAdmissionPolicyBinding' ? mapAt(spec, 'matchResources') : mapIn(spec, 'matchConstraints');
      if (!['ValidatingAdmissionPolicyBinding', 'ValidatingAdmissionPolicy', 'ValidatingPolicy', 'ImageValidatingPolicy'].includes(is))
        return;
      // a way around what refuses nothing is none
      if (enforcementOf(policy).some(({ action }) => action.enforced === false)) return;
      checkSelector(mapAt(at, 'objectSelector'), 'label', report);
      checkSelector(mapAt(at, 'namespaceSelector'), 'namespace-label', report);
    },
  },
});
