import { remedyOf } from '../../../container/edits';
import type { ContainerOptions } from '../../../container/types';
import type { Report, RuleContext } from '../../../rule/define-rule';
import { runningImage } from './running';

/** Drivers that limit what they keep, or keep nothing. */
const limited = new Set([
  'local',
  'journald',
  'syslog',
  'none',
  'gelf',
  'fluentd',
  'awslogs',
  'splunk',
  'gcplogs',
  'etwlogs',
  'loki',
  'logentries',
]);

/** `unbounded-logs` but for what is a family's own. */
export const unboundedLogs = {
  title: 'Logs without a size limit',
  severity: 'hint',
  category: 'reliability',
  profile: 'strict',
  references: { cwe: ['CWE-770'], links: ['https://docs.docker.com/engine/logging/drivers/json-file/'] },
  messages: { unbounded: { text: 'What "{container}" prints is kept until the disk of the host is full' } },
  fixes: { local: { title: 'Use the driver "local", which keeps 100 MB', class: 'review' } },
  assumptions: { 'read-by-engine': 'Its logs are read through the engine, and from no file' },
  on: {
    container(container: ContainerOptions, report: Report<'unbounded', 'local'>): void {
      const driver = container.get('logDriver');
      if (
        driver
          ? driver.value === null || driver.inherited || limited.has(driver.value)
          : !container.lacks('logDriver') || container.list('logOptions').items.length > 0
      )
        return;
      if (driver && driver.value !== 'json-file') return;
      if (container.list('logOptions').items.some(({ value }) => value?.name === 'max-size')) return;
      const edit = driver ? container.edit.replace(driver, 'local') : container.edit.set('logDriver', 'local');
      report(
        driver?.range ?? container.reportRange,
        'unbounded',
        {},
        ...report.remedy('local', remedyOf(edit, { assumes: [{ id: 'read-by-engine' }] })),
      );
    },
  },
} as const;

const shells = /^(?:\/bin\/)?(?:ba|da|a)?sh$/;

/** `missing-init` but for what is a family's own. */
export const missingInit = {
  title: 'No init process',
  severity: 'hint',
  category: 'reliability',
  profile: 'strict',
  references: { links: ['https://docs.docker.com/reference/compose-file/services/#init'] },
  messages: { missing: { text: '"{program}" is the first process of "{container}": it passes no signals on and collects no children' } },
  fixes: { init: { title: 'Start an init process', class: 'attended' } },
  assumptions: { 'no-other-init': 'The image starts no init process of its own' },
  on: {
    container(container: ContainerOptions, report: Report<'missing', 'init'>, context: RuleContext): void {
      if (!container.lacks('init')) return;
      const { profile, stage } = runningImage(container, context);
      if (profile?.init) return;
      const words = [...container.list('entrypoint').items, ...container.list('args').items].map(({ value }) => value ?? '');
      const first = words[0]?.slice((words[0].lastIndexOf('/') ?? -1) + 1) ?? '';
      const own = container.list('entrypoint').items.length > 0 || profile?.kind === 'runtime' ? first : (stage?.run?.programs[0] ?? '');
      const isRuntime = /^(?:node|npm|yarn|pnpm|python3?|ruby|php|java|flask|gunicorn)$/.test(own);
      if (!shells.test(own) && !isRuntime) return;
      report(
        container.reportRange,
        'missing',
        { program: own },
        ...report.remedy('init', remedyOf(container.edit.set('init', true), { assumes: [{ id: 'no-other-init' }] })),
      );
    },
  },
} as const;
