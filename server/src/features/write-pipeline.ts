import type { CodeAction, CodeActionParams } from 'vscode-languageserver';
import { askedOfRepository, buildsImages, githubPipeline } from '../../../shared/src/index';
import {
  type PipelineFilesParams,
  type PipelineFilesResult,
  startOf,
  writePipelineCommand,
} from '../../../shared/src/output/protocol/starter';
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

/** The action at a `FROM` of a Dockerfile that writes workflows for it. */
export function pipelineActions(context: ServerContext, checked: Checked, { range, context: { only } }: CodeActionParams): MaskedAction[] {
  const { support, policies, say, trusted } = context;
  const { document, scope, check } = checked;
  const { uri, version } = document;
  if (!trusted || scope.base === null || !isAskedFor(actionKinds.pipeline, only)) return [];
  if (!policies && !(support.createFiles && support.resolveEdits)) return [];
  if (!buildsImages(check.opened.source.family) || startOf(relativePath(scope.base, uri) ?? '') === null) return [];
  const { line } = range.start;
  if (!/^\s*FROM\s/i.test(document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } }))) return [];
  const action: MaskedAction = { title: say('writePipeline'), kind: actionKinds.pipeline };
  if (policies) return [{ ...action, command: { title: action.title, command: writePipelineCommand, arguments: [{ uri }] } }];
  const data: PipelineData = { uri, version, pipeline: true };
  return [{ ...action, data }];
}

/** What releases the image of a Dockerfile and scans it again, as `bulkhead init pipeline` writes it: the files that are not there yet. */
export async function pipelineFiles({ scopes, files }: ServerContext, { uri, folder }: PipelineFilesParams): Promise<PipelineFilesResult> {
  const base = folder ?? (await scopes.resolve(uri)).base;
  if (base === null) return null;
  const there = new Set<string>();
  for (const path of askedOfRepository) if (await files.exists(joinUri(base, path))) there.add(path);
  const pipeline = githubPipeline(relativePath(base, uri) ?? '', path => there.has(path));
  return pipeline && pipeline.files.filter(([path]) => !there.has(path)).map(([path, text]) => ({ uri: joinUri(base, path), text }));
}

/** The action with the edit that creates the files. */
export async function resolvePipeline(context: ServerContext, action: CodeAction, { uri }: PipelineData): Promise<CodeAction> {
  const missing = (await pipelineFiles(context, { uri })) ?? [];
  const documentChanges = missing.flatMap(file => creationOf(file.uri, file.text).documentChanges ?? []);
  return documentChanges.length === 0 ? action : { ...action, edit: { documentChanges } };
}
