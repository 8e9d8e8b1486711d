import { describe, expect, test } from 'vitest';
import type { Hover, MarkupContent } from 'vscode-languageserver/node';
import type { HoverPages } from '../../shared/src/output/protocol/docs';
import { clientsOf, type TestClient } from './client';
import { pod } from './texts';

/** Where a page of a rule is: shown by the client, on the web, or nowhere but on the command line. */
const start = clientsOf('test/lsp/fake-server.ts');

const uri = 'file:///w/a.yaml';
const rule = 'kubernetes/fake-privileged';
const web = { FAKE_PAGES: 'https://git.example.com/bulkhead/v1/docs/rules/' };
const address = `${web.FAKE_PAGES}${rule}.md`;

const hoverOf = async (client: TestClient): Promise<{ readonly text: string } & HoverPages> => {
  const params = { textDocument: { uri }, position: client.position(uri, 'true') };
  const found = await client.connection.sendRequest<(Hover & HoverPages) | null>('textDocument/hover', params);
  return { text: (found?.contents as MarkupContent).value, ...(found?.pages && { pages: found.pages }) };
};

const documentationOf = async (client: TestClient): Promise<readonly string[]> =>
  (await client.actions(uri, 'true', { only: ['quickfix.bulkhead.documentation'] })).map(({ title }) => title);

describe('without an address', () => {
  test('no link leads anywhere, and the text says how to get the page', async () => {
    const client = await start({ options: { pages: false } });
    await client.open(uri, pod);
    for (const item of await client.items(uri)) expect(item).not.toHaveProperty('codeDescription');
    const { text, pages } = await hoverOf(client);
    expect(text).toMatch(/\n\nDocumentation: `bulkhead explain kubernetes\/fake-privileged`$/);
    expect(text).not.toMatch(/https?:|\]\(/);
    expect(pages).toBeUndefined();
    expect(await documentationOf(client)).toEqual([]);
    expect(
      await client.connection.sendRequest('workspace/executeCommand', { command: 'bulkhead.openDocumentation', arguments: [rule] }),
    ).toBe(false);
  });

  test('a client that shows pages gets the rules beside a text without links', async () => {
    const client = await start();
    await client.open(uri, pod);
    const { text, pages } = await hoverOf(client);
    expect(pages).toEqual([rule]);
    expect(text).not.toMatch(/https?:|command:|\]\(|bulkhead explain/);
    expect(await documentationOf(client)).toEqual([`Open documentation for ${rule}`]);
  });
});

test('with an address, codes, hovers and the light bulb lead there', async () => {
  const client = await start({ env: web, options: { pages: false } });
  await client.open(uri, pod.replace('# keep me', '# bulkhead-ignore kubernetes/fake-account'));
  const items = await client.items(uri);
  expect(items.map(({ code, codeDescription }) => [code, codeDescription?.href])).toEqual(
    expect.arrayContaining([
      [rule, address],
      // the engine's own findings have no page
      ['bulkhead/unused-suppression', undefined],
    ]),
  );
  expect((await hoverOf(client)).text).toMatch(new RegExp(`\\n\\n\\[Documentation for ${rule}\\]\\(${address.replaceAll('.', '\\.')}\\)$`));
  expect(await documentationOf(client)).toEqual([`Open documentation for ${rule}`]);
  await client.connection.sendRequest('workspace/executeCommand', { command: 'bulkhead.openDocumentation', arguments: [rule] });
  expect(client.shown).toEqual([{ uri: address, external: true }]);
});
