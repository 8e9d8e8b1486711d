import { defineRule } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { numberOf } from '../../../syntax/yaml/values';
import { has, mapAt, mapsAt } from '../model/spots';
import { verificationsOf } from '../model/verifications';

/** What an engine waits for without being told, and how long it may be told to, in seconds. */
const byDefault = 10;
const longest = 30;

export const rule = defineRule({
  id: 'policy/webhook-timeout',
  title: 'Webhook timeout too short for registry calls',
  severity: 'hint',
  category: 'reliability',
  profile: 'strict',
  references: { links: ['https://kyverno.io/docs/policy-types/cluster-policy/policy-settings/'] },
  messages: {
    range: { text: '{object} is rejected: a timeout must be 1 to 30 seconds', severity: 'error', profile: 'baseline' },
    short: { text: '{object} allows the registry {seconds} s to return the manifest, signature and certificates of every image' },
    attestations: { text: '{object} looks up {count} attestations for every image within the default timeout of 10 s' },
  },
  fixes: { longer: { title: 'Set the timeout to 30 seconds', class: 'review' } },
  on: {
    policy(policy, report) {
      const { spec, is } = policy;
      if (!spec || !['ClusterPolicy', 'ValidatingPolicy', 'ImageValidatingPolicy', 'MutatingPolicy'].includes(is)) return;
      const configuration = mapAt(spec, 'webhookConfiguration');
      const verifications = verificationsOf(policy);
      const places = [
        { spot: spec, key: 'webhookTimeoutSeconds' },
        { spot: configuration, key: 'timeoutSeconds' },
      ];
      for (const { spot, key } of places) {
        const node = spot?.map.get(key);
        const seconds = numberOf(node);
        if (!spot || !node || seconds === null) continue;
        const fix = report.fix('longer', () => [setValue([...spot.path, key], longest)]);
        if (seconds < 1 || seconds > longest || !Number.isInteger(seconds)) report(node.range, 'range', {}, fix);
        else if (seconds < byDefault && verifications.length > 0) report(node.range, 'short', { seconds }, fix);
      }
      const isSet = places.some(({ spot, key }) => has(spot, key));
      if (isSet || !policy.complete) return;
      for (const { at, reportRange } of verifications) {
        const count = mapsAt(at, 'attestations').length;
        const path = [...spec.path, 'webhookConfiguration', 'timeoutSeconds'];
        if (count > 1)
          report(
            reportRange,
            'attestations',
            { count },
            report.fix('longer', () => [setValue(path, longest)]),
          );
      }
    },
  },
});
