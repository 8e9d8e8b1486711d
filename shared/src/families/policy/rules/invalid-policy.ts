import { defineRule } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { refusalsOf } from '../model/refusals';
import { flagAt } from '../model/spots';

export const rule = defineRule({
  id: 'policy/invalid-policy',
  title: 'Policy that its own controller rejects',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: {
    links: ['https://docs.sigstore.dev/policy-controller/overview/', 'https://kyverno.io/docs/policy-types/cluster-policy/verify-images/'],
  },
  peers: { 'policy-controller': ['admission'] },
  needsWhole: true,
  messages: {
    several: { text: '{object} is rejected: {keys} cannot be combined' },
    none: { text: '{object} is rejected: one of {keys} is required' },
    missing: { text: '{object} is rejected: {key} is missing' },
    glob: { text: '{object} is rejected: a pattern can contain only letters, digits and _-:/*.@' },
    expression: { text: '{object} is rejected: the regular expression does not parse' },
    value: { text: '{object} is rejected: "{value}" is not one of {allowed}' },
    static: { text: '{object} is rejected: {key} cannot be combined with static' },
    audit: { text: '{object} is rejected: a policy that only reports must not change digests (mutateDigest: false)' },
    twice: { text: '{object} is rejected: another rule is already called "{value}"' },
    predicate: { text: '{object} requires attestations of type "{value}", which is neither a known type nor a URI', severity: 'info' },
    insecure: { text: '{object} is rejected: policies are fetched only over https' },
    notary: { text: '{object} is rejected: Notary verifies signatures with certificates; {key} are only for Cosign' },
    idle: { text: '{object} is rejected: it checks neither requests nor existing objects' },
    requests: { text: '{object} is rejected: {key} works only on requests, which the policy does not check' },
    long: { text: '{object} is rejected: a rule name can have at most 63 characters' },
  },
  fixes: { audit: { title: 'Set mutateDigest: false', class: 'review' } },
  on: {
    policy(policy, report) {
      for (const { range, id, data, mutate } of refusalsOf(policy)) {
        const fix =
          mutate &&
          report.fix('audit', () => [
            setValue([...mutate.path, 'mutateDigest'], false, flagAt(mutate, 'mutateDigest', true) ? undefined : 'imageReferences'),
          ]);
        report(range, id, data, fix);
      }
    },
  },
});
