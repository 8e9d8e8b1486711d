import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, test } from 'vitest';
import { clientsOf, until } from './client';
import { makeFolder } from './folders';

const start = clientsOf('server/src/main.node.ts');
const dockerfile = 'FROM debian:13\nENV A b\n';

test('rulesVersion in the configuration has findings weigh as in that version, at once', async () => {
  const folder = makeFolder({ Dockerfile: dockerfile });
  const client = await start({ folders: [folder] });
  const uri = `${folder}/Dockerfile`;
  await client.open(uri, dockerfile);
  const severity = async (): Promise<unknown> =>
    (await client.items(uri)).find(({ code }) => code === 'dockerfile/legacy-key-value')?.severity;
  expect(await severity()).toBe(4);

  await until('watchers', () => client.registrations.some(({ method }) => method === 'workspace/didChangeWatchedFiles'));
  const before = client.refreshes();
  fs.writeFileSync(path.join(decodeURIComponent(new URL(folder).pathname), '.bulkhead.yaml'), 'rulesVersion: 0.1.0\n');
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
    changes: [{ uri: `${folder}/.bulkhead.yaml`, type: 1 }],
  });
  await until('refresh', () => client.refreshes() > before);
  expect(await severity()).toBe(3);
});
