import type { CodeAction, CodeActionParams } from 'vscode-languageserver';
import { buildsImages } from '../../../shared/src/index';
import { pipelineFor, pipelinePath, writePipelineCommand } from '../../../shared/src/output/protocol/starter';
import type { Checked, ServerContext } from '../session/context';
import type { MaskedAction } from '../lsp/gate';
import { joinUri, relativePath } from '../lsp/uri';
import { actionKinds, isAskedFor } from './action-kinds';
import { creationOf } from './create-file';

/** What the action carries to `codeAction/resolve`. */
export interface PipelineData {
  readonly uri: string;
  readonly version: number;
  readonly pipeline: true;
}

/** The action at a `FROM` of a Dockerfile that writes a workflow for it. */
export function pipelineActions(context: ServerContext, checked: Checked, { range, context: { only } }: CodeActionParams): MaskedAction[] {
  const { support, policies, say, trusted } = context;
  const { document, scope, check } = checked;
  const { uri, version } = document;
  if (!trusted || scope.base === null || !isAskedFor(actionKinds.pipeline, only)) return [];
  if (!policies && !(support.createFiles && support.resolveEdits)) return [];
  if (!buildsImages(check.opened.source.family) || pipelineFor(relativePath(scope.base, uri) ?? '') === null) return [];
  const { line } = range.start;
  if (!/^\s*FROM\s/i.test(document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } }))) return [];
  const action: MaskedAction = { title: say('writePipeline'), kind: actionKinds.pipeline };
  if (policies) return [{ ...action, command: { title: action.title, command: writePipelineCommand, arguments: [{ uri }] } }];
  const data: PipelineData = { uri, version, pipeline: true };
  return [{ ...action, data }];
}

/** The action with the edit that creates the workflow. */
export async function resolvePipeline({ scopes }: ServerContext, action: CodeAction, { uri }: PipelineData): Promise<CodeAction> {
  const { base } = await scopes.resolve(uri);
  const text = base === null ? null : pipelineFor(relativePath(base, uri) ?? '');
  return base === null || text === null ? action : { ...action, edit: creationOf(joinUri(base, pipelinePath), text) };
}
