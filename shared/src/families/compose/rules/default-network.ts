import { startOf } from '../../../rule/checks/container/start';
import { remedyOf } from '../../../rule/container/edits';
import { defineRule } from '../../../rule/define-rule';
import { isNull } from '../model/value';

export const rule = defineRule({
  id: 'compose/default-network',
  title: 'All services share one network',
  severity: 'info',
  category: 'network',
  profile: 'strict',
  references: { cisDocker: ['5.30'], nist800190: ['3.3.3', '3.4.2', '4.3.3', '4.4.2'] },
  messages: {
    flat: { text: 'All services can reach "{store}": put it on its own network, marked as internal' },
    docker0: {
      text: 'Every container on the host\'s "bridge" network can reach "{container}"',
      severity: 'warning',
      profile: 'recommended',
    },
  },
  fixes: { own: { title: "Use the project's own network", class: 'attended' } },
  assumptions: { 'not-reached': 'No container from another project connects to this container' },
  on: {
    project({ services, complete }, report, context) {
      const isPlain = services.every(service => isNull(service.at('networks')) && isNull(service.at('network_mode')));
      if (!complete || services.length < 3 || !isPlain || !services.some(service => service.list('ports').items.length > 0)) return;
      const store = services.find(service => startOf(service, context).profile?.isDatabase);
      if (store) report(store.reportRange, 'flat', { store: store.name });
    },
    container(service, report) {
      const network = service.get('network');
      if (network?.value !== 'bridge' || network.inherited) return;
      const remedy = remedyOf(service.edit.remove(network), { assumes: [{ id: 'not-reached' }] });
      report(network.range, 'docker0', {}, ...report.remedy('own', remedy));
    },
  },
});
