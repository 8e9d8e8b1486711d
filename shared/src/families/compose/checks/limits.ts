import { pidsLimit } from '../../../checks/container/defaults';
import { remedyOf } from '../../../container/edits';
import type { ContainerOptions } from '../../../container/types';
import { fileGroup } from '../../../fix/types';
import { noFix, type Report, type RuleContext } from '../../../rule/define-rule';
import { engineSize, runningImage, runsOnWindows } from './running';

const links = ['https://docs.docker.com/engine/containers/resource_constraints/'];

/** What is offered where the configuration says nothing: a person agrees to it, or not. */
const usualMemory = '512m';

/** `missing-memory-limit` but for what is a family's own. */
export const missingMemoryLimit = {
  title: 'No memory limit',
  severity: 'warning',
  category: 'reliability',
  profile: 'recommended',
  references: { cisDocker: ['5.11'], nist800190: ['3.5.3', '4.5.3'], cwe: ['CWE-770'], links },
  messages: { missing: { text: 'Container "{container}" may take all memory of the host' } },
  fixes: { limit: { title: 'Limit its memory to {limit}', class: 'review' } },
  assumptions: { enough: '{limit} of memory are enough for it' },
  on: {
    container(container: ContainerOptions, report: Report<'missing', 'limit'>, context: RuleContext): void {
      const written = container.get('memory');
      // nobody knows what a variable comes to
      if (written ? written.value !== 0 || written.inherited : !container.lacks('memory')) return;
      const { profile } = runningImage(container, context);
      const told = context.defaults.memoryLimit;
      // what a database or Java needs depends on its settings
      const isSized = profile?.isDatabase === true || profile?.isJvm === true;
      if (isSized) return report(written?.range ?? container.reportRange, 'missing', {}, noFix('needs-value'));
      const limit = told === null ? usualMemory : engineSize(told);
      const extras = {
        assumes: [{ id: 'enough', data: { limit } }],
        group: `${fileGroup}memory`,
        ...(told === null && { class: 'attended' as const }),
      };
      const edit = written ? container.edit.replace(written, limit) : container.edit.set('memory', limit);
      const made = remedyOf(edit, extras);
      const remedy = report.remedy('limit', told === null ? { ...made, noFix: made.noFix ?? { reason: 'needs-value' } } : made, { limit });
      report(written?.range ?? container.reportRange, 'missing', {}, ...remedy);
    },
  },
} as const;

/** `missing-cpu-limit` but for what is a family's own. */
export const missingCpuLimit = {
  title: 'No CPU limit',
  severity: 'hint',
  category: 'reliability',
  profile: 'strict',
  references: { cisDocker: ['5.12'], nist800190: ['3.5.3', '4.5.3'], cwe: ['CWE-770'], links },
  messages: {
    missing: { text: 'Container "{container}" may take all processors of the host' },
    shares: { text: 'cpu_shares only count while others want the processor, too' },
  },
  fixes: { limit: { title: 'Limit it to {limit} CPUs', class: 'review' } },
  assumptions: { enough: '{limit} CPUs are enough for it' },
  on: {
    container(container: ContainerOptions, report: Report<'missing' | 'shares', 'limit'>, { defaults }: RuleContext): void {
      const written = container.get('cpus');
      if (container.get('cpuQuota') || container.get('cpuset')) return;
      if (written ? written.value !== 0 || written.inherited : !container.lacks('cpus')) return;
      const limit = defaults.cpuLimit === null ? null : cpusOf(defaults.cpuLimit);
      const extras = { assumes: [{ id: 'enough', data: { limit: limit ?? '' } }], group: `${fileGroup}cpus` };
      const remedy =
        limit === null ? [noFix('needs-value')] : report.remedy('limit', remedyOf(container.edit.set('cpus', limit), extras), { limit });
      const shares = container.get('cpuShares');
      report(written?.range ?? shares?.range ?? container.reportRange, shares && !shares.inherited ? 'shares' : 'missing', {}, ...remedy);
    },
  },
} as const;

/** A quantity of Kubernetes (`500m`) as a number of CPUs. */
function cpusOf(quantity: string): number {
  return quantity.endsWith('m') ? Number(quantity.slice(0, -1)) / 1000 : Number(quantity);
}

/** Servers that keep a thread or process for each client, or many whatever they do. */
const threaded = /^(?:postgres|mysql|mariadb|mongo|node|timescale|cassandra|couchbase)/;

/** `missing-pids-limit` but for what is a family's own. */
export const missingPidsLimit = {
  title: 'No process limit',
  severity: 'info',
  category: 'reliability',
  profile: 'recommended',
  references: { cisDocker: ['5.29'], nist800190: ['3.5.3', '4.5.3'], cwe: ['CWE-770'], links },
  messages: {
    missing: { text: 'Container "{container}" may start processes until the host has none left' },
    unlimited: { text: 'No limit: "{container}" may start processes until the host has none left', severity: 'warning' },
  },
  fixes: { limit: { title: 'Limit it to {limit} processes and threads', class: 'review' } },
  assumptions: { enough: '{limit} processes and threads are enough for it' },
  on: {
    container(container: ContainerOptions, report: Report<'missing' | 'unlimited', 'limit'>, context: RuleContext): void {
      // Podman sets one of its own
      if (container.runtime === 'podman' || runsOnWindows(container, context)) return;
      const written = container.get('pids');
      if (written ? written.value === null || written.value > 0 || written.inherited : !container.lacks('pids')) return;
      const { profile } = runningImage(container, context);
      const many = profile !== null && (profile.isJvm || threaded.test(profile.name) || profile.name.includes('dotnet'));
      const limit = pidsLimit(context.defaults, many);
      const edit = written ? container.edit.replace(written, limit) : container.edit.set('pids', limit);
      const remedy = remedyOf(edit, { assumes: [{ id: 'enough', data: { limit } }], group: `${fileGroup}limits` });
      report(
        written?.range ?? container.reportRange,
        written && written.value !== 0 ? 'unlimited' : 'missing',
        {},
        ...report.remedy('limit', remedy, { limit }),
      );
    },
  },
} as const;
