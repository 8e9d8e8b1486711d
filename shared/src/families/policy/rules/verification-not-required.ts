import { defineRule, noFix } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { flagAt } from '../model/spots';
import { verifiesNothing } from '../model/verifications';

export const rule = defineRule({
  id: 'policy/verification-not-required',
  title: 'Image verification that is not required',
  severity: 'error',
  category: 'supply-chain',
  profile: 'baseline',
  references: { cisKubernetes: ['5.5.1'], nist800190: ['3.1.5', '4.1.5'], cwe: ['CWE-347'] },
  messages: {
    required: { text: '{object} admits images that were never verified' },
    digest: { text: '{object} admits images without a digest, which may differ from those that were verified' },
    pinned: {
      text: '{object} relies only on its own webhook to add digests',
      severity: 'info',
      profile: 'recommended',
    },
  },
  fixes: { on: { title: 'Set {field}: true', class: 'review' } },
  assumptions: { signed: 'Every image that the policy matches is signed' },
  on: {
    verification(verification, report) {
      const { settings, action } = verification;
      if (action.enforced !== true || !settings) return;
      for (const field of ['required', 'verifyDigest'] as const) {
        const node = flagAt(settings, field, false);
        if (!node) continue;
        if (verifiesNothing(verification)) {
          if (field === 'required') report(node.range, 'required', {}, noFix('manual', 'the policy does not name a signer to verify'));
          continue;
        }
        const id = field === 'required' ? 'required' : flagAt(settings, 'mutateDigest', false) ? 'digest' : 'pinned';
        const fix = report.fix('on', () => [setValue([...settings.path, field], true)], { data: { field }, assumes: [{ id: 'signed' }] });
        report(node.range, id, {}, fix);
      }
    },
  },
});
