import type { CancellationToken, CodeLens, CodeLensParams } from 'vscode-languageserver';
import { commands } from '../../../shared/src/output/protocol/messages';
import { checkedDocument, type ServerContext } from '../session/context';
import { isConfigUri } from '../session/config-files';
import { isBulkClass } from './bulk-fix';
import { proveLenses } from './prove';

/** How many findings harden has a fix for, above the file, as a way to start it; and above what a trial would answer questions of, as a way to make one. */
export async function codeLenses(context: ServerContext, params: CodeLensParams, token: CancellationToken): Promise<CodeLens[]> {
  const { uri } = params.textDocument;
  const scope = context.scopes.peek(uri) ?? (await context.scopes.resolve(uri));
  if (!scope.settings.codeLens || isConfigUri(uri)) return [];
  const checked = await checkedDocument(context, uri, token);
  if (!checked) return [];
  const fixable = checked.check.findings.filter(({ fixes }) => fixes.some(fix => isBulkClass(fix) && fix.needsDigest === undefined));
  const proofs = proveLenses(context, checked);
  if (fixable.length === 0) return proofs;
  const start = { line: 0, character: 0 };
  const title = fixable.length === 1 ? context.say('lensOne') : context.say('lens', { count: fixable.length });
  return [{ range: { start, end: start }, command: { title, command: commands.hardenFile, arguments: [uri] } }, ...proofs];
}
