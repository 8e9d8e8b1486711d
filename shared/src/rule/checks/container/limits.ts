import { remedyOf } from '../../container/edits';
import type { ContainerOptions } from '../../container/types';
import { markOf } from '../../fix/places';
import { leave, type Remedy } from '../../fix/remedy';
import { fileGroup } from '../../fix/types';
import type { Report, RuleContext } from '../../define-rule';
import { hasManyThreads, runsOnWindows, startOf, type Start } from './start';

const references = {
  nist800190: ['3.4.2', '3.5.3', '4.4.2', '4.5.3'],
  mitre: ['T1499'],
  cwe: ['CWE-770'],
  links: ['https://docs.docker.com/engine/containers/resource_constraints/'],
} as const;

/** A quantity of Kubernetes as engines write it: `256Mi` is `256m`; `null` for one that is no whole number of their units. */
function engineBytes(quantity: string): string | null {
  const match = /^(\d{1,15})(Ki|Mi|Gi|)$/.exec(quantity);
  return match ? `${match[1]}${{ Ki: 'k', Mi: 'm', Gi: 'g', '': '' }[match[2]!]!}` : null;
}

/** CPUs of Kubernetes as engines write them: `500m` is `0.5`. */
function engineCpus(quantity: string): number | null {
  const match = /^(\d{1,9})m$/.exec(quantity);
  if (match) return Number(match[1]) / 1000;
  return /^\d{1,6}(?:\.\d{1,6})?$/.test(quantity) ? Number(quantity) : null;
}

/** What is offered where the configuration says nothing: a person agrees to it, or not. */
const usualMemory = '512m';

function memoryRemedy(container: ContainerOptions, { profile }: Start, told: string | null): Remedy {
  const limit = told ?? usualMemory;
  // what a database or Java needs depends on its settings
  const isSized = profile !== null && (profile.isJvm || profile.isDatabase);
  if (isSized && told === null) {
    const places = [{ text: '', sample: usualMemory }];
    return { ...remedyOf(container.edit.set('memory', markOf(1)), { places }), noFix: { reason: 'needs-value' } };
  }
  const { fix, noFix } = remedyOf(container.edit.set('memory', limit), {
    assumes: [{ id: 'fits-memory', data: { limit } }],
    ...(isSized || told === null ? { class: 'attended' } : { group: `${fileGroup}memory` }),
  });
  return { fix, noFix: noFix ?? (told === null ? { reason: 'needs-value' } : null) };
}

/** `missing-memory-limit` but for what is a family's own. */
export const missingMemoryLimit = {
  title: 'No memory limit',
  severity: 'warning',
  category: 'reliability',
  profile: 'recommended',
  references: { ...references, cisDocker: ['5.11'] },
  messages: { missing: { text: 'Container "{container}" may take all memory of its host' } },
  fixes: {
    limit: { title: 'Limit its memory to {limit}', class: 'review' },
    enter: { title: 'Limit its memory to what you enter', class: 'attended' },
  },
  assumptions: { 'fits-memory': 'Container "{container}" works with {limit} of memory' },
  on: {
    container(container: ContainerOptions, report: Report<'missing', 'limit' | 'enter'>, context: RuleContext): void {
      const setting = container.get('memory');
      // nobody knows what a variable comes to
      if (setting ? setting.value !== 0 || setting.inherited : !container.lacks('memory')) return;
      const { memoryLimit } = context.defaults;
      const told = memoryLimit === null ? null : engineBytes(memoryLimit);
      const remedy = memoryRemedy(container, startOf(container, context), told);
      const id = remedy.fix?.places ? 'enter' : 'limit';
      report(setting?.range ?? container.reportRange, 'missing', {}, ...report.remedy(id, remedy, { limit: told ?? usualMemory }));
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
      // shares are all that the benchmark asks for
      if (container.get('cpuQuota') || container.get('cpuset') || container.get('cpuShares')) return;
      const setting = container.get('cpus');
      if (setting ? setting.value !== 0 || setting.inherited : !container.lacks('cpus')) return;
      const limit = defaults.cpuLimit === null ? null : engineCpus(defaults.cpuLimit);
      const remedy =
        limit === null
          ? leave('needs-value')
          : remedyOf(container.edit.set('cpus', limit), {
              assumes: [{ id: 'fits-cpus', data: { limit } }],
              group: `${fileGroup}cpus`,
            });
      report(setting?.range ?? container.reportRange, 'missing', {}, ...report.remedy('limit', remedy, { limit: limit ?? '' }));
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
      if (setting ? setting.value === null || setting.value > 0 || setting.inherited : container.runtime === 'podman') return;
      if ((!setting && !container.lacks('pids')) || runsOnWindows(container, context)) return;
      const limit = context.defaults.pidsLimit ?? (hasManyThreads(startOf(container, context)) ? 1024 : 256);
      const remedy = remedyOf(container.edit.set('pids', limit), {
        assumes: [{ id: 'fits-pids', data: { limit } }],
        group: `${fileGroup}limits`,
      });
      report(setting?.range ?? container.reportRange, setting ? 'unlimited' : 'missing', {}, ...report.remedy('limit', remedy, { limit }));
    },
  },
} as const;
