import { imageHealth, missingHealthcheck } from '../../../rule/checks/container/missing-healthcheck';
import { startOf } from '../../../rule/checks/container/start';
import { remedyOf } from '../../../rule/container/edits';
import { ownSetting } from '../../../rule/container/types';
import { leave, type Remedy } from '../../../rule/fix/remedy';
import { healthPing } from '../../../knowledge/health-checks';
import { defineRule, type RuleContext } from '../../../rule/define-rule';
import { waitingFor } from '../model/tasks';
import type { ServiceView } from '../model/types';
import { isNull } from '../model/value';

/** A service that waits until this one is healthy, which it never is: neither itself nor its image has a check. `null`: none. */
function waitingInVain(service: ServiceView, context: RuleContext): ServiceView | null {
  if (!isNull(service.at('healthcheck')) || !service.lacks('healthTest') || imageHealth(service, context) !== false) return null;
  return waitingFor(service, 'service_healthy');
}

/** Asks the server that the image is about, with the client that it brings. */
function pingRemedy(service: ServiceView, context: RuleContext): Remedy {
  const ping = healthPing(startOf(service, context).profile, null);
  return ping ? remedyOf(service.edit.set('healthTest', ping.join(' ')), { assumes: [{ id: 'pings' }] }) : leave('manual');
}

const { on, messages, fixes, ...shared } = missingHealthcheck;

export const rule = defineRule({
  ...shared,
  id: 'compose/missing-healthcheck',
  references: { ...shared.references, links: ['https://docs.docker.com/compose/how-tos/startup-order/'] },
  peers: { kics: ['healthcheck_not_set'] },
  messages: {
    ...messages,
    none: { text: 'The health check of container "{container}" runs a command named NONE and always fails', severity: 'warning' },
    awaited: {
      text: '"{waiting}" fails to start: it waits for the health check of "{container}", which has none',
      severity: 'warning',
    },
  },
  fixes: { ...fixes, ping: { title: 'healthcheck: query the server', class: 'attended' } },
  assumptions: {
    pings: 'The health check reaches the server without a password, or counts a password prompt as healthy',
  },
  on: {
    container(service, report, context) {
      // others wait until it has ended
      if (service.users || waitingFor(service, 'service_completed_successfully')) return;
      const waiting = waitingInVain(service, context);
      if (waiting)
        report(service.reportRange, 'awaited', { waiting: waiting.name }, ...report.remedy('ping', pingRemedy(service, context)));
      else on.container(service, report, context);
      const test = ownSetting(service, 'healthTest');
      if (test?.value === 'CMD-SHELL NONE') report(test.range, 'none', {}, ...report.remedy('enable', remedyOf(service.edit.remove(test))));
    },
  },
});
