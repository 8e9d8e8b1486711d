import { defineRule } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { enforcementOf } from '../model/enforcement';
import { mapAt, mapsAt, textAt } from '../model/spots';

export const rule = defineRule({
  id: 'policy/failure-policy-ignore',
  title: 'Policy that is skipped when its webhook fails',
  severity: 'warning',
  category: 'reliability',
  profile: 'recommended',
  references: {
    nist800190: ['3.3.5', '4.3.5'],
    cwe: ['CWE-693'],
    links: ['https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#failure-policy'],
  },
  messages: {
    images: { text: 'Images are admitted without being verified whenever the registry or the webhook does not answer', severity: 'error' },
    ignored: { text: '{object} is skipped whenever its check fails or does not answer' },
    reports: { text: '{object} reports nothing whenever its check fails or does not answer', severity: 'info' },
    webhook: { text: 'Requests are admitted without the webhook "{name}" whenever it does not answer', severity: 'info' },
  },
  fixes: { fail: { title: 'Refuse what cannot be checked', class: 'review' } },
  assumptions: {
    available: 'Whatever answers has more than one replica, and does not check its own namespace and kube-system',
  },
  on: {
    policy(policy, report) {
      const { spec, at, is } = policy;
      const isWebhook = is === 'WebhookConfiguration';
      for (const spot of isWebhook ? mapsAt(at, 'webhooks') : [spec, mapAt(spec, 'webhookConfiguration')]) {
        const value = textAt(spot, 'failurePolicy');
        if (value?.text !== 'Ignore') continue;
        const points = enforcementOf(policy);
        const reports = points.length > 0 && points.every(({ action }) => action.enforced === false);
        const verifies = points.some(({ verification, action }) => verification && action.enforced !== false);
        const fix = report.fix('fail', () => [setValue(value.path, 'Fail')], {
          assumes: [{ id: 'available' }],
          ...(isWebhook && { class: 'attended' as const }),
        });
        const name = textAt(spot, 'name')?.text ?? '';
        report(value.range, isWebhook ? 'webhook' : reports ? 'reports' : verifies ? 'images' : 'ignored', { name }, fix);
      }
    },
  },
});
