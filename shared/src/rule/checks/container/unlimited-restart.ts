import { remedyOf } from '../../container/edits';
import { ownSetting, type ContainerOptions } from '../../container/types';
import type { Report } from '../../define-rule';

/** `unlimited-restart` but for what is a family's own. */
export const unlimitedRestart = {
  title: 'Restarts without a limit',
  severity: 'hint',
  category: 'reliability',
  profile: 'strict',
  references: { cisDocker: ['5.15'], cwe: ['CWE-770'] },
  messages: { unlimited: { text: 'A program that fails on every start is restarted forever' } },
  fixes: { limit: { title: 'Limit restarts to five', class: 'attended' } },
  assumptions: { 'not-after-reboot': 'Container "{container}" does not need to start again after the host reboots' },
  on: {
    container(container: ContainerOptions, report: Report<'unlimited', 'limit'>): void {
      const restart = ownSetting(container, 'restart');
      if (!restart || restart.value === '' || /^(?:no|on-failure:0*[1-5])$/.test(restart.value)) return;
      // what a swarm does by itself
      if (restart.value === 'always' && container.runtime === 'swarm') return;
      const remedy = remedyOf(container.edit.replace(restart, 'on-failure:5'), { assumes: [{ id: 'not-after-reboot' }] });
      report(restart.range, 'unlimited', {}, ...report.remedy('limit', remedy));
    },
  },
} as const;
