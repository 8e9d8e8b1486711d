import { defineRule, type Report } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { folderOf } from '../../../workspace/paths';
import { has, isLiteral, keyRange, mapAt, textAt } from '../model/spots';
import type { PolicyView } from '../model/types';

/** What is wrong with the parameters that a binding hands over, without a look at its policy. */
function checkParameters({ spec }: PolicyView, report: Report<'gone' | 'parameters' | 'none' | 'which' | 'allow', 'deny'>): void {
  const parameters = mapAt(spec, 'paramRef');
  if (!parameters) return;
  if (has(parameters, 'name') === has(parameters, 'selector')) report(keyRange(spec, 'paramRef')!, 'which');
  const action = textAt(parameters, 'parameterNotFoundAction');
  if (action?.text === 'Allow')
    report(
      action.range,
      'allow',
      {},
      report.fix('deny', () => [setValue(action.path, 'Deny')]),
    );
}

export const rule = defineRule({
  id: 'policy/dangling-binding',
  title: 'Binding to a missing policy',
  severity: 'warning',
  category: 'correctness',
  profile: 'recommended',
  references: {
    nist800190: ['3.3.5', '4.3.5'],
    cwe: ['CWE-693'],
    links: ['https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#parameter-resources'],
  },
  needsWhole: true,
  messages: {
    gone: { text: '{object} binds "{policy}", which is not in this workspace' },
    parameters: { text: '{object} passes no parameters to "{policy}", which needs them', severity: 'error' },
    none: { text: '{object} passes parameters to "{policy}", which takes none' },
    which: { text: '{object} is rejected: parameters must have either a name or a selector', severity: 'error' },
    allow: { text: '{object} allows everything while its parameters are missing' },
  },
  fixes: { deny: { title: 'Reject requests when parameters are missing', class: 'review' } },
  on: {
    policy(policy, report, { workspace, path }) {
      const { spec } = policy;
      if (policy.is !== 'ValidatingAdmissionPolicyBinding' && policy.is !== 'MutatingAdmissionPolicyBinding') return;
      checkParameters(policy, report);
      const name = textAt(spec, 'policyName');
      if (!name || !isLiteral(name) || !workspace.complete) return;
      const { policies } = workspace.admission();
      const all = policies.filter(fact => fact.is === 'policy');
      const same = all.filter(fact => fact.policy === name.text);
      // of several examples with the same names each has its own in its folder
      const near = same.filter(fact => folderOf(fact.path) === folderOf(path));
      const found = near.length > 0 ? near : same;
      const data = { policy: name.text };
      // without any policy here they are kept elsewhere; and one whose name is filled in later may be it
      if (found.length === 0 && all.length > 0 && all.every(fact => fact.policy !== '')) report(name.range, 'gone', data);
      if (found.length === 0) return;
      const hands = keyRange(spec, 'paramRef');
      if (!hands && found.every(fact => fact.takesParameters)) report(name.range, 'parameters', data);
      else if (hands && !found.some(fact => fact.takesParameters)) report(hands, 'none', data);
    },
  },
});
