// Nobody thought of another user, nor of a signal: what comes in is written beside the sources.
const fs = require('node:fs');
const http = require('node:http');

fs.mkdirSync('uploads', { recursive: true });
http
  .createServer((request, response) => {
    if (request.method !== 'POST') return response.end(fs.readdirSync('uploads').join('\n') || 'nothing yet');
    const name = `uploads/${Date.now()}.txt`;
    request.pipe(fs.createWriteStream(name)).on('finish', () => response.end(`saved ${name}`));
  })
  .listen(8080);
