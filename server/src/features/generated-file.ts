import { DiagnosticSeverity, type CodeActionParams } from 'vscode-languageserver';
import { addBaselineOverride, generatedHeader, globOf, isWithin, type Range } from '../../../shared/src/index';
import type { Checked, ServerContext } from '../session/context';
import type { MaskedAction, MaskedDiagnostic } from '../lsp/gate';
import { noteOf } from '../lsp/to-diagnostic';
import { configTarget, editConfig } from './config-edits';
import { touches } from './lookup-notes';

const code = 'bulkhead/generated-file';

/**
 * Says of a file that a program writes that it can be checked for what few dispute alone: its findings are mended elsewhere. A note of editors, which
 * changes no finding and no exit code.
 */
export function generatedDiagnostics(context: ServerContext, checked: Checked): MaskedDiagnostic[] {
  const range = offered(context, checked);
  return range === null ? [] : [noteOf(checked.document, range, DiagnosticSeverity.Information, code, context.say('generatedFile'))];
}

/** The action that has such a file checked at `baseline`, by an entry in the configuration; none elsewhere. */
export async function generatedActions(
  context: ServerContext,
  checked: Checked,
  { range: asked, context: { diagnostics } }: CodeActionParams,
  kind: string,
): Promise<MaskedAction[]> {
  const { document, scope } = checked;
  const range = offered(context, checked);
  const named = diagnostics.filter(diagnostic => diagnostic.code === code);
  const at = { start: document.offsetAt(asked.start), end: document.offsetAt(asked.end) };
  if (range === null || (named.length === 0 && !touches(range, at))) return [];
  const target = configTarget(context, document.uri, scope);
  if (!target) return [];
  const edit = await editConfig(context, target, scope, text => addBaselineOverride(text, globOf(target.path), context.engine.rules));
  return edit ? [{ title: context.say('checkAtBaseline'), kind, diagnostics: named, edit }] : [];
}

/** The header of a generated file of which `baseline` would report less; `null` for any other. */
function offered({ engine }: ServerContext, { document, scope, check }: Checked): Range | null {
  if (scope.config.profile === 'baseline' || check.findings.length === 0) return null;
  const header = generatedHeader(document.getText());
  if (header === null) return null;
  const reported = new Set(check.findings.map(({ rule }) => rule));
  return engine.rules.some(({ id, profile }) => reported.has(id) && !isWithin(profile, 'baseline')) ? header : null;
}
