import { remedyOf } from '../../container/edits';
import type { ContainerOptions } from '../../container/types';
import type { Report } from '../../rule/define-rule';

/** `oom-kill-disabled` but for what is a family's own. */
export const oomKillDisabled = {
  title: 'OOM killer disabled',
  severity: 'warning',
  category: 'reliability',
  profile: 'recommended',
  references: { cisDocker: ['5.11'], cwe: ['CWE-770'], links: ['https://docs.docker.com/engine/containers/resource_constraints/'] },
  messages: {
    disabled: { text: 'Container "{container}" hangs where it should be ended when its memory runs out' },
    unlimited: { text: 'Without a memory limit container "{container}" can take all memory, and nothing ends it', severity: 'error' },
    score: { text: 'Other programs of the host are ended before container "{container}"', severity: 'info' },
  },
  fixes: { remove: { title: 'Let the kernel end it when memory runs out', class: 'attended' } },
  assumptions: { 'may-end': 'Container "{container}" may be ended and started again' },
  on: {
    container(container: ContainerOptions, report: Report<'disabled' | 'unlimited' | 'score', 'remove'>): void {
      const disabled = container.get('oomKillDisable');
      if (disabled?.value === true) {
        const remedy = remedyOf(container.edit.remove(disabled), { assumes: [{ id: 'may-end' }] });
        report(disabled.range, container.lacks('memory') ? 'unlimited' : 'disabled', {}, ...report.remedy('remove', remedy));
      }
      const score = container.get('oomScoreAdj');
      if (score?.value != null && score.value < 0) {
        const remedy = remedyOf(container.edit.remove(score), { assumes: [{ id: 'may-end' }] });
        report(score.range, 'score', {}, ...report.remedy('remove', remedy));
      }
    },
  },
} as const;
