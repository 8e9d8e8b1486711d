import type { YamlPiece } from '../family/types';
import { shift } from '../../base/text/range';
import { isVariable } from '../../syntax/yaml/certainty';
import { podsBeside, type FragmentsFact } from '../../workspace/kustomize-facts';
import type { AdmissionFact } from '../../workspace/admission-facts';
import type { FileFacts } from '../../workspace/types';
import { policiesOf } from './model/read';
import { has, textAt } from './model/spots';

/** What the policies of a document tell other files: which there are, which of them bindings name, and what pods beside them are for. */
export function policyFacts({ document, dialect, path, base }: YamlPiece): FileFacts {
  const policies = policiesOf(document, dialect);
  const first = policies.find(({ is }) => !/(?:Binding|Exception)$/.test(is));
  const beside: FragmentsFact[] = first
    ? [
        {
          type: 'fragments',
          path,
          range: shift(first.reportRange, base),
          as: 'what a policy is tried on',
          files: [podsBeside(path)],
          whole: [],
        },
      ]
    : [];
  const admission = policies.flatMap((policy): AdmissionFact[] => {
    const isPolicy = policy.is === 'ValidatingAdmissionPolicy' || policy.is === 'MutatingAdmissionPolicy';
    const isBinding = policy.is === 'ValidatingAdmissionPolicyBinding' || policy.is === 'MutatingAdmissionPolicyBinding';
    if (!isPolicy && !isBinding) return [];
    const name = isPolicy ? policy.name : (textAt(policy.spec, 'policyName')?.text ?? null);
    return [
      {
        type: 'admission',
        path,
        range: shift(policy.reportRange, base),
        is: isPolicy ? 'policy' : 'binding',
        policy: name === null || isVariable(name) ? '' : name,
        takesParameters: isPolicy && has(policy.spec, 'paramKind'),
      },
    ];
  });
  return [...admission, ...beside];
}
