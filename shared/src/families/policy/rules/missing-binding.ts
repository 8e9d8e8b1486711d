import { defineRule, weighs } from '../../../rule/define-rule';
import { isVariable } from '../../../syntax/yaml/certainty';
import { insertDocument } from '../../../syntax/yaml/operations';
import type { AdmissionFact } from '../../../workspace/admission-facts';

/** Whether most policies have no binding: a library of them, for others to bind. */
function isLibrary(facts: readonly AdmissionFact[]): boolean {
  const known = libraries.get(facts);
  if (known !== undefined) return known;
  const bound = new Set(facts.filter(({ is }) => is === 'binding').map(({ policy }) => policy));
  const policies = facts.filter(({ is }) => is === 'policy');
  const library = policies.filter(({ policy }) => !bound.has(policy)).length * 2 > policies.length;
  libraries.set(facts, library);
  return library;
}

/** Worked out once, not for each policy. */
const libraries = new WeakMap<readonly AdmissionFact[], boolean>();

export const rule = defineRule({
  id: 'policy/missing-binding',
  title: 'Admission policy without a binding',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: {
    cisKubernetes: ['5.2.1'],
    nist800190: ['3.3.5', '4.3.5'],
    cwe: ['CWE-693'],
    links: ['https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/'],
  },
  needsWhole: true,
  messages: {
    unbound: { text: '{object} is never applied: no binding here names it' },
    lone: { text: '{object} is not applied until a binding names it, and no binding here does', severity: 'info', profile: 'recommended' },
  },
  fixes: { bind: { title: 'Add a binding that rejects violations', class: 'attended' } },
  assumptions: { everywhere: 'The policy may reject objects in every namespace' },
  on: {
    policy({ is, name, labels, reportRange, apiVersion }, report, { workspace }) {
      if ((is !== 'ValidatingAdmissionPolicy' && is !== 'MutatingAdmissionPolicy') || name === null || isVariable(name)) return;
      // Kyverno writes both, and keeps them together
      if (labels.get('app.kubernetes.io/managed-by')?.value === 'kyverno' || !workspace.complete) return;
      const { policies } = workspace.admission();
      if (policies.some(fact => fact.is === 'binding' && (fact.policy === name || fact.policy === ''))) return;
      const isValidating = is === 'ValidatingAdmissionPolicy';
      const fix = report.fix(
        'bind',
        () => [
          insertDocument(
            {
              apiVersion,
              kind: `${is}Binding`,
              metadata: { name },
              spec: { policyName: name, ...(isValidating && { validationActions: ['Deny'] }) },
            },
            ['validationActions'],
          ),
        ],
        { assumes: [{ id: 'everywhere' }] },
      );
      // bindings of others show that they are kept here
      const messageId = policies.some(fact => fact.is === 'binding') ? 'unbound' : 'lone';
      report(reportRange, messageId, {}, messageId === 'unbound' && isLibrary(policies) && weighs('info'), fix);
    },
  },
});
