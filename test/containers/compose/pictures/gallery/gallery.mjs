import { createServer } from 'node:http';
import { mkdir, readdir, writeFile } from 'node:fs/promises';

const dir = process.env.PICTURES ?? 'pictures';
await mkdir('.cache/thumbs', { recursive: true });

createServer(async (req, res) => {
  if (req.method === 'POST') {
    const chunks = [];
    for await (const chunk of req) chunks.push(chunk);
    const name = `${Date.now()}.jpg`;
    await writeFile(`${dir}/${name}`, Buffer.concat(chunks));
    await writeFile(`.cache/thumbs/${name}`, 'thumb');
    res.end('hung');
  } else res.end(`${(await readdir(dir)).length} pictures`);
}).listen(process.env.PORT);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit());
