import type { YamlPiece } from '../family/types';
import { shift } from '../../base/text/range';
import { isVariable } from '../../syntax/yaml/certainty';
import { podsBeside, type FragmentsFact } from '../../workspace/kustomize-facts';
import type { AdmissionFact, PolicyTextFact } from '../../workspace/admission-facts';
import type { FileFacts } from '../../workspace/types';
import { askedOf, mentionsOthers } from './model/containers';
import { enforcementOf } from './model/enforcement';
import { policiesOf } from './model/read';
import { has, textAt } from './model/spots';
import type { PolicyKind, PolicyView } from './model/types';

/** Longer texts are no policies that anybody wrote. */
export const longestText = 1 << 18;

/** What is judged by, or belongs to what is. */
const judging: ReadonlySet<PolicyKind> = new Set([
  'ClusterPolicy',
  'ValidatingPolicy',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'PolicyException',
]);

function textFact({ is, document, at, kind, name, reportRange, complete }: PolicyView, path: string, base: number): PolicyTextFact | null {
  if (!judging.has(is) || !complete || document.templated) return null;
  const text = document.text.length > longestText ? null : document.text;
  return {
    type: 'policy-text',
    path,
    range: shift(reportRange, base),
    of: kind,
    name: name === null || isVariable(name) ? '' : name,
    text,
    at: at.path,
  };
}

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
          as: 'what a policy is tested against',
          files: [podsBeside(path)],
          whole: [],
        },
      ]
    : [];
  const admission = policies.flatMap((policy): AdmissionFact[] => {
    const isPolicy = policy.is === 'ValidatingAdmissionPolicy' || policy.is === 'MutatingAdmissionPolicy';
    const isBinding = policy.is === 'ValidatingAdmissionPolicyBinding' || policy.is === 'MutatingAdmissionPolicyBinding';
    const asks = !isBinding && mentionsOthers(policy) ? askedOf(policy) : '';
    if (!isPolicy && !isBinding && asks === '') return [];
    const name = isBinding ? (textAt(policy.spec, 'policyName')?.text ?? null) : policy.name;
    return [
      {
        type: 'admission',
        path,
        range: shift(policy.reportRange, base),
        is: isPolicy ? 'policy' : isBinding ? 'binding' : 'check',
        policy: name === null || isVariable(name) ? '' : name,
        takesParameters: isPolicy && has(policy.spec, 'paramKind'),
        refuses: isBinding && enforcementOf(policy).some(({ action }) => action.enforced === true),
        asksOthers: asks,
      },
    ];
  });
  return [...admission, ...policies.flatMap(policy => textFact(policy, path, base) ?? []), ...beside];
}
