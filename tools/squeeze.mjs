import { deflateAsync } from '@gfx/zopfli';
import JSZip from 'jszip';
import { Buffer } from 'node:buffer';
import { readFile, writeFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/**
 * `node tools/squeeze.mjs FILE`: compresses an archive anew as far as DEFLATE goes, by Zopfli, which finds what zlib has no time for: the package would be
 * 46 kB larger. Pictures stay as they are: they are compressed already.
 */
const [, , file] = process.argv;
if (file === undefined) throw new Error('usage: node tools/squeeze.mjs FILE');

/** The date and time of a file as a ZIP archive has it. */
const stamp = date =>
  ((Math.max(date.getUTCFullYear(), 1980) - 1980) << 25) |
  ((date.getUTCMonth() + 1) << 21) |
  (date.getUTCDate() << 16) |
  (date.getUTCHours() << 11) |
  (date.getUTCMinutes() << 5) |
  (date.getUTCSeconds() >> 1);

/** What the header of a file and its entry in the directory have in common: how it is stored, its time, checksum, sizes, and the length of its name. */
function fieldsOf({ name, content, data, date }) {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(0x800, 2);
  fields.writeUInt16LE(content === data ? 0 : 8, 4);
  fields.writeUInt32LE(stamp(date) >>> 0, 6);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(data.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(Buffer.byteLength(name), 22);
  return fields;
}

const archive = await JSZip.loadAsync(await readFile(file));
const parts = [];
const directory = [];
let at = 0;
const add = (...buffers) => {
  for (const buffer of buffers) {
    parts.push(buffer);
    at += buffer.length;
  }
};
for (const { dir, name, date, unixPermissions } of Object.values(archive.files)) {
  if (dir) continue;
  const packed = await archive.file(name).async('nodebuffer');
  // nothing reads the white space in there
  const content = /\.schema\.json$|package(?:\.nls(?:\.\w+)?)?\.json$/.test(name)
    ? Buffer.from(JSON.stringify(JSON.parse(packed.toString('utf8'))))
    : packed;
  const smaller = /\.(?:webp|png)$/.test(name) ? content : Buffer.from(await deflateAsync(content, { numiterations: 15 }));
  const data = smaller.length < content.length ? smaller : content;
  const fields = fieldsOf({ name, content, data, date });
  // made by Unix, as version 2 of the format has it
  const entryStart = Buffer.from([0x50, 0x4b, 1, 2, 20, 3]);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE((((unixPermissions ?? 0o100644) & 0xffff) << 16) >>> 0, 6);
  rest.writeUInt32LE(at, 10);
  directory.push(entryStart, fields, rest, Buffer.from(name));
  add(Buffer.from([0x50, 0x4b, 3, 4]), fields, Buffer.from(name), data);
}
const start = at;
add(...directory);
const end = Buffer.alloc(22);
end.writeUInt32LE(0x06054b50, 0);
end.writeUInt16LE(directory.length / 4, 8);
end.writeUInt16LE(directory.length / 4, 10);
end.writeUInt32LE(at - start, 12);
end.writeUInt32LE(start, 16);
add(end);
await writeFile(file, Buffer.concat(parts));
