import { defineRule } from '../../../rule/define-rule';
import type { Range } from '../../../base/text/range';
import { setValue, type YamlOperation } from '../../../syntax/yaml/operations';
import type { WorkspaceIndex } from '../../../workspace/types';
import { flagAt, textAt } from '../model/spots';
import { admissionOff } from '../model/actions';
import { enforcementOf, type Enforcement } from '../model/enforcement';
import type { PolicyView, VerificationView } from '../model/types';

/** Whether a binding only tells what another binding of the same policy refuses elsewhere: its author sets up each. */
function isOneOfSeveral(policy: PolicyView, workspace: WorkspaceIndex): boolean {
  const name = policy.is === 'ValidatingAdmissionPolicyBinding' ? textAt(policy.spec, 'policyName')?.text : undefined;
  return name !== undefined && workspace.admission().policies.some(fact => fact.refuses && fact.policy === name);
}

/** Whether a verification asks for a signature at all: one that lets every image pass is there for the policy beside it. */
function asksSignature({ authorities }: VerificationView): boolean {
  return authorities.length === 0 || authorities.some(({ kind }) => kind !== 'static');
}

/** What makes a policy refuse: the value that decides gets another, or the field is added where the default decides. */
function enforce(policy: PolicyView, points: readonly Enforcement[]): readonly YamlOperation[] {
  const done = new Set<string>();
  return points.flatMap(({ action, path, word, after, verification }) => {
    const at = action.spot?.path ?? path;
    const key = at.join('/');
    const operations: YamlOperation[] = done.has(key) ? [] : [setValue(at, word, after)];
    done.add(key);
    // it was false because Kyverno refuses a policy that only reports and changes digests
    if (verification?.settings && verification.engine === 'kyverno' && flagAt(verification.settings, 'mutateDigest', false))
      operations.push(setValue([...verification.settings.path, 'mutateDigest'], true));
    return operations;
  });
}

export const rule = defineRule({
  id: 'policy/audit-only',
  title: 'Policy that only reports violations',
  severity: 'info',
  category: 'access',
  profile: 'recommended',
  references: { cisKubernetes: ['5.2.1'], nist800190: ['3.3.5', '4.3.5'], cwe: ['CWE-693'] },
  needsWhole: true,
  messages: {
    reports: { text: '{object} rejects nothing: it only reports violations' },
    images: { text: '{object} admits unsigned images: it only reports them', severity: 'warning' },
    off: { text: '{object} does not check requests: it only checks existing objects' },
  },
  fixes: { enforce: { title: 'Reject objects that violate the policy', class: 'attended' } },
  assumptions: { 'reports-clean': "The policy's reports show no violations by anything that has to keep running" },
  on: {
    policy(policy, report, { workspace, path }) {
      const off = admissionOff(policy);
      if (off) report(off.range, 'off');
      const points = enforcementOf(policy);
      if (points.length === 0 || points.some(({ action }) => action.enforced !== false)) return;
      // what a kustomization patches is not what the cluster gets
      const isPatched = ({ action }: Enforcement): boolean =>
        action.spot !== null && workspace.fillsIn(path, policy, action.spot.path.join('.'), true);
      if (points.some(isPatched) || isOneOfSeveral(policy, workspace)) return;
      const first = points.find(({ verification }) => verification) ?? points[0]!;
      const range: Range = first.action.node?.range ?? first.range;
      const fix = report.fix('enforce', () => enforce(policy, points), { assumes: [{ id: 'reports-clean' }] });
      report(range, first.verification && asksSignature(first.verification) ? 'images' : 'reports', {}, fix);
    },
  },
});
