import * as fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { createEngine } from '../../shared/src/engine/create-engine';
import { rules } from '../../shared/src/families/generated/index';
import { evidencePath, printEvidence } from '../../shared/src/services/prove/evidence-file';
import { plainTrial } from '../../tools/rules/case-trials';
import { plainContext } from '../../tools/lint-context';
import { bundleServer, startClient, until, type TestClient } from './client';
import { makeFolder } from './folders';

/** Trial runs that are committed, as an editor uses them. */
const server = bundleServer('server/src/main.node.ts');
let client: TestClient | undefined;

afterEach(async () => {
  await client?.stop();
  client = undefined;
});

const compose = `services:
  api:
    image: example.com/acme/api:1.4@${plainTrial.digest}
    command: [serve]
`;
const [place] = createEngine(rules).open({ path: 'compose.yaml', text: compose }).trials(plainContext());
const evidence = printEvidence([{ name: place!.name, about: place!.about, facts: { ...plainTrial, user: { uid: 4321, gid: 4321 } } }]);
const path = evidencePath('compose.yaml');

/** Whether the user of the trial is offered without a condition. */
async function isOffered(uri: string): Promise<boolean> {
  const actions = await client!.actions(uri, 'api');
  return actions.some(({ title }) => title.includes('4321:4321'));
}

async function open(files: Readonly<Record<string, string>>, trusted = true): Promise<string> {
  const folder = makeFolder(files);
  client = await startClient({ server, folders: [folder], options: { trusted } });
  const uri = `${folder}/compose.yaml`;
  await client.open(uri, compose);
  await until('findings', async () => (await client!.items(uri)).length > 0);
  return uri;
}

describe('trial runs in .bulkhead/evidence', () => {
  test('count in a workspace that is trusted, and follow the file', async () => {
    const uri = await open({ 'compose.yaml': compose, [path]: evidence });
    await until('the trial', () => isOffered(uri));
    const file = `${uri.slice(0, uri.lastIndexOf('/'))}/${path}`;
    fs.rmSync(fileURLToPath(file));
    await client!.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: file, type: 3 }] });
    await until('no trial', async () => !(await isOffered(uri)));
    const codes = async (): Promise<readonly unknown[]> => (await client!.items(uri)).map(({ code }) => code);
    const without = await codes();
    fs.writeFileSync(fileURLToPath(file), evidence);
    await client!.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: file, type: 1 }] });
    await until('the trial again', () => isOffered(uri));
    expect(without.length).toBeGreaterThan(0);
    expect(await codes()).toEqual(without);
  });

  test('do not count in a workspace that is not trusted', async () => {
    const uri = await open({ 'compose.yaml': compose, [path]: evidence }, false);
    expect(await isOffered(uri)).toBe(false);
  });

  test('do not count for another file of the same text', async () => {
    const uri = await open({ 'compose.yaml': compose, 'other/compose.yaml': compose, [path]: evidence });
    await until('the trial', () => isOffered(uri));
    const other = uri.replace('compose.yaml', 'other/compose.yaml');
    await client!.open(other, compose);
    await until('findings', async () => (await client!.items(other)).length > 0);
    expect(await isOffered(other)).toBe(false);
    expect(await isOffered(uri)).toBe(true);
  });
});
