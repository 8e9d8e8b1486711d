import { trusted } from '../../../shared/src/early';
import { atLeast, type Finding, type Fix, type Range, type RenderedFix, type SuppressionScope } from '../../../shared/src/index';
import {
  CodeActionTriggerKind,
  type CancellationToken,
  type CodeAction,
  type CodeActionParams,
  type Diagnostic,
} from 'vscode-languageserver';
import { commands, hardenViewCommand } from '../../../shared/src/protocol/messages';
import { checkedDocument, type Checked, type ServerContext } from '../context';
import { isConfigUri } from '../config-files';
import { toWorkspaceEdit } from '../lsp/edits';
import { gateOfCheck, type MaskedAction } from '../lsp/gate';
import type { DiagnosticData } from '../lsp/to-diagnostic';
import { diagnosticsOf } from './diagnostics';
import { pinActions, resolvePin, updateActions, type PinData } from './pin';
import { bulkFix, isBulkClass, plainEdit, type BulkKind } from './bulk-fix';

/** The kinds of actions that the server gives. */
export const actionKinds = {
  fix: 'quickfix',
  suppressLine: 'quickfix.bulkhead.suppress.line',
  suppressFile: 'quickfix.bulkhead.suppress.file',
  documentation: 'quickfix.bulkhead.documentation',
  fixAll: 'source.fixAll.bulkhead',
  harden: 'source.harden.bulkhead',
} as const;

/** What an action carries to `codeAction/resolve`. */
interface ActionData {
  readonly uri: string;
  readonly version: number;
  readonly bulk: BulkKind;
}

/** The light bulb. */
export interface CodeActionsFeature {
  list(params: CodeActionParams, token: CancellationToken): Promise<MaskedAction[]>;
  /** Computes the edit of an action that was listed without one. Without an edit where the text has changed since. */
  resolve(action: CodeAction, token: CancellationToken): Promise<CodeAction>;
}

/** Whether a client that asks for `only` wants actions of `kind`: a prefix by segments. */
export function isAskedFor(kind: string, only: readonly string[] | undefined): boolean {
  return only === undefined || only.some(wanted => wanted === '' || kind === wanted || kind.startsWith(`${wanted}.`));
}

/** Creates the feature. */
export function createCodeActions(context: ServerContext): CodeActionsFeature {
  return {
    list: async (params, token) => {
      if (!context.support.codeActionLiterals || isConfigUri(params.textDocument.uri)) return [];
      const checked = await checkedDocument(context, params.textDocument.uri, token);
      if (!checked?.check.result) return [];
      const updates = isAskedFor(actionKinds.fix, params.context.only) ? updateActions(context, checked, params, actionKinds.fix) : [];
      return [...quickFixes(context, checked, params), ...updates, ...sourceActions(context, checked, params)];
    },
    resolve: async (action, token) => {
      const data = action.data as ActionData | PinData | undefined;
      if (data === undefined || action.edit) return action;
      if ('pin' in data) return await resolvePin(context, action, data, token);
      const checked = await checkedDocument(context, data.uri, token);
      if (!checked || checked.document.version !== data.version) return action;
      return { ...action, edit: plainEdit(context, checked, bulkFix(checked, data.bulk)) };
    },
  };
}

/** Actions about the findings in question: preferred fixes, alternatives, all of a rule, suppress here, in the file, documentation. */
function quickFixes(context: ServerContext, checked: Checked, params: CodeActionParams): MaskedAction[] {
  const { only, triggerKind } = params.context;
  const asked = (kind: string): boolean => isAskedFor(kind, only);
  const findings = concerned(checked, params);
  if (findings.length === 0) return [];
  const diagnostics = new Map(findings.map(finding => [finding, toDiagnostics(context, checked, finding)]));

  const preferred: MaskedAction[] = [];
  const alternatives: MaskedAction[] = [];
  if (asked(actionKinds.fix)) {
    for (const finding of findings) {
      const fixes = fixActions(context, checked, finding, diagnostics.get(finding)!, triggerKind === CodeActionTriggerKind.Invoked);
      fixes.push(...pinActions(context, checked, finding, { kind: actionKinds.fix, diagnostics: diagnostics.get(finding)! }));
      for (const action of fixes) (action.isPreferred === true ? preferred : alternatives).push(action);
    }
    // what cannot be applied comes last
    alternatives.sort((a, b) => Number(a.disabled !== undefined) - Number(b.disabled !== undefined));
  }

  const actions = [...preferred, ...alternatives];
  const firsts = [...new Map(findings.map(finding => [finding.rule, finding] as const).reverse()).values()].reverse();
  if (asked(actionKinds.fix)) {
    for (const { rule } of firsts) actions.push(...fixRuleActions(context, checked, rule, findings, diagnostics));
  }
  for (const [kind, scope] of [
    [actionKinds.suppressLine, 'line'],
    [actionKinds.suppressFile, 'file'],
  ] as const) {
    if (!asked(kind) || !checked.scope.settings.suppressActions) continue;
    for (const finding of scope === 'line' ? byLine(checked, findings) : firsts) {
      actions.push(...suppressActions(context, checked, finding, scope, kind, diagnostics.get(finding)!));
    }
  }
  if (asked(actionKinds.documentation)) {
    for (const finding of firsts.filter(({ rule }) => canShowPage(context, rule)))
      actions.push(documentationAction(context, finding, diagnostics.get(finding)!));
  }
  return actions;
}

/** The findings that the request is about: those that the range touches, and those that the client names. */
function concerned({ document, check }: Checked, { range, context }: CodeActionParams): readonly Finding[] {
  const asked: Range = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
  const named = new Set(context.diagnostics.map(diagnostic => (diagnostic.data as Partial<DiagnosticData> | undefined)?.fingerprint));
  const touches = (finding: Finding): boolean => finding.range.start <= asked.end && asked.start <= finding.range.end;
  // a selection over half a file is no question about each finding in it
  const chosen = check.findings.filter(finding => named.has(finding.fingerprint) || touches(finding)).slice(0, 50);
  const size = ({ range: { start, end } }: Finding): number => end - start;
  return chosen.sort((a, b) =>
    a.severity === b.severity ? size(a) - size(b) || a.range.start - b.range.start : atLeast(a.severity, b.severity) ? -1 : 1,
  );
}

function toDiagnostics(context: ServerContext, { document, scope, check }: Checked, finding: Finding): Diagnostic[] {
  return diagnosticsOf(context, { document, scope, check: { ...check, findings: [finding] } });
}

const rendered = new WeakMap<Fix, RenderedFix>();

/** Rendering verifies, so that an action which is offered can be applied. */
function render({ check }: Checked, finding: Finding, fix: Fix): RenderedFix {
  let result = rendered.get(fix);
  if (!result) rendered.set(fix, (result = check.opened.render(finding, fix)));
  return result;
}

function fixActions(
  context: ServerContext,
  checked: Checked,
  finding: Finding,
  diagnostics: Diagnostic[],
  invoked: boolean,
): MaskedAction[] {
  const { words, say, support } = context;
  const usable = finding.fixes.filter(fix => fix.needsDigest === undefined);
  const safe = usable.filter(fix => fix.class === 'safe');
  const preferred = safe.length === 1 ? safe[0] : safe.length === 0 ? usable.find(fix => fix.class === 'review') : undefined;
  return usable.flatMap((fix): MaskedAction[] => {
    const plain = gateOfCheck(checked.check).words(words.fixTitle(finding.rule, fix));
    const title = fix.class === 'safe' ? plain : say(fix.class, { title: plain });
    const action: MaskedAction = { title, kind: actionKinds.fix, diagnostics };
    const edits = render(checked, finding, fix);
    if (edits.ok && edits.elsewhere) {
      const place = context.facts.locate(checked.scope, { ...edits.elsewhere, messageId: '', data: {} });
      return place ? [{ ...action, edit: { changes: { [place.uri]: [{ range: place.range, newText: edits.elsewhere.newText }] } } }] : [];
    }
    if (edits.ok) {
      return [
        { ...action, edit: toWorkspaceEdit(checked.document, edits.edits, support), ...(fix === preferred && { isPreferred: true }) },
      ];
    }
    return invoked && support.disabledActions ? [{ ...action, disabled: { reason: words.reason(edits.reason) } }] : [];
  });
}

/** "Fix all" of a rule, where the file has more than one of its findings with a fix for it. */
function fixRuleActions(
  context: ServerContext,
  checked: Checked,
  rule: string,
  findings: readonly Finding[],
  diagnostics: ReadonlyMap<Finding, Diagnostic[]>,
): MaskedAction[] {
  const all = checked.check.findings.filter(finding => finding.rule === rule && finding.fixes.some(isBulkClass));
  if (all.length < 2) return [];
  const action: MaskedAction = {
    title: context.say('fixRule', { title: context.words.ruleTitle(rule) }),
    kind: actionKinds.fix,
    diagnostics: findings.filter(finding => finding.rule === rule).flatMap(finding => diagnostics.get(finding)!),
  };
  return [lazily(context, checked, action, { kind: 'rule', rule })].flatMap(a => a ?? []);
}

/** One finding for each rule and line: one directive answers all of them. */
function byLine({ document }: Checked, findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(finding => {
    const key = `${finding.rule} ${document.positionAt(finding.range.start).line}`;
    return !seen.has(key) && seen.add(key);
  });
}

function suppressActions(
  context: ServerContext,
  { document, check }: Checked,
  finding: Finding,
  scope: SuppressionScope,
  kind: string,
  diagnostics: Diagnostic[],
): MaskedAction[] {
  // the engine's own findings are about the check, not about the file
  if (finding.rule.startsWith('bulkhead/') || !check.result) return [];
  const edit = check.opened.suppress(finding.range, finding.rule, scope);
  if (!edit) return [];
  const title = context.say(scope === 'line' ? 'suppressLine' : 'suppressFile', { rule: trusted(finding.rule) });
  return [{ title, kind, diagnostics, edit: toWorkspaceEdit(document, [edit], context.support) }];
}

/** Whether the client can be brought to show the page of a rule; the engine's own findings have none. */
function canShowPage({ engine, support, showsPages, address }: ServerContext, rule: string): boolean {
  return engine.rules.some(({ id }) => id === rule) && (showsPages || (support.showDocument && address(rule) !== null));
}

function documentationAction({ say }: ServerContext, { rule }: Finding, diagnostics: Diagnostic[]): MaskedAction {
  const title = say('documentation', { rule: trusted(rule) });
  return {
    title,
    kind: actionKinds.documentation,
    diagnostics,
    command: { title, command: commands.openDocumentation, arguments: [rule] },
  };
}

/**
 * Actions about the whole file, for those who ask for them by name: fix on save, and the menu of source actions. On save, harden is what needs
 * nobody's agreement.
 */
function sourceActions(context: ServerContext, checked: Checked, { context: { only, triggerKind } }: CodeActionParams): MaskedAction[] {
  if (only === undefined || checked.check.findings.length === 0) return [];
  const { say } = context;
  const actions: (MaskedAction | null)[] = [];
  if (isAskedFor(actionKinds.fixAll, only)) {
    actions.push(lazily(context, checked, { title: say('fixAll'), kind: actionKinds.fixAll }, { kind: 'safe' }));
  }
  if (isAskedFor(actionKinds.harden, only)) actions.push(hardenAction(context, checked, triggerKind === CodeActionTriggerKind.Invoked));
  return actions.filter(action => action !== null);
}

/** Harden, as the client shows it: in its own view, or as one edit. Unasked, on saving, it is the safe fixes alone. */
function hardenAction(context: ServerContext, checked: Checked, invoked: boolean): MaskedAction | null {
  const { say, hardenView } = context;
  const title = say(invoked ? 'harden' : 'hardenSafe');
  const action: MaskedAction = { title, kind: actionKinds.harden };
  if (!invoked || !hardenView) return lazily(context, checked, action, { kind: invoked ? 'harden' : 'safe' });
  if (!hasBulkFix(checked, isBulkClass)) return null;
  return { ...action, command: { title, command: hardenViewCommand, arguments: [{ uri: checked.document.uri }] } };
}

function hasBulkFix({ check }: Checked, wanted: (fix: Fix) => boolean): boolean {
  return check.findings.some(finding => finding.fixes.some(wanted));
}

/** An action whose edit is computed when it is chosen, where the client can ask for it; else now. `null`: it would change nothing. */
function lazily(context: ServerContext, checked: Checked, action: MaskedAction, bulk: BulkKind): MaskedAction | null {
  if (context.support.resolveEdits) {
    // cheap, and may say yes where nothing comes of it in the end
    if (!hasBulkFix(checked, fix => (bulk.kind === 'safe' ? fix.class === 'safe' : isBulkClass(fix)))) return null;
    const data: ActionData = { uri: checked.document.uri, version: checked.document.version, bulk };
    return { ...action, data };
  }
  const result = bulkFix(checked, bulk);
  return result.edits.length === 0 ? null : { ...action, edit: plainEdit(context, checked, result) };
}
