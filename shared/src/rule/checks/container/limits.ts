import { remedyOf } from '../../container/edits';
import type { ContainerOptions } from '../../container/types';
import { markOf } from '../../fix/places';
import { leave, type Remedy } from '../../fix/remedy';
import { fileGroup, type Assumption } from '../../fix/types';
import { doubtAgainst } from '../../../evidence/evidence';
import { processLimit } from '../../../knowledge/process-limits';
import type { Report, RuleContext } from '../../define-rule';
import { runsOnWindows, startOf, type Start } from './start';

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

/** A limit that only a person knows; `sample`: what it may look like. */
function entered(container: ContainerOptions, field: 'memory' | 'pids', sample: string | number): Remedy {
  const { fix, noFix } = remedyOf(container.edit.set(field, markOf(1)), { places: [{ text: '', sample }] });
  return { fix, noFix: noFix ?? { reason: 'needs-value' } };
}

function memoryRemedy(container: ContainerOptions, { profile }: Start, limit: string | null): Remedy {
  if (limit === null) return entered(container, 'memory', '512m');
  // what a database or Java needs depends on its settings
  const isSized = profile !== null && (profile.isJvm || profile.isDatabase);
  return remedyOf(container.edit.set('memory', limit), {
    assumes: [{ id: 'fits-memory', data: { limit } }],
    ...(isSized ? { class: 'attended' } : { group: `${fileGroup}memory` }),
  });
}

/** `missing-memory-limit` but for what is a family's own. */
export const missingMemoryLimit = {
  title: 'No memory limit',
  severity: 'info',
  category: 'reliability',
  profile: 'recommended',
  references: { ...references, cisDocker: ['5.11'] },
  messages: { missing: { text: 'Container "{container}" can use all of the host\'s memory' } },
  fixes: {
    limit: { title: 'Limit memory to {limit}', class: 'review' },
    enter: { title: 'Limit memory to a value that you enter', class: 'attended' },
  },
  assumptions: { 'fits-memory': 'Container "{container}" works with {limit} of memory' },
  on: {
    container(container: ContainerOptions, report: Report<'missing', 'limit' | 'enter'>, context: RuleContext): void {
      const setting = container.get('memory');
      // nobody knows what a variable comes to
      if (setting ? setting.value !== 0 || setting.inherited : !container.lacks('memory')) return;
      const { memoryLimit } = context.defaults;
      const limit = memoryLimit === null ? null : engineBytes(memoryLimit);
      const remedy = memoryRemedy(container, startOf(container, context), limit);
      const id = limit === null ? 'enter' : 'limit';
      report(setting?.range ?? container.reportRange, 'missing', {}, ...report.remedy(id, remedy, { limit: limit ?? '' }));
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
  messages: { missing: { text: 'Container "{container}" can use every CPU of the host' } },
  fixes: { limit: { title: 'Limit CPUs to {limit}', class: 'review' } },
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

/** Files of settings, which a mount puts in place of an image's. */
const settingsFile = /\.(?:conf|cnf)$|\/conf\.d(?:\/|$)/;

/** How many processes and threads are enough for what a container starts; `null`: that is not known. */
function knownProcesses(container: ContainerOptions, { profile, keepsEntryPoint }: Start): number | null {
  // another entry point of a server may start anything
  const known = profile && (keepsEntryPoint || profile.kind === 'runtime') ? processLimit(profile) : null;
  const raisedBy = known?.raisedBy;
  if (!known || !raisedBy) return known?.limit ?? null;
  const values = (['args', 'entrypoint'] as const).flatMap(field => container.list(field).items.map(({ value }) => value ?? ''));
  const names = container.list('env').items.map(({ value }) => value?.name ?? '');
  const isSet = container.list('mounts').items.some(({ value }) => settingsFile.test(value?.target ?? ''));
  return isSet || [...values, ...names].some(word => raisedBy.test(word)) ? null : known.limit;
}

function pidsRemedy(container: ContainerOptions, { evidence }: Start, limit: number): Remedy {
  const seen = doubtAgainst(evidence, 'processes');
  if (seen === null)
    return remedyOf(container.edit.set('pids', limit), { assumes: [{ id: 'fits-pids', data: { limit } }], group: `${fileGroup}limits` });
  const assumes: Assumption[] = [{ id: 'needs-more-pids', data: { limit, seen }, evidence: true }];
  const { fix, noFix } = remedyOf(container.edit.set('pids', limit), { assumes, class: 'attended' });
  return { fix, noFix: noFix ?? { reason: 'attended', detail: seen } };
}

/** `missing-pids-limit` but for what is a family's own. */
export const missingPidsLimit = {
  title: 'No process limit',
  severity: 'hint',
  category: 'reliability',
  profile: 'recommended',
  references: { ...references, cisDocker: ['5.29'] },
  messages: {
    missing: { text: 'Container "{container}" can start processes until its host cannot start any more' },
    unlimited: { text: 'Container "{container}" is allowed an unlimited number of processes', severity: 'warning' },
  },
  fixes: {
    limit: { title: 'Limit processes to {limit}', class: 'review' },
    enter: { title: 'Limit processes to a number that you enter', class: 'attended' },
  },
  assumptions: {
    'fits-pids': 'Container "{container}" never needs more than {limit} processes and threads at a time',
    'needs-more-pids': 'Container "{container}" never needs more than {limit} processes and threads at a time, although {seen}',
  },
  on: {
    container(container: ContainerOptions, report: Report<'missing' | 'unlimited', 'limit' | 'enter'>, context: RuleContext): void {
      const setting = container.get('pids');
      // Podman has a limit of its own
      if (setting ? setting.value === null || setting.value > 0 || setting.inherited : container.runtime === 'podman') return;
      if ((!setting && !container.lacks('pids')) || runsOnWindows(container, context)) return;
      const limit = context.defaults.pidsLimit ?? knownProcesses(container, startOf(container, context));
      const remedy = limit === null ? entered(container, 'pids', 512) : pidsRemedy(container, startOf(container, context), limit);
      const fixes = report.remedy(limit === null ? 'enter' : 'limit', remedy, { limit: limit ?? '' });
      report(setting?.range ?? container.reportRange, setting ? 'unlimited' : 'missing', {}, ...fixes);
    },
  },
} as const;
