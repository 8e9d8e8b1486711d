import { defineRule, type Report } from '../../../rule/define-rule';
import { closest } from '../../../base/text/closest';
import type { Range } from '../../../base/text/range';
import { renameKey, setValue } from '../../../syntax/yaml/operations';
import { resolve, scalarOf, stringOf } from '../../../syntax/yaml/values';
import type { Path, YamlMap } from '../../../syntax/yaml/types';
import { readPermissions, scopes, type Permissions, type ScopeEntry } from '../model/permissions';

type OwnReport = Report<'scope' | 'value' | 'word' | 'empty', 'scope' | 'value'>;

/** The levels that GitHub takes for a scope. */
const levelsOf = (scope: string): readonly string[] =>
  scope === 'id-token' ? ['write', 'none'] : scope === 'models' ? ['read', 'none'] : ['read', 'write', 'none'];

/** The one of `words` that was probably meant: another case, or one letter off. */
function meant(written: string, words: readonly string[]): string | null {
  const plain = written.trim().toLowerCase().replaceAll('_', '-');
  return words.find(word => word === plain) ?? (closest(plain, words) || null);
}

function checkEntry({ scope, level, entry }: ScopeEntry, { path, map }: Permissions, report: OwnReport): void {
  if (scope.includes('${{') || entry.name === '<<') return;
  if (!scopes.includes(scope)) {
    const name = meant(scope, scopes);
    const free = name !== null && !map?.entry(name);
    const fix = free && report.fix('scope', () => [renameKey([...path, scope], name)], { data: { name } });
    report(entry.key!.range, 'scope', { scope }, fix);
    return;
  }
  const levels = levelsOf(scope);
  if (levels.includes(level)) return;
  const value = resolve(entry.value);
  const range: Range = value ? value.range : entry.key!.range;
  const name = value ? meant(level, levels) : null;
  const fix = name !== null && report.fix('value', () => [setValue([...path, scope], name)], { data: { name } });
  report(range, 'value', { scope, levels: levels.join(', ') }, fix);
}

/** Checks the `permissions` of a workflow or a job. */
function check(holder: YamlMap, path: Path, report: OwnReport): void {
  const permissions = readPermissions(holder, path);
  if (permissions) {
    for (const entry of permissions.scopes) checkEntry(entry, permissions, report);
    return;
  }
  const entry = holder.entry('permissions');
  const node = scalarOf(entry?.value);
  if (entry?.key && (!entry.value || (node && node.value === null))) report(entry.key.range, 'empty');
  const text = stringOf(node);
  if (!node || text === null || text.includes('${{')) return;
  const name = meant(text, ['read-all', 'write-all']);
  const fix = name === 'read-all' && report.fix('value', () => [setValue([...path, 'permissions'], name)], { data: { name } });
  report(node.range, 'word', {}, fix);
}

export const rule = defineRule({
  id: 'workflow/invalid-permission',
  title: 'Unknown permission scope or value',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { links: ['https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#permissions'] },
  peers: { actionlint: ['permissions'] },
  messages: {
    scope: { text: 'GitHub does not know permission "{scope}" and rejects the workflow' },
    value: { text: 'Permission "{scope}" accepts only {levels}; GitHub rejects the workflow' },
    empty: { text: 'Permissions are empty, which GitHub rejects: write {} for no permissions' },
    word: { text: 'Permissions must be read-all, write-all or a map; GitHub rejects the workflow' },
  },
  fixes: {
    scope: { title: 'Replace with {name}', class: 'review' },
    value: { title: 'Replace with {name}', class: 'review' },
  },
  on: {
    workflow({ root }, report) {
      check(root, [], report);
    },
    job({ node, path }, report) {
      check(node, path, report);
    },
  },
});
