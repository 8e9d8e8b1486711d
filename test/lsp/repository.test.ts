import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { clientsOf, fullCapabilities } from './client';

const start = clientsOf('server/src/main.node.ts');
const workflow = 'on: push\npermissions: {}\njobs:\n  a:\n    uses: acme/flows/.github/workflows/a.yml@main\n';

let folder: string | undefined;
afterEach(() => folder !== undefined && fs.rmSync(folder, { recursive: true, force: true }));

/** The severity of `branch-action` in a workflow at a path of a repository whose origin is of an owner. */
async function weight(owner: string, file: string): Promise<number | undefined> {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bulkhead-repository-'));
  fs.mkdirSync(path.join(folder, '.git'));
  fs.writeFileSync(path.join(folder, '.git', 'config'), `[remote "origin"]\n\turl = git@forge.example.com:${owner}/web.git\n`);
  fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  fs.writeFileSync(path.join(folder, file), workflow);
  const client = await start({ capabilities: fullCapabilities, folders: [pathToFileURL(folder).href] });
  const uri = pathToFileURL(path.join(folder, file)).href;
  await client.open(uri, workflow);
  const items = await client.items(uri);
  return items.find(({ code }) => code === 'workflow/branch-action')?.severity;
}

test.each([
  ['acme-2', '.github/workflows/a.yml', 1],
  ['Acme', '.github/workflows/a.yml', 2],
  ['acme-2', 'demo/.github/workflows/a.yml', 4],
])('in a repository of %s, %s', async (owner, file, severity) => expect(await weight(owner, file)).toBe(severity));
