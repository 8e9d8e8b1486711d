import { outdatedAction } from '../../../knowledge/actions';
import { permissionsOf } from '../../../knowledge/action-roles';
import { defineRule } from '../../../rule/define-rule';
import type { Assumption } from '../../../rule/fix/types';
import { setValue } from '../../../syntax/yaml/operations';
import { levelOf } from '../model/permissions';
import { callOf } from '../model/pipeline';
import { versionBehind } from '../model/pins';
import { isMovable, pinFix, repositoryUses } from '../model/refs';
import type { UsesView } from '../model/types';

/** A permission that a release needs and the job does not have; `null`: there is none, or the repository's setting says what the token may. */
function lackOf({ job, step }: UsesView, next: number): { readonly scope: string; readonly level: string } | null {
  const call = step && callOf(step);
  const effective = job?.effective;
  if (!call || !effective) return null;
  const has = ({ scope, level }: { readonly scope: string; readonly level: string }): boolean =>
    ['write', level].includes(levelOf(effective, scope));
  const known = permissionsOf(call)?.map(({ scope }) => scope) ?? [];
  return permissionsOf({ ...call, ref: `v${next}` })?.find(need => !known.includes(need.scope) && !has(need)) ?? null;
}

export const rule = defineRule({
  id: 'workflow/outdated-action',
  title: 'Action release that GitHub no longer supports',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  supersedes: ['workflow/unpinned-action'],
  references: {
    cwe: ['CWE-1104'],
    links: [
      'https://github.blog/changelog/2024-09-25-end-of-life-for-actions-node16/',
      'https://github.blog/changelog/2025-09-19-deprecation-of-node-20-on-github-actions-runners/',
      'https://github.blog/changelog/2024-04-16-deprecation-notice-v3-of-the-artifact-actions/',
    ],
  },
  peers: { actionlint: ['action'] },
  messages: {
    refused: { text: 'The service that {name} {version} uses has been shut down: the step fails' },
    runtime: {
      text: '{name} {version} was made for a Node.js version that runners no longer have: use v{next} or newer',
      severity: 'warning',
      profile: 'recommended',
    },
  },
  fixes: {
    move: { title: 'Move to v{next}', class: 'review' },
    pin: { title: 'Pin {name} to the commit of a release that works', class: 'review' },
  },
  assumptions: {
    'other-artifacts': 'Nothing relies on how releases before v4 combined artifacts',
    differs: 'Nothing relies on what {name} did differently before v{next}',
    removed: 'The input "{input}", which v{next} no longer has, is not needed',
    'lacks-permission': 'The job does not need "{scope}: {level}", which v{next} requests',
  },
  on: {
    uses(view, report, context) {
      const uses = repositoryUses(view);
      if (!uses) return;
      const version = isMovable(uses) ? uses.ref : versionBehind(view.file.document, uses)?.text;
      const found = version === undefined ? null : outdatedAction({ ...uses.action, ref: version });
      if (!found || version === undefined) return;
      const { kind, next, changed } = found;
      const name = uses.text.slice(0, -uses.ref.length - 1);
      const input = found.removed.find(gone => view.step?.inputs.values.some(each => each.name.toLowerCase() === gone));
      const moved = `${name}@v${next}`;
      const lack = lackOf(view, next);
      const taken: readonly Assumption[] = [
        ...(changed ? [{ id: kind === 'refused' ? 'other-artifacts' : 'differs', data: { name, next } } as const] : []),
        ...(input === undefined ? [] : [{ id: 'removed', data: { input, next } } as const]),
        ...(lack ? [{ id: 'lacks-permission', data: { scope: lack.scope, level: lack.level, next } } as const] : []),
      ];
      const assumes = taken.map(each => ({ ...each, evidence: true as const }));
      const fix = isMovable(uses)
        ? report.fix('move', () => [setValue(uses.path, moved)], { data: { next }, assumes })
        : pinFix(view, uses, report, context, { reference: moved, assumes });
      report(uses.refRange, kind, { name, version, next }, fix);
    },
  },
});
