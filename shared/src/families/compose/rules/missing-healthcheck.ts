import { runningImage } from '../checks/running';
import { defineRule, noFix } from '../../../rule/define-rule';
import type { ServiceView } from '../model/types';
import { entriesOfValue, isNull, member, textOf } from '../model/value';

/** Images that bring a check of their own. */
const checked =
  /(?:^|\/)(?:gitlab-[ce]e|vaultwarden\/server|nextcloud-aio[\w-]*|linuxserver\/[\w-]+|keycloak|portainer|pihole|mailserver|traefik\/whoami)(?:[:@]|$)/;

/** Whether somebody else's health check may be there: of an image that is built, or of which nothing is known. */
function mayHaveOne(service: ServiceView): boolean {
  return !isNull(service.at('build')) || !service.image?.text || checked.test(service.image.text);
}

export const rule = defineRule({
  id: 'compose/missing-healthcheck',
  title: 'No health check',
  severity: 'info',
  category: 'reliability',
  profile: 'recommended',
  references: { cisDocker: ['5.27'], links: ['https://docs.docker.com/compose/how-tos/startup-order/'] },
  peers: { kics: ['healthcheck_not_set'] },
  messages: {
    awaited: {
      text: '"{waiting}" waits until "{container}" is healthy, and nothing says when that is: the start fails',
      severity: 'warning',
    },
    disabled: { text: 'The health check of "{container}" is switched off' },
    missing: { text: 'Nothing tells whether "{container}" works', severity: 'hint', profile: 'strict' },
  },
  on: {
    container(service, report, context) {
      if (service.users) return;
      const disabled = service.get('noHealthcheck');
      const test = service.get('healthTest');
      if (disabled?.value === true && !disabled.inherited) return report(disabled.range, 'disabled', {}, noFix('manual'));
      if (test && /^NONE\b/.test(test.value ?? '') && !test.inherited) return report(test.range, 'disabled', {}, noFix('manual'));
      if (!isNull(service.at('healthcheck')) || !service.lacks('healthTest')) return;
      const waiting = service.compose.services.find(other =>
        entriesOfValue(other.at('depends_on')).some(
          ([name, { value }]) => name === service.name && textOf(member(value, 'condition')) === 'service_healthy',
        ),
      );
      const { profile } = runningImage(service, context);
      const isKnown = profile !== null && (profile.kind === 'server' || profile.kind === 'runtime' || profile.kind === 'base');
      if (waiting && isKnown && isNull(service.at('build')))
        report(service.reportRange, 'awaited', { waiting: waiting.name }, noFix('manual'));
      else if (!mayHaveOne(service)) report(service.reportRange, 'missing', {}, noFix('manual'));
    },
  },
});
