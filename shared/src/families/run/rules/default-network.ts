import { defineRule, noFix } from '../../../rule/define-rule';

export const rule = defineRule({
  id: 'run/default-network',
  title: "Container on the engine's default network",
  severity: 'info',
  category: 'network',
  profile: 'recommended',
  references: { cisDocker: ['5.30'], nist800190: ['3.3.3', '4.3.3'], cwe: ['CWE-653'] },
  messages: {
    docker0: { text: 'Container "{container}" shares the "bridge" network with every container on the host that does not name a network' },
    bridge: { text: 'Every container on the host that does not name a network is also on "bridge"', severity: 'warning' },
  },
  on: {
    container(container, report) {
      // Podman keeps rootless containers apart
      if (container.runtime === 'podman') return;
      const setting = container.get('network');
      const left = noFix('manual', 'a network must be created first: docker network create');
      if (setting?.value === 'bridge' || setting?.value === 'default') report(setting.range, 'bridge', {}, left);
      else if (container.lacks('network')) report(container.reportRange, 'docker0', {}, left);
    },
  },
});
