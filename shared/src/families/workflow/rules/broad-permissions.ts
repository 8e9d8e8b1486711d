import type { Operation } from '../../../rule/fix/types';
import { defineRule, noFix, weighs } from '../../../rule/define-rule';
import { removeWithComment, setValue } from '../../../syntax/yaml/operations';
import { giveToJob, needsKnown } from '../fix/permissions';
import { tokenNeeds } from '../model/needs';
import type { Permissions } from '../model/permissions';
import type { JobView } from '../model/types';

/** Scopes with which code, packages, releases or identities are changed. */
const grave = new Set(['id-token', 'packages', 'contents', 'attestations', 'actions', 'pull-requests', 'deployments']);

/** What of the workflow's permissions a job keeps: all that is read, and of what it may write as much as it needs. */
function keptBy(job: JobView, { scopes }: Permissions): ReadonlyMap<string, string> {
  const { levels, unknown } = tokenNeeds(job);
  return new Map(
    scopes.flatMap(({ scope, level }): readonly (readonly [string, string])[] => {
      const needed = level !== 'write' || unknown !== null ? level : levels.get(scope);
      return needed === undefined ? [] : [[scope, needed]];
    }),
  );
}

/** Moves the scopes that may write into the jobs that need them; what the others read stays above them. */
function move(permissions: Permissions, open: readonly JobView[]): readonly Operation[] {
  const writes = permissions.scopes.filter(({ level }) => level === 'write');
  const kept = open.map(job => ({ job, scopes: keptBy(job, permissions) }));
  const writing = kept.filter(({ scopes }) => [...scopes.values()].includes('write'));
  const isRead = (scope: string): boolean => kept.some(one => !writing.includes(one) && one.scopes.has(scope));
  const isAll = writes.length === permissions.scopes.length && !writes.some(({ scope }) => isRead(scope));
  const lower = (scope: string): Operation =>
    isRead(scope) ? setValue([...permissions.path, scope], 'read') : removeWithComment([...permissions.path, scope]);
  return [
    ...(isAll ? [setValue(permissions.path, {})] : writes.map(({ scope }) => lower(scope))),
    ...writing.map(({ job, scopes }) => giveToJob(job, scopes)),
  ];
}

export const rule = defineRule({
  id: 'workflow/broad-permissions',
  title: 'Write permission for all jobs',
  severity: 'warning',
  category: 'access',
  profile: 'recommended',
  references: { cwe: ['CWE-250'], links: ['https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#permissions'] },
  peers: { zizmor: ['excessive-permissions'], scorecard: ['Token-Permissions'] },
  messages: {
    grave: { text: 'All {count} jobs get "{scope}: write", whether they need it or not' },
    light: { text: 'All {count} jobs can write {scope}, whether they need it or not', severity: 'info' },
    one: {
      text: 'Only job "{job}" sets no permissions and gets "{scope}: write", as will each job added later',
      severity: 'info',
    },
  },
  fixes: { move: { title: 'Move write permissions into the jobs that need them', class: 'review' } },
  assumptions: {
    'needs-known': 'The token needs no other permission in {what}',
    unneeded: 'No job needs {what}',
  },
  on: {
    workflow({ permissions, jobs }, report) {
      const writes = permissions?.scopes.filter(({ level }) => level === 'write') ?? [];
      if (!permissions || writes.length === 0 || jobs.length < 2) return;
      const open = jobs.filter(({ node }) => !node.entry('permissions'));
      const [first] = open;
      if (!first) return;
      // each needs all of it: nothing is narrower, and where that is not known no move makes it so
      const kept = open.map(job => keptBy(job, permissions));
      const isSame = open.length === jobs.length && kept.every(scopes => writes.every(({ scope }) => scopes.get(scope) === 'write'));
      if (isSame && open.every(job => tokenNeeds(job).unknown === null)) return;
      const unneeded = writes.filter(({ scope }) => !kept.some(scopes => scopes.get(scope) === 'write'));
      const assumes = [
        ...needsKnown(open),
        ...(unneeded.length > 0
          ? [{ id: 'unneeded', data: { what: unneeded.map(({ scope }) => scope).join(', ') }, evidence: true as const }]
          : []),
      ];
      // one move does for all of them
      for (const { scope, range } of writes)
        report(
          range,
          open.length === 1 ? 'one' : grave.has(scope) ? 'grave' : 'light',
          { scope, count: open.length, job: first.id },
          isSame
            ? noFix('needs-value', 'which of the jobs need the permission')
            : report.fix('move', () => move(permissions, open), { assumes }),
          isSame && weighs('info'),
        );
    },
  },
});
