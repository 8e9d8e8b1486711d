import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

/** The bytes of the seal of a pack, and of the length of its table: see server/src/host/node/kept/packs.ts. */
const sealLength = 32;

/** All that the files of a folder say, with what is packed in them unpacked. */
export function allKept(folder: string): string {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  return names.map(({ parentPath, name }) => [...textsOf(name, readFileSync(join(parentPath, name)))].join('\n')).join('\n');
}

function* textsOf(name: string, bytes: Buffer): Generator<string> {
  yield bytes.toString();
  if (!/^(?:facts|lint|scan)-/.test(name)) return;
  const start = sealLength + 4 + bytes.readUInt32LE(sealLength);
  const [, rows] = JSON.parse(bytes.toString('utf8', sealLength + 4, start)) as [unknown, [key: string, head: unknown, length: number][]];
  let at = start;
  for (const [, , length] of rows) {
    const body = bytes.subarray(at, (at += length));
    if (body[0] === 1) yield inflateRawSync(body.subarray(1)).toString();
  }
}
