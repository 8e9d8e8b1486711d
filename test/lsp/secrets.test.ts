import { afterEach, describe, expect, test } from 'vitest';
import type { Hover } from 'vscode-languageserver/node';
import { commands, hardenedTextMethod } from '../../shared/src/output/protocol/messages';
import { piecesOf, secretFiles } from '../support/secrets';
import { planted } from '../support/planted';
import { spellings } from '../support/spellings';
import { bundleServer, startClient, type TestClient } from './client';

/** The server as it ships, with the real rules. */
const server = bundleServer('server/src/main.node.ts');
let client: TestClient | undefined;

afterEach(async () => {
  await client?.stop();
  client = undefined;
});

/** What the server says, without the text that it gives back or would write: that is the document's own. */
const said = (value: unknown): string =>
  JSON.stringify(value, (name, member: unknown) => (['edit', 'text', 'newText', 'snippets'].includes(name) ? undefined : member));

const languages: readonly (readonly [RegExp, string])[] = [
  [/^Dockerfile$/, 'dockerfile'],
  [/\.sh$/, 'shellscript'],
  [/^Makefile$/, 'makefile'],
  [/\.md$/, 'markdown'],
  [/\.ya?ml$/, 'yaml'],
];
const languageOf = (path: string): string => languages.find(([name]) => name.test(path))?.[1] ?? 'plaintext';

describe('no secret stands whole in what an editor shows', () => {
  test('diagnostics, hovers, actions, previews, information and logs', async () => {
    const started = (client = await startClient({ server, settings: () => ({ profile: 'strict' }) }));
    let errors = '';
    started.process.stderr!.on('data', (data: Buffer) => (errors += data.toString()));
    const secrets: string[] = [];
    const files = [
      ...secretFiles.map(([name, path, text, secret]) => ({ name, path, text, pieces: piecesOf(secret), found: true })),
      ...[...spellings, ...planted].map(spelling => ({ ...spelling, found: false })),
    ];
    for (const [index, { name, path, text, pieces, found }] of files.entries()) {
      const uri = `vscode-test:/${index}/${path}`;
      const textDocument = { uri };
      const send = (method: string, params: object): Promise<unknown> =>
        started.connection.sendRequest(method, { textDocument, ...params });
      await started.open(uri, text, languageOf(path));
      const items = await started.items(uri);
      // of some there is nothing to say, and nothing to give away
      if (found) expect(items.length, name).toBeGreaterThan(0);
      const outputs: unknown[] = [items, await send(hardenedTextMethod, { uri })];
      for (const item of items) {
        outputs.push(await send('textDocument/codeAction', { range: item.range, context: { diagnostics: [item] } }));
        const hover = (await send('textDocument/hover', { position: item.range.start })) as Hover | null;
        if (path !== '.bulkhead.yaml') expect(hover, name).not.toBeNull();
        outputs.push(hover);
      }
      for (const command of [commands.showInfo, commands.hardenFile]) {
        outputs.push(await started.connection.sendRequest('workspace/executeCommand', { command, arguments: [uri] }));
      }
      for (const piece of pieces) for (const output of outputs) expect(said(output), name).not.toContain(piece);
      secrets.push(...pieces);
      await started.close(uri);
    }
    const logged = said([started.logs, started.notifications, started.shown, [...started.published]]) + errors;
    for (const secret of secrets) expect(logged).not.toContain(secret);
  }, 120_000);
});
