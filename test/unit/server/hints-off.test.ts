import { CancellationToken } from 'vscode-languageserver';
import { expect, test } from 'vitest';
import { codeLenses } from '../../../server/src/features/code-lens';
import { inlayHints } from '../../../server/src/features/inlay-hints';
import type { ServerContext } from '../../../server/src/session/context';

/** A session of which only the settings of a file may be asked for: whoever wants the document, its check or a plan is told so. */
function settingsAlone(settings: object): ServerContext {
  const scopes = { peek: () => ({ settings }) };
  return new Proxy({ scopes } as unknown as ServerContext, {
    get: (target, name) => {
      if (name !== 'scopes') throw new Error(`asked for ${String(name)}`);
      return target.scopes;
    },
  });
}

const textDocument = { uri: 'file:///w/pod.yaml' };
const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };

test.each([
  ['lenses', 'codeLens', (context: ServerContext) => codeLenses(context, { textDocument }, CancellationToken.None)],
  ['inlay hints', 'inlayHints', (context: ServerContext) => inlayHints(context, { textDocument, range }, CancellationToken.None)],
] as const)('%s that are off cost nothing: not even the document is looked at', async (_what, setting, ask) => {
  expect(await ask(settingsAlone({ [setting]: false }))).toEqual([]);
  await expect(ask(settingsAlone({ [setting]: true }))).rejects.toThrow('asked for');
});
