import { expect, test } from 'vitest';
import { commands, type DocumentInfo, type ShowInfoParams } from '../../shared/src/output/protocol/messages';
import { clientsOf } from './client';
import { makeFolder } from './folders';

/** Why a file has no findings, asked of files that no client hands over. */
const start = clientsOf('server/src/main.node.ts');

const manifest = '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"hostPID":true,"containers":[]}}\n';
const notes = 'Buy milk.\n';
const manifestReason = /does not check files of the language json; bulkhead lint checks it/;
const notesReason = /neither its name nor its content suggests a container file/;

async function infoOf(files: Record<string, string>, name: string, params: Omit<ShowInfoParams, 'uri'>): Promise<DocumentInfo | null> {
  const folder = makeFolder(files);
  const client = await start({ folders: [folder] });
  return await client.connection.sendRequest<DocumentInfo | null>('workspace/executeCommand', {
    command: commands.showInfo,
    arguments: [{ uri: name.includes(':') ? name : `${folder}/${name}`, ...params }],
  });
}

test.each<[string, Record<string, string>, string, Omit<ShowInfoParams, 'uri'>, RegExp, string]>([
  ['a manifest in JSON', {}, 'pod.json', { languageId: 'json', text: manifest }, manifestReason, 'kubernetes'],
  ['other JSON', {}, 'package.json', { languageId: 'json', text: '{"name":"shop"}\n' }, /no apiVersion and kind keys/, 'none'],
  ['plain text', {}, 'notes.txt', { languageId: 'plaintext', text: notes }, notesReason, 'none'],
  ['plain text that was never saved', {}, 'untitled:Untitled-1', { languageId: 'plaintext', text: notes }, /./, 'none'],
  [
    'an earlier version',
    {},
    'git:/shop/Dockerfile',
    { languageId: 'dockerfile', text: 'FROM a\n' },
    /another version of a file/,
    'dockerfile',
  ],
  ['a file of which only the name is known', { 'notes.txt': notes }, 'notes.txt', {}, notesReason, 'none'],
  [
    'one that the configuration leaves out',
    { '.bulkhead.yaml': 'exclude: ["*.json"]\n' },
    'pod.json',
    { languageId: 'json', text: manifest },
    /exclude/,
    'none',
  ],
])('%s', async (_what, files, name, params, reason, family) => {
  const info = await infoOf(files, name, params);
  expect(info!.status!.state).toMatch(/^(?:ignored|excluded)$/);
  expect(info!.status!.reason).toMatch(reason);
  expect(info!.status!.family).toBe(family);
  expect(info!.page).toContain(info!.status!.reason);
});

test('a file that does not exist', async () => expect(await infoOf({}, 'gone.json', {})).toBeNull());
