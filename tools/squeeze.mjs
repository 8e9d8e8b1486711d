import { readFile, writeFile } from 'node:fs/promises';
import JSZip from 'jszip';

/**
 * `node tools/squeeze.mjs FILE`: compresses an archive anew as far as DEFLATE goes. vsce takes the middle level, and the package would be 8 kB larger.
 * Pictures stay as they are: they are compressed already.
 */
const [, , file] = process.argv;
if (file === undefined) throw new Error('usage: node tools/squeeze.mjs FILE');
const from = await JSZip.loadAsync(await readFile(file));
const to = new JSZip();
for (const entry of Object.values(from.files)) {
  if (entry.dir) continue;
  const { name, date, unixPermissions } = entry;
  const compression = /\.(?:webp|png)$/.test(name) ? 'STORE' : 'DEFLATE';
  to.file(name, await entry.async('nodebuffer'), {
    date,
    unixPermissions,
    compression,
    compressionOptions: { level: 9 },
    createFolders: false,
  });
}
await writeFile(file, await to.generateAsync({ type: 'nodebuffer', platform: 'UNIX' }));
