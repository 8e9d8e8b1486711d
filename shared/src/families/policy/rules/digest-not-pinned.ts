import { defineRule } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { flagAt } from '../model/spots';
import { verifiesNothing } from '../model/verifications';

export const rule = defineRule({
  id: 'policy/digest-not-pinned',
  title: 'Verified tag is not replaced by its digest',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: { nist800190: ['3.1.5', '4.1.5'], cwe: ['CWE-345'] },
  messages: { tag: { text: '{object} verifies a tag but does not pin its digest: the node may pull another image' } },
  fixes: { pin: { title: 'Replace the tag with the verified digest', class: 'review' } },
  assumptions: {
    'no-drift': 'If a tool compares the objects in the cluster with those in Git, it ignores differences between image references',
  },
  on: {
    verification(verification, report) {
      const { settings, action } = verification;
      // Kyverno refuses a policy that only reports and changes digests
      const node = action.enforced === true ? flagAt(settings, 'mutateDigest', false) : null;
      if (!node || !settings || verifiesNothing(verification)) return;
      const fix = report.fix('pin', () => [setValue([...settings.path, 'mutateDigest'], true)], { assumes: [{ id: 'no-drift' }] });
      report(node.range, 'tag', {}, fix);
    },
  },
});
