import { defineRule, weighs } from '../../../rule/define-rule';
import { stringOf } from '../../../syntax/yaml/values';
import { setValue } from '../../../syntax/yaml/operations';
import { enforcementOf } from '../model/enforcement';
import { mayGain } from '../../../syntax/yaml/certainty';
import type { PolicyView } from '../model/types';
import { has, mapAt, mapsAt, textAt, textsAt, type MapSpot } from '../model/spots';

/** Whether the selector of a webhook lets kube-system in, as far as it goes by the names of namespaces. */
function asksSystem(webhook: MapSpot | null): boolean {
  const selector = mapAt(webhook, 'namespaceSelector');
  if (!selector || selector.map.entries.length === 0) return true;
  const expressions = mapsAt(selector, 'matchExpressions');
  const isNamed = (each: MapSpot): boolean => textAt(each, 'key')?.text === 'kubernetes.io/metadata.name';
  const left = expressions.filter(each => isNamed(each) && textAt(each, 'operator')?.text === 'NotIn');
  const isChosen = has(selector, 'matchLabels') || expressions.some(each => /^(?:In|Exists)$/.test(textAt(each, 'operator')?.text ?? ''));
  return !isChosen && !left.some(each => textsAt(each, 'values').some(({ text }) => text === 'kube-system'));
}

/** Whether a webhook is asked about nothing but the namespace of the service that answers: a part of that program, and no policy of others. */
function asksItself(webhook: MapSpot | null): boolean {
  const served = textAt(mapAt(mapAt(webhook, 'clientConfig'), 'service'), 'namespace')?.text;
  const selector = mapAt(webhook, 'namespaceSelector');
  const named = (key: MapSpot): boolean =>
    textAt(key, 'key')?.text === 'kubernetes.io/metadata.name' &&
    textAt(key, 'operator')?.text === 'In' &&
    textsAt(key, 'values').every(({ text }) => text === served);
  const labelled = textAt(mapAt(selector, 'matchLabels'), 'kubernetes.io/metadata.name')?.text;
  return served !== undefined && (labelled === served || mapsAt(selector, 'matchExpressions').some(named));
}

/** Whether a chart refuses in another branch, so that its values say where it does not. */
function failsElsewhere(webhook: MapSpot | null): boolean {
  return (webhook?.map.entries ?? []).some(({ name, value }) => name === 'failurePolicy' && stringOf(value) === 'Fail');
}

/** Annotations by which others write the authority of a webhook's certificate: cert-manager's, and OpenShift's. */
const injected = ['cert-manager.io/inject-ca-from', 'cert-manager.io/inject-ca-from-secret', 'service.beta.openshift.io/inject-cabundle'];

/** Whether a webhook cannot answer as it is written: what serves it sets the authority of its certificate, and may set when it refuses. */
function isCompletedLater({ document, annotations, complete }: PolicyView, webhook: MapSpot | null): boolean {
  const client = mapAt(webhook, 'clientConfig');
  const isOpen = !client || !complete || mayGain(document, client.map);
  return !isOpen && has(client, 'service') && !has(client, 'caBundle') && !injected.some(name => annotations.has(name));
}

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
    images: { text: 'Images are admitted unverified whenever the registry or the webhook does not respond', severity: 'error' },
    ignored: { text: '{object} is skipped whenever its evaluation fails or gets no response' },
    reports: { text: '{object} reports nothing at admission whenever its check fails or does not respond', severity: 'info' },
    webhook: { text: 'Requests are admitted without the webhook "{name}" whenever it does not respond', severity: 'info' },
  },
  fixes: { fail: { title: 'Reject requests that cannot be checked', class: 'attended' } },
  assumptions: {
    system:
      'The webhook server has more than one replica, and requests in kube-system, which the selector includes, can wait for the server',
    available: 'The webhook server has more than one replica, and does not check its own namespace or kube-system',
  },
  on: {
    policy(policy, report) {
      const { spec, at, is } = policy;
      const isWebhook = is === 'WebhookConfiguration';
      for (const spot of isWebhook ? mapsAt(at, 'webhooks') : [spec, mapAt(spec, 'webhookConfiguration')]) {
        const value = textAt(spot, 'failurePolicy');
        if (value?.text !== 'Ignore') continue;
        const points = enforcementOf(policy);
        // a policy that only writes refuses nothing either way
        if ((is === 'ClusterPolicy' && points.length === 0) || /^(?:Mutating|Generating)/.test(is) || asksItself(spot)) continue;
        const reports = points.length > 0 && points.every(({ action }) => action.enforced === false);
        const verifies = points.some(({ verification, action }) => verification && action.enforced !== false);
        const name = textAt(spot, 'name')?.text ?? '';
        const assumed = isWebhook && asksSystem(spot) ? { id: 'system' } : { id: 'available' };
        const fix = report.fix('fail', () => [setValue(value.path, 'Fail')], { assumes: [assumed] });
        report(
          value.range,
          isWebhook ? 'webhook' : reports ? 'reports' : verifies ? 'images' : 'ignored',
          { name },
          fix,
          (failsElsewhere(spot) || (isWebhook && isCompletedLater(policy, spot))) && weighs('hint'),
        );
      }
    },
  },
});
