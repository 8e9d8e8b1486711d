const http = require('http');
const { http: listen, storage } = require('./config');
const store = require('./lib/store');

async function body(req) {
  const chunks = [];
  let size = 0;
  for await (const chunk of req) {
    size += chunk.length;
    if (size > storage.maxBytes) throw new RangeError('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function handle(req, res) {
  if (req.method === 'POST') return res.end(await store.save(await body(req)));
  const blob = await store.load(req.url.slice(1));
  res.setHeader('Content-Type', 'application/octet-stream');
  return res.end(blob);
}

http
  .createServer((req, res) => {
    handle(req, res).catch(err => {
      res.statusCode = err instanceof RangeError ? 413 : err.code === 'ENOENT' ? 404 : 500;
      res.end(err.message);
    });
  })
  .listen(listen.port, listen.host);
