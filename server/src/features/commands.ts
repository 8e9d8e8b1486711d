import { ErrorCodes, LSPErrorCodes, ResponseError, type CancellationToken, type ExecuteCommandParams } from 'vscode-languageserver';
import { commands, type HardenedText, type HardenedTextParams } from '../../../shared/src/output/protocol/messages';
import type { IgnoreParams, ScanImagesParams } from '../../../shared/src/output/protocol/scan';
import type { ProveParams } from '../../../shared/src/output/protocol/trial';
import { showPageMethod, type ShowPageParams } from '../../../shared/src/output/protocol/docs';
import { trusted } from '../../../shared/src/early';
import type { Accepted } from '../../../shared/src/index';
import { checkedDocument, type ServerContext } from '../session/context';
import { ask } from '../lsp/ask';
import { bulkFix, groupSummaries, leftSummaries } from './bulk-fix';
import { applyBulk } from './harden-file';
import { convertText } from './convert';
import { ignoreVulnerability } from './ignore-vulnerability';
import { lookUpArchives, lookUpImages } from './look-up';
import { pinFiles } from './pin';
import { proveService } from './prove';
import { policyText } from './write-policy';
import { verifySignatures } from './signatures';
import { scanImages } from './scan';
import { documentInfo } from './document-info';
import { suppress } from './suppress';
import { argumentFields } from '../lsp/document-messages';

/** The names of all commands, for the server's capabilities. */
export const commandNames: readonly string[] = Object.values(commands);

/** What the server does when a client runs one of its commands. */
export async function executeCommand(context: ServerContext, params: ExecuteCommandParams, token: CancellationToken): Promise<unknown> {
  const argument: unknown = params.arguments?.[0];
  switch (params.command) {
    case commands.hardenFile:
      return applyBulk(context, uriOf(context, argument), { kind: 'harden', accept: acceptedBy(context, argument) }, token);
    case commands.fixAllSafe:
      return applyBulk(context, uriOf(context, argument), { kind: 'safe' }, token);
    case commands.pinFile:
      return pinFiles(context, [uriOf(context, argument)], token);
    case commands.pinFiles:
      return pinFiles(context, urisOf(argument), token);
    case commands.verifySignatures:
      return verifySignatures(context, uriOf(context, argument), startOf(argument), token);
    case commands.clearLookups:
      context.signatures?.clear();
      context.digests?.clear();
      context.lookedUp.clear();
      return null;
    case commands.lookUpImages:
      return argumentFields<'archives'>(argument).archives === undefined
        ? lookUpImages(context, scanParams(context, argument), token)
        : lookUpArchives(context, urisOf({ uris: argumentFields<'archives'>(argument).archives }));
    case commands.scanImages:
      return scanImages(context, scanParams(context, argument), token);
    case commands.clearScans:
      context.scans.clear();
      context.seenScans?.forgetAll();
      return null;
    case commands.proveService:
      return proveService(context, proveParams(context, argument), token);
    case commands.addIgnoreEntry:
      return ignoreVulnerability(context, ignoreParams(argument));
    case commands.showInfo:
      return documentInfo(context, argument, uriOf(context, argument), token);
    case commands.suppress:
      return suppress(context, argument, token);
    case commands.convertText:
      return convertText(context, argument, token);
    case commands.policyText:
      return policyText(context, argument, token);
    case commands.openDocumentation:
      return openDocumentation(context, argument);
    default:
      throw new ResponseError(LSPErrorCodes.RequestFailed, `unknown command ${params.command}`);
  }
}

/** The hardened text of a document beside what was done and what is left; `null` where the document is not open. */
export async function hardenedText(
  context: ServerContext,
  params: HardenedTextParams,
  token: CancellationToken,
): Promise<HardenedText | null> {
  const checked = await checkedDocument(context, params.uri, token);
  if (!checked) return null;
  const result = bulkFix(checked, params.safeOnly === true ? { kind: 'safe' } : { kind: 'harden', accept: acceptedBy(context, params) });
  return {
    version: checked.document.version,
    text: result.text,
    groups: groupSummaries(context, checked, result),
    left: leftSummaries(context, checked, result),
  };
}

async function openDocumentation({ connection, engine, showsPages, address, say }: ServerContext, argument: unknown): Promise<boolean> {
  // only pages of our own: the argument comes from outside
  const rules = engine.rules.map(({ id }) => id).filter(id => (Array.isArray(argument) ? argument.includes(id) : id === argument));
  const rule = rules.length > 1 ? await ask(connection, say('whichDocumentation'), rules, trusted) : rules[0];
  if (rule === undefined) return false;
  const page: ShowPageParams = { rule };
  if (showsPages) return (await connection.sendRequest<boolean>(showPageMethod, page)) === true;
  const uri = address(rule);
  if (uri === null) return false;
  const { success } = await connection.window.showDocument({ uri, external: true });
  return success;
}

/** A command's document: a URI, or an object that holds one, in the client's own spelling where the document is open under another. */
function uriOf({ documents, say }: ServerContext, argument: unknown): string {
  const { uri = argument } = argumentFields<'uri'>(argument);
  if (typeof uri !== 'string') throw new ResponseError(LSPErrorCodes.RequestFailed, say('noDocument'));
  return documents.find(uri)?.uri ?? uri;
}

/** The rules of `{ accept }`. Throws where one does not exist: nobody has agreed to what they misspelt. */
function acceptedBy({ engine }: ServerContext, argument: unknown): Accepted {
  const { accept: ids = [] } = argumentFields<'accept'>(argument);
  if (!Array.isArray(ids)) throw new ResponseError(ErrorCodes.InvalidParams, 'accept is a list of rule ids');
  if (ids.includes('all')) return 'all';
  const names = ids.map(id => (typeof id === 'string' ? id : JSON.stringify(id)));
  const unknown = names.find(name => !engine.rules.some(({ id }) => id === name));
  if (unknown !== undefined) throw new ResponseError(ErrorCodes.InvalidParams, `unknown rule ${unknown.slice(0, 100)}`);
  return new Set(names);
}

/** The offset of `{ start }`; `null`: none. */
function startOf(argument: unknown): number | null {
  const { start } = argumentFields<'start'>(argument);
  return typeof start === 'number' ? start : null;
}

function scanParams(context: ServerContext, argument: unknown): ScanImagesParams {
  const { uris, position } = argumentFields<'uris' | 'position'>(argument);
  if (uris !== undefined) return { uris: urisOf(argument) };
  const { line, character } = argumentFields<'line' | 'character'>(position);
  const place = typeof line === 'number' && typeof character === 'number' ? { position: { line, character } } : {};
  return { uri: uriOf(context, argument), ...place };
}

function proveParams(context: ServerContext, argument: unknown): ProveParams {
  const { name, position, progress } = argumentFields<'name' | 'position' | 'progress'>(argument);
  const { line, character } = argumentFields<'line' | 'character'>(position);
  const place = typeof line === 'number' && typeof character === 'number' ? { position: { line, character } } : {};
  return {
    uri: uriOf(context, argument),
    ...place,
    ...(typeof name === 'string' && { name }),
    ...(typeof progress === 'string' && { progress }),
  };
}

/** Throws where something is missing: what is left out of scans must have been asked for. */
function ignoreParams(argument: unknown): IgnoreParams {
  const given = argumentFields<keyof IgnoreParams>(argument);
  const text = (name: keyof IgnoreParams): string => {
    const value = given[name];
    if (typeof value !== 'string') throw new ResponseError(ErrorCodes.InvalidParams, `${name} is missing`);
    return value;
  };
  const purl = given.purl === null ? null : text('purl');
  return { reference: text('reference'), id: text('id'), purl, reason: text('reason'), until: text('until') };
}

/** The URIs of `{ uris }`; what is none is left out. */
function urisOf(argument: unknown): readonly string[] {
  const { uris } = argumentFields<'uris'>(argument);
  return Array.isArray(uris) ? uris.filter((uri): uri is string => typeof uri === 'string') : [];
}
