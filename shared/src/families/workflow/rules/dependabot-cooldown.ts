import { defineRule, type Report } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { hasFolder } from '../../../workspace/source/names';
import { mapOf, numberOf, resolve, scalarOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import type { DependabotUpdate } from '../model/types';

/** Whether nothing but security updates may come, which wait for nothing. */
function comesNever({ node }: DependabotUpdate): boolean {
  const ignored = sequenceOf(node.get('ignore'))?.items.map(mapOf) ?? [];
  return (
    numberOf(scalarOf(node.get('open-pull-requests-limit'))) === 0 ||
    ignored.some(one => stringOf(one?.get('dependency-name')) === '*' && !one?.entry('versions') && !one?.entry('update-types'))
  );
}

/** What Dependabot waits where nothing is said, in days (github.blog, 2026-07-14, "Dependabot version updates introduce default package cooldown"). */
const byDefault = 3;

function check({ node, path, ecosystem }: DependabotUpdate, days: number, report: Report<'none' | 'short', 'wait'>): void {
  if (ecosystem === null) return;
  const cooldown = resolve(node.get('cooldown'));
  const map = mapOf(cooldown);
  const place = node.entry('package-ecosystem')!;
  if (cooldown && !map) return;
  const value = scalarOf(map?.get('default-days'));
  const set = numberOf(value);
  if (map && value && set === null) return;
  const fix = report.fix(
    'wait',
    () => [setValue([...path, 'cooldown', 'default-days'], days, node.entry('schedule') ? 'schedule' : undefined)],
    // who wrote another number chose it
    { data: { days }, ...(set !== null && { class: 'attended' }) },
  );
  if (set === null && days <= byDefault) return;
  if (set === null) report(scalarOf(place.value)!.range, 'none', { ecosystem, days }, fix);
  else if (set < days) report(value!.range, 'short', { ecosystem, days, set }, fix);
}

export const rule = defineRule({
  id: 'workflow/dependabot-cooldown',
  title: 'Dependency updates adopted soon after release',
  severity: 'info',
  category: 'supply-chain',
  profile: 'recommended',
  references: {
    cwe: ['CWE-829'],
    nist800190: ['3.1.1', '4.1.1'],
    links: ['https://docs.github.com/code-security/dependabot/working-with-dependabot/dependabot-options-reference#cooldown'],
  },
  peers: { zizmor: ['dependabot-cooldown'] },
  messages: {
    none: { text: '{ecosystem} updates wait only 3 days, but attacks are often noticed later: wait {days} days', severity: 'hint' },
    short: { text: '{ecosystem} updates wait {set} days, but attacks are often noticed later: wait {days} days', severity: 'hint' },
  },
  fixes: { wait: { title: 'Add a cooldown of {days} days', class: 'review' } },
  options: { days: { type: 'number', default: 7, minimum: 1, description: 'Days that an update has to be out.' } },
  on: {
    dependabot({ updates, path }, report, { options }) {
      // GitHub reads none of it, and what does may know no cooldown
      if (hasFolder(path, '.gitlab')) return;
      for (const update of updates) if (!comesNever(update)) check(update, options.days, report);
    },
  },
});
