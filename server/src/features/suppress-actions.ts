import { trusted } from '../../../shared/src/early';
import type { Finding, SuppressionScope } from '../../../shared/src/index';
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
 * One entry that leads to a choice. Where the client can ask nobody, edits for the worst finding; and edits for each, where the client asks for
 * `quickfix.bulkhead.suppress.line` or `.file` by name, as a key binding does.
 */
export function suppressActions(
  context: ServerContext,
  checked: Checked,
  findings: readonly Finding[],
  shown: Shown,
  only: readonly string[] | undefined,
): MaskedAction[] {
  const own = byLine(
    checked,
    findings.filter(finding => isSuppressible(checked, finding)),
  );
  if (own.length === 0) return [];
  const edits = (scope: SuppressionScope, of: readonly Finding[]): MaskedAction[] =>
    of.flatMap(finding => editAction(context, checked, finding, scope, shown([finding])));
  if (!isAskedFor(actionKinds.suppress, only)) {
    const firsts = own.filter((finding, i) => own.findIndex(({ rule }) => rule === finding.rule) === i);
    return [
      ...(isAskedFor(actionKinds.suppressLine, only) ? edits('line', own) : []),
      ...(isAskedFor(actionKinds.suppressFile, only) ? edits('file', firsts) : []),
    ];
  }
  const canAsk = context.pickers || (context.support.showMessageRequest && context.support.applyEdit);
  if (!canAsk) return [...edits('line', own.slice(0, 1)), ...edits('file', own.slice(0, 1))];
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

/** One finding for each rule and line: one directive answers all of them. */
function byLine({ document }: Checked, findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(finding => {
    const key = `${finding.rule} ${document.positionAt(finding.range.start).line}`;
    return !seen.has(key) && seen.add(key);
  });
}

function editAction(
  context: ServerContext,
  { document, check }: Checked,
  finding: Finding,
  scope: SuppressionScope,
  diagnostics: Diagnostic[],
): MaskedAction[] {
  const edit = check.opened.suppress(finding.range, finding.rule, scope);
  if (!edit) return [];
  const title = context.say(scope === 'line' ? 'suppressLine' : 'suppressFile', { rule: trusted(finding.rule) });
  const kind = scope === 'line' ? actionKinds.suppressLine : actionKinds.suppressFile;
  return [{ title, kind, diagnostics, edit: toWorkspaceEdit(document, [edit], context.support) }];
}
