import { expect, test } from 'vitest';
import type * as lsp from 'vscode-languageserver/node';
import { clientsOf, rulesIn, until, type TestClient } from './client';
import { makeFolder } from './folders';

/** `customRules` of a repository as one types: findings, hover, suppression, and what is offered while one writes them. */

const start = clientsOf('server/src/main.node.ts');

const config = `customRules:
  - id: custom/replicas
    kind: Deployment
    cel: object.spec.replicas >= 2
    message: Two replicas at least
    severity: error
`;
const deployment = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 0\n';

async function opened(): Promise<{ readonly client: TestClient; readonly uri: string; readonly folder: string }> {
  const folder = makeFolder({ '.bulkhead.yaml': config, 'web.yaml': deployment });
  const client = await start({ folders: [folder] });
  const uri = `${folder}/web.yaml`;
  await client.open(uri, deployment);
  return { client, uri, folder };
}

const custom = async (client: TestClient, uri: string): Promise<readonly lsp.Diagnostic[]> =>
  (await client.items(uri)).filter(each => rulesIn(each).includes('custom/replicas'));

test('a rule of the repository is a problem at its field, until the field is right', async () => {
  const { client, uri } = await opened();
  const [found, ...others] = await custom(client, uri);
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    range: { start: { line: 5, character: 12 }, end: { line: 5, character: 13 } },
    severity: 1,
    source: 'bulkhead',
    message: 'Two replicas at least',
  });
  await client.replace(uri, 'replicas: 0', 'replicas: 2');
  expect(await custom(client, uri)).toEqual([]);
});

test('hover says where it comes from, and how it is suppressed', async () => {
  const { client, uri } = await opened();
  const hover = await client.connection.sendRequest<lsp.Hover>('textDocument/hover', {
    textDocument: { uri },
    position: client.position(uri, '0\n'),
  });
  const { value } = hover.contents as lsp.MarkupContent;
  expect(value).toContain('**Rule from .bulkhead.yaml** `custom/replicas`');
  expect(value).toContain('`# bulkhead-ignore custom/replicas -- …`');
});

test('it is suppressed as any other, by a comment', async () => {
  const { client, uri } = await opened();
  const actions = await client.actions(uri, '0\n');
  expect(actions.map(({ title }) => title)).toEqual(['Suppress custom/replicas here', 'Suppress custom/replicas in this file']);
  const edit = (await client.resolve(actions[0]!)).edit;
  await client.setText(uri, client.applied(uri, edit));
  expect(client.text(uri)).toContain('# bulkhead-ignore custom/replicas');
  expect(await custom(client, uri)).toEqual([]);
});

test('it follows the configuration', async () => {
  const { client, uri, folder } = await opened();
  expect(await custom(client, uri)).toHaveLength(1);
  const own = `${folder}/.bulkhead.yaml`;
  await client.open(own, config);
  await client.replace(own, '>= 2', '>= 0');
  await until('the rule to be another', async () => (await custom(client, uri)).length === 0);
});

test('its keys are offered, and what is wrong in it is said at its place', async () => {
  const { client, folder } = await opened();
  const own = `${folder}/.bulkhead.yaml`;
  await client.open(own, `${config}  - id: custom/other\n    ce\n`);
  const list = await client.connection.sendRequest<lsp.CompletionList | lsp.CompletionItem[] | null>('textDocument/completion', {
    textDocument: { uri: own },
    position: client.position(own, 'ce\n'),
  });
  const labels = (Array.isArray(list) ? list : (list?.items ?? [])).map(({ label }) => label);
  expect(labels).toEqual(['id', 'kind', 'family', 'files', 'cel', 'message', 'severity', 'at', 'tests']);
  await client.setText(own, config.replace('object.spec.replicas >= 2', 'object.spec.'));
  const problems = await client.items(own);
  expect(problems.map(({ message, range }) => [message, range.start])).toEqual([
    ['The expression ends in the middle', { line: 3, character: 20 }],
  ]);
});
