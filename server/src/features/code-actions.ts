import { bulkFixesOf, type Fix } from '../../../shared/src/index';
import { CodeActionTriggerKind, type CancellationToken, type CodeAction, type CodeActionParams } from 'vscode-languageserver';
import { hardenViewCommand } from '../../../shared/src/output/protocol/messages';
import { checkedDocument, type Checked, type ServerContext } from '../session/context';
import { isConfigUri } from '../session/config-files';
import type { MaskedAction } from '../lsp/gate';
import { actionKinds, isAskedFor } from './action-kinds';
import { convertActions, type ConvertData, resolveConversion } from './convert';
import { valuesActions } from './elsewhere';
import { generatedActions } from './generated-file';
import { pipelineActions, type PipelineData, resolvePipeline } from './write-pipeline';
import { policyActions, type PolicyData, resolvePolicy } from './write-policy';
import { lookUpActions } from './look-up';
import { signatureActions } from './signatures';
import { resolvePin, updateActions, type PinData } from './pin';
import { bulkFix, type BulkKind } from './bulk-fix';
import { proveActions } from './prove';
import { scanActions } from './scan';
import { quickFixes } from './quick-fixes';
import { toWorkspaceEdit } from '../lsp/edits';

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

/** Creates the feature. */
export function createCodeActions(context: ServerContext): CodeActionsFeature {
  return {
    list: async (params, token) => {
      if (!context.support.codeActionLiterals || isConfigUri(params.textDocument.uri)) return [];
      const checked = await checkedDocument(context, params.textDocument.uri, token);
      if (!checked?.check.result) return [];
      const updates = isAskedFor(actionKinds.fix, params.context.only)
        ? [
            ...updateActions(context, checked, params, actionKinds.fix),
            ...signatureActions(context, checked, params, actionKinds.fix),
            ...(await valuesActions(context, checked, params, actionKinds.fix)),
            ...(await generatedActions(context, checked, params, actionKinds.fix)),
            ...proveActions(context, checked, params, actionKinds.fix),
          ]
        : [];
      const later = (action: MaskedAction, bulk: BulkKind): MaskedAction | null => lazily(context, checked, action, bulk);
      return [
        ...quickFixes(context, checked, params, updates, later),
        // what does not mend anything comes behind what does
        ...(isAskedFor(actionKinds.fix, params.context.only)
          ? [...lookUpActions(context, checked, params, actionKinds.fix), ...scanActions(context, checked, params, actionKinds.fix)]
          : []),
        ...convertActions(context, checked, params),
        ...policyActions(context, checked, params),
        ...pipelineActions(context, checked, params),
        ...sourceActions(context, checked, params),
      ];
    },
    resolve: async (action, token) => {
      const data = action.data as ActionData | PinData | ConvertData | PolicyData | PipelineData | undefined;
      if (data === undefined || action.edit) return action;
      if ('convert' in data) return await resolveConversion(context, action, data, token);
      if ('policy' in data) return await resolvePolicy(context, action, data, token);
      if ('pipeline' in data) return await resolvePipeline(context, action, data);
      if ('pin' in data) return await resolvePin(context, action, data, token);
      const checked = await checkedDocument(context, data.uri, token);
      if (!checked || checked.document.version !== data.version) return action;
      return { ...action, edit: toWorkspaceEdit(checked.document, bulkFix(checked, data.bulk).edits, context.support) };
    },
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
  if (!hasBulkFix(checked)) return null;
  return { ...action, command: { title, command: hardenViewCommand, arguments: [{ uri: checked.document.uri }] } };
}

function hasBulkFix({ check }: Checked, wanted?: Fix['class']): boolean {
  return check.findings.some(finding => bulkFixesOf(finding).some(fix => wanted === undefined || fix.class === wanted));
}

/** An action whose edit is computed when it is chosen, where the client can ask for it; else now. `null`: it would change nothing. */
function lazily(context: ServerContext, checked: Checked, action: MaskedAction, bulk: BulkKind): MaskedAction | null {
  if (context.support.resolveEdits) {
    // cheap, and may say yes where nothing comes of it in the end
    if (!hasBulkFix(checked, bulk.kind === 'safe' ? 'safe' : undefined)) return null;
    const data: ActionData = { uri: checked.document.uri, version: checked.document.version, bulk };
    return { ...action, data };
  }
  const { edits } = bulkFix(checked, bulk);
  return edits.length === 0 ? null : { ...action, edit: toWorkspaceEdit(checked.document, edits, context.support) };
}
