import { remedyOf } from '../../container/edits';
import type { ContainerOptions } from '../../container/types';
import type { Remedy } from '../../fix/remedy';
import type { Report } from '../../define-rule';

function remedyFor(container: ContainerOptions): Remedy {
  const driver = container.get('logDriver');
  // nerdctl has no such driver, and options are of the driver that they were written for
  const options = container.list('logOptions').items;
  if (container.runtime === 'nerdctl' || options.length > 0) {
    const added = ['max-size=10m', ...(options.some(({ value }) => value?.name === 'max-file') ? [] : ['max-file=3'])];
    return remedyOf(container.edit.append('logOptions', added), { assumes: [{ id: 'to-files' }] });
  }
  const edit = driver ? container.edit.replace(driver, 'local') : container.edit.set('logDriver', 'local');
  return remedyOf(edit, { assumes: [{ id: 'to-files' }, { id: 'read-by-engine' }] });
}

/** `unbounded-logs` but for what is a family's own. */
export const unboundedLogs = {
  title: 'Logs without a size limit',
  severity: 'hint',
  category: 'reliability',
  profile: 'strict',
  references: { cwe: ['CWE-770'], links: ['https://docs.docker.com/engine/logging/drivers/json-file/'] },
  messages: { unbounded: { text: 'Logs of container "{container}" are kept until the host\'s disk is full' } },
  fixes: { limit: { title: 'Keep only the newest logs', class: 'review' } },
  assumptions: {
    'to-files': 'The engine writes logs to its own files, as it does by default',
    'read-by-engine': 'The logs of container "{container}" are read through the engine, not from files',
  },
  on: {
    container(container: ContainerOptions, report: Report<'unbounded', 'limit'>): void {
      const driver = container.get('logDriver');
      const options = container.list('logOptions');
      // Podman writes to the journal, which has a limit
      if (driver ? driver.value !== 'json-file' || driver.inherited : !container.lacks('logDriver') || container.runtime === 'podman')
        return;
      if (options.open || options.items.some(({ value }) => value === null || value.name === 'max-size')) return;
      report(driver?.range ?? container.reportRange, 'unbounded', {}, ...report.remedy('limit', remedyFor(container)));
    },
  },
} as const;
