import { remedyOf } from '../../container/edits';
import type { ContainerOptions } from '../../container/types';
import { leave } from '../../fix/remedy';
import { fileGroup } from '../../fix/types';
import type { Report, RuleContext } from '../../rule/define-rule';
import { pidsLimit } from './defaults';
import { hasManyThreads, startOf } from './start';

const references = { nist800190: ['3.4.2', '4.4.2'], mitre: ['T1499'], cwe: ['CWE-770'] } as const;

/** A quantity of Kubernetes as engines write it: `256Mi` is `256m`; `null` for one that is no whole number of their units. */
function engineBytes(quantity: string): string | null {
  const match = /^(\d{1,15})(Ki|Mi|Gi|)$/.exec(quantity);
  return match ? `${match[1]}${{ Ki: 'k', Mi: 'm', Gi: 'g', '': '' }[match[2]!]!}` : null;
}

/** CPUs of Kubernetes as engines write them: `500m` is `0.5`. */
function engineCpus(quantity: string): string | null {
  const match = /^(\d{1,9})m$/.exec(quantity);
  if (match) return String(Number(match[1]) / 1000);
  return /^\d{1,6}(?:\.\d{1,6})?$/.test(quantity) ? quantity : null;
}

/** `missing-memory-limit` but for what is a family's own. */
export const missingMemoryLimit = {
  title: 'No memory limit',
  severity: 'warning',
  category: 'reliability',
  profile: 'recommended',
  references: { ...references, cisDocker: ['5.11'] },
  messages: { missing: { text: 'Container "{container}" may take all memory of its host' } },
  fixes: { limit: { title: 'Limit its memory to {limit}', class: 'review' } },
  assumptions: { 'fits-memory': 'Container "{container}" works with {limit} of memory' },
  on: {
    container(container: ContainerOptions, report: Report<'missing', 'limit'>, context: RuleContext): void {
      const setting = container.get('memory');
      if (setting ? setting.value !== 0 : !container.lacks('memory')) return;
      const limit = context.defaults.memoryLimit === null ? null : engineBytes(context.defaults.memoryLimit);
      const { profile } = startOf(container, context);
      const isGreedy = profile !== null && (profile.isJvm || profile.isDatabase);
      const remedy =
        limit === null
          ? leave('needs-value')
          : remedyOf(container.edit.set('memory', limit), {
              assumes: [{ id: 'fits-memory', data: { limit } }],
              ...(isGreedy ? { class: 'attended' } : { group: `${fileGroup}limits` }),
            });
      report(setting?.range ?? container.reportRange, 'missing', {}, ...report.remedy('limit', remedy, { limit: limit ?? '' }));
    },
  },
} as const;

/** `missing-cpu-limit` but for what is a family's own. */
export const missingCpuLimit = {
  title: 'No CPU limit',
  severity: 'hint',
  category: 'reliability',
  profile: 'strict',
  references: { ...references, cisDocker: ['5.12'] },
  messages: { missing: { text: 'Container "{container}" may take every processor of its host' } },
  fixes: { limit: { title: 'Limit it to {limit} CPUs', class: 'review' } },
  assumptions: { 'fits-cpus': 'Container "{container}" works with {limit} CPUs' },
  on: {
    container(container: ContainerOptions, report: Report<'missing', 'limit'>, { defaults }: RuleContext): void {
      if (!container.lacks('cpus') || !container.lacks('cpuQuota') || !container.lacks('cpuset') || !container.lacks('cpuShares')) return;
      const limit = defaults.cpuLimit === null ? null : engineCpus(defaults.cpuLimit);
      const remedy =
        limit === null
          ? leave('needs-value')
          : remedyOf(container.edit.set('cpus', limit), {
              assumes: [{ id: 'fits-cpus', data: { limit } }],
              group: `${fileGroup}limits`,
            });
      report(container.reportRange, 'missing', {}, ...report.remedy('limit', remedy, { limit: limit ?? '' }));
    },
  },
} as const;

/** `missing-pids-limit` but for what is a family's own. */
export const missingPidsLimit = {
  title: 'No process limit',
  severity: 'info',
  category: 'reliability',
  profile: 'recommended',
  references: { ...references, cisDocker: ['5.29'] },
  messages: {
    missing: { text: 'Container "{container}" may start processes until its host has no more' },
    unlimited: { text: 'Container "{container}" is given as many processes as it likes', severity: 'warning' },
  },
  fixes: { limit: { title: 'Limit it to {limit} processes', class: 'review' } },
  assumptions: { 'fits-pids': 'Container "{container}" never needs more than {limit} processes and threads at a time' },
  on: {
    container(container: ContainerOptions, report: Report<'missing' | 'unlimited', 'limit'>, context: RuleContext): void {
      const setting = container.get('pids');
      // Podman has a limit of its own
      if (setting ? setting.value === null || setting.value > 0 : !container.lacks('pids') || container.runtime === 'podman') return;
      const limit = pidsLimit(context.defaults, hasManyThreads(startOf(container, context)));
      const remedy = remedyOf(container.edit.set('pids', limit), {
        assumes: [{ id: 'fits-pids', data: { limit } }],
        group: `${fileGroup}limits`,
      });
      report(setting?.range ?? container.reportRange, setting ? 'unlimited' : 'missing', {}, ...report.remedy('limit', remedy, { limit }));
    },
  },
} as const;
