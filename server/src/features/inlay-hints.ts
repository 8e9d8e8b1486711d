import { InlayHintKind, type CancellationToken, type InlayHint, type InlayHintParams } from 'vscode-languageserver';
import { checkedDocument, type ServerContext } from '../session/context';
import { isConfigUri } from '../session/config-files';
import { gateOfCheck } from '../lsp/gate';

/** The user that each stage and each container starts as, behind its image; nothing where the setting is off. */
export async function inlayHints(context: ServerContext, params: InlayHintParams, token: CancellationToken): Promise<InlayHint[]> {
  const { uri } = params.textDocument;
  const scope = context.scopes.peek(uri) ?? (await context.scopes.resolve(uri));
  if (!scope.settings.inlayHints || isConfigUri(uri)) return [];
  const checked = await checkedDocument(context, uri, token);
  if (!checked?.check.result) return [];
  const { document, check } = checked;
  const gate = gateOfCheck(check);
  const wanted = { start: document.offsetAt(params.range.start), end: document.offsetAt(params.range.end) };
  const shown = check.opened.users(check.context).filter(({ range }) => wanted.start <= range.end && range.end <= wanted.end);
  return shown.map(({ range, user, origin, by }) => {
    const data = { user: gate.mask(user), by: gate.mask(by ?? '') };
    return {
      position: document.positionAt(range.end),
      label: context.say('userHint', data),
      kind: InlayHintKind.Parameter,
      paddingLeft: true,
      tooltip: context.say(origin === 'file' ? 'userOfFile' : origin === 'image' ? 'userOfImage' : 'userOfDockerfile', data),
    };
  });
}
