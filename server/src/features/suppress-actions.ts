import { trusted } from '../../../shared/src/early';
import { entriesOf, type Entry, type Finding, type SuppressionScope } from '../../../shared/src/index';
import type { Diagnostic } from 'vscode-languageserver';
import { commands } from '../../../shared/src/output/protocol/messages';
import { pickerCommands, type SuppressionQuestion } from '../../../shared/src/output/protocol/pickers';
import type { Checked, ServerContext } from '../session/context';
import { toWorkspaceEdit } from '../lsp/edits';
import type { MaskedAction } from '../lsp/gate';
import type { Shown } from './diagnostics';
import { actionKinds, isAskedFor } from './action-kinds';
import { isSuppressible } from './suppress';

/**
 * One entry that leads to a choice. Where the client cannot ask, edits for the worst finding, and for all that it is shown with; and edits for each, where the client asks for
 * `quickfix.bulkhead.suppress.line` or `.file` by name, as a key binding does.
 */
export function suppressActions(
  context: ServerContext,
  checked: Checked,
  findings: readonly Finding[],
  shown: Shown,
  only: readonly string[] | undefined,
): MaskedAction[] {
  const own = byLine(checked, findings);
  if (own.length === 0) return [];
  const edits = (scope: SuppressionScope, of: readonly Finding[]): MaskedAction[] =>
    of.flatMap(finding => editAction(context, checked, [finding], scope, shown([finding])));
  const asOne = entriesOf(own).filter(({ members }) => members.length > 1);
  const together = (of: readonly Entry[]): MaskedAction[] =>
    of.flatMap(({ members }) => editAction(context, checked, members, 'line', shown(members)));
  if (!isAskedFor(actionKinds.suppress, only)) {
    const firsts = own.filter((finding, i) => own.findIndex(({ rule }) => rule === finding.rule) === i);
    return [
      ...(isAskedFor(actionKinds.suppressLine, only) ? [...edits('line', own), ...together(asOne)] : []),
      ...(isAskedFor(actionKinds.suppressFile, only) ? edits('file', firsts) : []),
    ];
  }
  const canAsk = context.pickers || (context.support.showMessageRequest && context.support.applyEdit);
  if (!canAsk) {
    const worst = asOne.filter(({ members }) => members.includes(own[0]!));
    const each = worst[0]?.members ?? own.slice(0, 1);
    return [...edits('line', each), ...together(worst), ...edits('file', own.slice(0, 1))];
  }
  const title = context.say('suppress');
  const question: SuppressionQuestion = { uri: checked.document.uri, findings: own.map(({ fingerprint }) => fingerprint) };
  return [
    {
      title,
      kind: actionKinds.suppress,
      diagnostics: shown(own),
      command: { title, command: context.pickers ? pickerCommands.suppress : commands.suppress, arguments: [question] },
    },
  ];
}

/** One finding that may be suppressed for each rule and line: one directive answers all of them. */
function byLine(checked: Checked, findings: readonly Finding[]): readonly Finding[] {
  const { document } = checked;
  const seen = new Set<string>();
  return findings.filter(finding => {
    if (!isSuppressible(checked, finding)) return false;
    const key = `${finding.rule} ${document.positionAt(finding.range.start).line}`;
    return !seen.has(key) && seen.add(key);
  });
}

function editAction(
  context: ServerContext,
  { document, check }: Checked,
  findings: readonly Finding[],
  scope: SuppressionScope,
  diagnostics: Diagnostic[],
): MaskedAction[] {
  const { range, rule } = findings[0]!;
  const rules = [...new Set(findings.map(finding => finding.rule))];
  const edit = check.opened.suppress(range, rules, scope);
  if (!edit) return [];
  const one = scope === 'line' ? 'suppressLine' : 'suppressFile';
  const title = rules.length > 1 ? context.say('suppressAllHere', { count: findings.length }) : context.say(one, { rule: trusted(rule) });
  const kind = scope === 'line' ? actionKinds.suppressLine : actionKinds.suppressFile;
  return [{ title, kind, diagnostics, edit: toWorkspaceEdit(document, [edit], context.support) }];
}
