import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, test } from 'vitest';
import { hostileInputs } from '../fuzz/hostile/index';
import { built } from '../support/built';
import { startClient, type TestClient } from './client';
import { makeFolder } from './folders';
import { pod } from './texts';

/** Reads the processor time of a process in milliseconds; `null` where the system does not say. */
function cpuOf(pid: number): number | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // user and system time, in ticks of ten milliseconds
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return null;
  }
}

const supported = cpuOf(process.pid) !== null;
if (!supported) console.log('skipped: hostile folder: the processor time of a process cannot be read here');

/** A folder of the control run, and one with every hostile input, each in a folder of its own so that it keeps its name. */
const harmless = { '.git/HEAD': '', 'web.yaml': pod, 'account.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot}\n' };

function hostileFolder(): string {
  const folder = makeFolder(harmless);
  const root = decodeURIComponent(new URL(folder).pathname);
  for (const [i, { path: name, text }] of hostileInputs.entries()) {
    // a disk takes no name of any length, and no NUL
    const base = path.basename(name).replaceAll('\0', '').slice(-100);
    const file = path.join(root, `input-${i}`, /^\.*$/.test(base) ? 'pod.yaml' : base);
    fs.mkdirSync(path.dirname(file));
    fs.writeFileSync(file, text);
  }
  return folder;
}

/** Edits the harmless file until the index is there, or for half a minute, and gives the processor time that the dearest answer took. */
async function dearestAnswer(client: TestClient, folder: string, indexes: boolean): Promise<number> {
  const uri = `${folder}/web.yaml`;
  const pid = client.process.pid!;
  const indexed = (): number => client.logs.filter(log => log.message.startsWith('indexed ')).length;
  const before = indexed();
  let dearest = 0;
  await client.open(uri, pod);
  const end = Date.now() + 30_000;
  for (let i = 0; i < 10 || (indexes && indexed() === before && Date.now() < end); i++) {
    const started = cpuOf(pid)!;
    if (i > 0) await client.replace(uri, i === 1 ? 'name: web' : `name: web-${i - 1}`, `name: web-${i}`);
    const items = await client.items(uri);
    dearest = Math.max(dearest, cpuOf(pid)! - started);
    expect(items.map(item => item.code)).toContain('kubernetes/privileged');
  }
  await client.close(uri);
  return dearest;
}

test.runIf(supported).each([
  ['trusted', true],
  ['untrusted', false],
])(
  'a harmless file is answered for amid every hostile input: %s',
  async (_, trusted) => {
    const control = makeFolder(harmless);
    const hostile = hostileFolder();
    const client = await startClient({ server: built('server.js'), folders: [control, hostile], options: { trusted } });
    try {
      const usual = await dearestAnswer(client, control, trusted);
      const amid = await dearestAnswer(client, hostile, trusted);
      expect(amid).toBeLessThan(Math.max(2000, 4 * usual));
    } finally {
      await client.stop();
    }
  },
  240_000,
);
