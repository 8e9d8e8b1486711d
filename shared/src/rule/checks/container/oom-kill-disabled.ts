import { remedyOf } from '../../container/edits';
import { ownSetting, type ContainerOptions } from '../../container/types';
import type { Report } from '../../define-rule';

/** Whether nothing limits the memory of a container, so that all of its host's may go. */
function isUnlimited(container: ContainerOptions): boolean {
  const memory = container.get('memory');
  return memory ? memory.value !== null && memory.value <= 0 : container.lacks('memory');
}

/** `oom-kill-disabled` but for what is a family's own. */
export const oomKillDisabled = {
  title: 'OOM killer disabled',
  severity: 'warning',
  category: 'reliability',
  profile: 'recommended',
  references: {
    cisDocker: ['5.11'],
    nist800190: ['3.5.3', '4.5.3'],
    cwe: ['CWE-770'],
    links: ['https://docs.docker.com/engine/containers/resource_constraints/'],
  },
  messages: {
    disabled: { text: 'When memory runs out, container "{container}" hangs instead of being killed' },
    unlimited: {
      text: 'Without a memory limit, container "{container}" can use all the memory, and it is never killed',
      severity: 'error',
    },
    score: { text: 'When memory runs out, other processes on the host are killed before container "{container}"', severity: 'info' },
  },
  fixes: { remove: { title: 'Remove the setting that disables the OOM killer', class: 'attended' } },
  assumptions: { 'may-end': 'Container "{container}" can be killed and restarted' },
  on: {
    container(container: ContainerOptions, report: Report<'disabled' | 'unlimited' | 'score', 'remove'>): void {
      const assumes = [{ id: 'may-end' }];
      const disabled = ownSetting(container, 'oomKillDisable');
      if (disabled?.value) {
        const remedy = remedyOf(container.edit.remove(disabled), { assumes });
        report(disabled.range, isUnlimited(container) ? 'unlimited' : 'disabled', {}, ...report.remedy('remove', remedy));
      }
      const score = ownSetting(container, 'oomScoreAdj');
      if (score && score.value < 0) {
        const remedy = remedyOf(container.edit.remove(score), { assumes });
        report(score.range, 'score', {}, ...report.remedy('remove', remedy));
      }
    },
  },
} as const;
