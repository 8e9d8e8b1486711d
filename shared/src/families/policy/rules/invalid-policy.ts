import { defineRule } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { refusalsOf } from '../model/refusals';
import { flagAt } from '../model/spots';

export const rule = defineRule({
  id: 'policy/invalid-policy',
  title: 'Policy that its own controller refuses',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: {
    links: ['https://docs.sigstore.dev/policy-controller/overview/', 'https://kyverno.io/docs/policy-types/cluster-policy/verify-images/'],
  },
  peers: { 'policy-controller': ['admission'] },
  needsWhole: true,
  messages: {
    several: { text: '{object} is refused: {keys} exclude each other' },
    none: { text: '{object} is refused: one of {keys} is needed' },
    missing: { text: '{object} is refused: {key} is missing' },
    glob: { text: '{object} is refused: a pattern holds nothing but letters, digits and _-:/*.@' },
    expression: { text: '{object} is refused: the regular expression cannot be read' },
    value: { text: '{object} is refused: "{value}" is none of {allowed}' },
    static: { text: '{object} is refused: {key} has no place beside static' },
    audit: { text: '{object} is refused: what only reports must not change digests (mutateDigest: false)' },
    twice: { text: '{object} is refused: a rule is called "{value}" already' },
    predicate: { text: '{object} asks for attestations of type "{value}", which is neither known nor a URI', severity: 'info' },
    insecure: { text: '{object} is refused: policies are fetched over https alone' },
    notary: { text: '{object} is refused: Notary verifies by certificates, {key} are for Cosign' },
    idle: { text: '{object} is refused: it looks neither at requests nor at what is there already' },
    requests: { text: '{object} is refused: {key} needs requests, and it sees none' },
    long: { text: '{object} is refused: the name of a rule has at most 63 characters' },
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
