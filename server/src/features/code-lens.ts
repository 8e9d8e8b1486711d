import type { CancellationToken, CodeLens, CodeLensParams } from 'vscode-languageserver';
import { commands } from '../../../shared/src/output/protocol/messages';
import { checkedDocument, type ServerContext } from '../session/context';
import { isConfigUri } from '../session/config-files';
import { isBulkClass } from './bulk-fix';

/** How many findings harden has a fix for, above the file, as a way to start it; nothing where the setting is off, or there is none. */
export async function codeLenses(context: ServerContext, params: CodeLensParams, token: CancellationToken): Promise<CodeLens[]> {
  const { uri } = params.textDocument;
  const scope = context.scopes.peek(uri) ?? (await context.scopes.resolve(uri));
  if (!scope.settings.codeLens || isConfigUri(uri)) return [];
  const checked = await checkedDocument(context, uri, token);
  const fixable = checked?.check.findings.filter(({ fixes }) => fixes.some(fix => isBulkClass(fix) && fix.needsDigest === undefined)) ?? [];
  if (fixable.length === 0) return [];
  const start = { line: 0, character: 0 };
  const title = fixable.length === 1 ? context.say('lensOne') : context.say('lens', { count: fixable.length });
  return [{ range: { start, end: start }, command: { title, command: commands.hardenFile, arguments: [uri] } }];
}
