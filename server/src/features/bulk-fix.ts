import { joined, masked, type MaskedText, plain } from '../../../shared/src/early';
import {
  type Accepted,
  acceptsNothing,
  createLineTable,
  type Finding,
  type Fix,
  type HardenGroup,
  type HardenResult,
  isTaken,
  leftReason,
} from '../../../shared/src/index';
import type { WorkspaceEdit } from 'vscode-languageserver';
import type { GroupSummary, LeftSummary } from '../../../shared/src/protocol/messages';
import type { Check } from '../checker';
import type { Checked, ServerContext } from '../context';
import { gateOfCheck } from '../lsp/gate';
import { toAnnotatedEdit, toWorkspaceEdit } from '../lsp/edits';

/** Which fixes are applied together: every safe one; safe, review and accepted ones; or those of one rule. */
export type BulkKind =
  { readonly kind: 'safe' } | { readonly kind: 'harden'; readonly accept?: Accepted } | { readonly kind: 'rule'; readonly rule: string };

/** Kept with the check that they were computed for, so that resolving an action or previewing twice costs nothing. */
const results = new WeakMap<Check, Map<string, HardenResult>>();

/** Applies many fixes of a document to a fixed point. */
export function bulkFix({ check, scope }: Checked, bulk: BulkKind): HardenResult {
  let ofCheck = results.get(check);
  if (!ofCheck) results.set(check, (ofCheck = new Map<string, HardenResult>()));
  const accept = (bulk.kind === 'harden' ? bulk.accept : undefined) ?? acceptsNothing;
  const key = bulk.kind === 'rule' ? `rule ${bulk.rule}` : [bulk.kind, ...(accept === 'all' ? ['all'] : [...accept].sort())].join(' ');
  let result = ofCheck.get(key);
  if (!result) {
    const spared = new Set(scope.settings.fixAllExclude);
    const select = (finding: Finding, fix: Fix): boolean => {
      if (finding.suppression !== null || fix.needsDigest !== undefined) return false;
      if (bulk.kind === 'rule') return finding.rule === bulk.rule && isBulkClass(fix);
      if (spared.has(finding.rule)) return false;
      return bulk.kind === 'safe' ? fix.class === 'safe' : isTaken(finding, fix, accept);
    };
    result = check.opened.applyFixes(check.context, select);
    if (bulk.kind === 'harden') result = { ...result, snippets: check.opened.snippets() };
    ofCheck.set(key, result);
  }
  return result;
}

/** Whether a fix may be applied without somebody looking at this one finding. */
export function isBulkClass(fix: Fix): boolean {
  return fix.class === 'safe' || fix.class === 'review';
}

/** All edits of a result, sorted, as one edit that is applied as a whole. */
export function plainEdit({ support }: ServerContext, { document }: Checked, { groups }: HardenResult): WorkspaceEdit {
  const edits = groups.flatMap(group => group.edits).sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
  return toWorkspaceEdit(document, edits, support);
}

/** The edits of a result, each group with an annotation; groups that need a person's agreement ask for it. */
export function annotatedEdit(context: ServerContext, { document, check }: Checked, { groups }: HardenResult): WorkspaceEdit {
  const labels = labelGroups(context, check, groups);
  const annotated = groups.map(group => {
    const assumes = assumptionsOf(context, check, group);
    return {
      id: group.id,
      edits: group.edits,
      annotation: {
        label: labels.get(group)!,
        needsConfirmation: group.class !== 'safe',
        ...(assumes.length > 0 && { description: context.say('assumes', { list: joined(assumes, '; ') }) }),
      },
    };
  });
  return toAnnotatedEdit(document, annotated, context.support);
}

/** The groups of a result in words. */
export function groupSummaries(
  context: ServerContext,
  { check }: Checked,
  { groups }: { readonly groups: readonly SummarisedGroup[] },
): readonly GroupSummary[] {
  const labels = labelGroups(context, check, groups);
  return groups.map(group => ({
    id: group.id,
    class: group.class,
    rules: group.rules,
    label: labels.get(group)!,
    assumes: assumptionsOf(context, check, group),
  }));
}

/** What a result leaves, in words; ranges are in the hardened text. */
export function leftSummaries(
  { words }: ServerContext,
  { check }: Checked,
  { text, left }: Pick<HardenResult, 'text' | 'left'>,
): readonly LeftSummary[] {
  const gate = gateOfCheck(check);
  const lines = createLineTable(text);
  return left.map(item => ({
    rule: item.finding.rule,
    message: gate.words(words.message(item.finding)),
    range: lines.positions(item.finding.range),
    reasonId: item.reason,
    reason: leftReason(item, words, gate),
  }));
}

/** What of a group is put into words. */
type SummarisedGroup = Pick<HardenGroup, 'id' | 'class' | 'rules' | 'fixes'>;

/** Editors group by label, so that each group needs its own: two of the same name would be accepted or declined together. */
function labelGroups<T extends SummarisedGroup>(
  { words, say }: ServerContext,
  check: Check,
  groups: readonly T[],
): ReadonlyMap<T, MaskedText> {
  const gate = gateOfCheck(check);
  const seen = new Map<string, number>();
  return new Map(
    groups.map(group => {
      const titles = [...new Set(group.fixes.map(({ rule, fix }) => gate.words(words.fixTitle(rule, fix))))];
      const more = titles.length > 3 ? masked`, +${titles.length - 3}` : plain('');
      const title = masked`${joined(titles.slice(0, 3), ', ')}${more}`;
      const name = group.class === 'safe' ? title : say(group.class === 'attended' ? 'attended' : 'review', { title });
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      return [group, count === 1 ? name : masked`${name} #${count}`];
    }),
  );
}

function assumptionsOf({ words }: ServerContext, check: Check, { fixes }: SummarisedGroup): readonly MaskedText[] {
  const gate = gateOfCheck(check);
  return [...new Set(fixes.flatMap(({ rule, fix }) => fix.assumes.map(assumption => gate.words(words.assumption(rule, assumption)))))];
}
