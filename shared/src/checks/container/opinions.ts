import { remedyOf } from '../../container/edits';
import type { ContainerOptions } from '../../container/types';
import type { Report, RuleContext } from '../../rule/define-rule';
import { startOf } from './start';

/** `unbounded-logs` but for what is a family's own. */
export const unboundedLogs = {
  title: 'Logs without a size limit',
  severity: 'hint',
  category: 'reliability',
  profile: 'strict',
  references: { cwe: ['CWE-770'], links: ['https://docs.docker.com/engine/logging/configure/'] },
  messages: { unbounded: { text: 'The log of container "{container}" grows until the disk of its host is full' } },
  fixes: { limit: { title: 'Keep three files of 10 MB', class: 'review' } },
  assumptions: { 'json-file': 'The engine writes logs to files, as it does by default' },
  on: {
    container(container: ContainerOptions, report: Report<'unbounded', 'limit'>): void {
      const driver = container.get('logDriver');
      const options = container.list('logOptions');
      if (driver ? driver.value !== 'json-file' : !container.lacks('logDriver') || container.runtime === 'podman') return;
      if (options.open || options.items.some(({ value }) => value === null || value.name === 'max-size')) return;
      const remedy = remedyOf(container.edit.append('logOptions', ['max-size=10m', 'max-file=3']), { assumes: [{ id: 'json-file' }] });
      report(driver?.range ?? container.reportRange, 'unbounded', {}, ...report.remedy('limit', remedy));
    },
  },
} as const;

/** `missing-init` but for what is a family's own. */
export const missingInit = {
  title: 'No init process',
  severity: 'hint',
  category: 'reliability',
  profile: 'strict',
  references: { links: ['https://docs.docker.com/reference/cli/docker/container/run/#init'] },
  messages: { missing: { text: '{image} starts its program as process 1, which ends no children and may not stop on a signal' } },
  fixes: { init: { title: 'Start it under an init process', class: 'attended' } },
  on: {
    container(container: ContainerOptions, report: Report<'missing', 'init'>, context: RuleContext): void {
      const setting = container.get('init');
      if (setting ? setting.value !== false : !container.lacks('init')) return;
      const { profile, stage } = startOf(container, context);
      if (stage !== null || profile?.kind !== 'runtime' || profile.init !== null) return;
      const remedy = remedyOf(container.edit.set('init', true));
      report(setting?.range ?? container.reportRange, 'missing', { image: profile.name }, ...report.remedy('init', remedy));
    },
  },
} as const;

/** `missing-healthcheck` but for what is a family's own. */
export const missingHealthcheck = {
  title: 'No health check',
  severity: 'info',
  category: 'reliability',
  profile: 'recommended',
  references: { cisDocker: ['5.27'] },
  messages: {
    disabled: { text: 'The health check of the image is switched off' },
    missing: { text: 'Nothing tells whether container "{container}" still answers', severity: 'hint', profile: 'strict' },
  },
  fixes: { enable: { title: 'Keep the health check of the image', class: 'attended' } },
  on: {
    container(container: ContainerOptions, report: Report<'disabled' | 'missing', 'enable'>): void {
      const off = container.get('noHealthcheck');
      if (off?.value === true) report(off.range, 'disabled', {}, ...report.remedy('enable', remedyOf(container.edit.remove(off))));
      else if (container.lacks('healthTest') && container.lacks('noHealthcheck')) report(container.reportRange, 'missing');
    },
  },
} as const;
