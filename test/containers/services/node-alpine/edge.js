const fs = require('node:fs');
const http = require('node:http');

// A cache that it makes where it is missing.
fs.mkdirSync('.cache', { recursive: true });
fs.writeFileSync('.cache/started', 'yes');
const server = http.createServer((_, response) => response.end(`cached: ${fs.readFileSync('.cache/started', 'utf8')}`));
server.listen(process.env.PORT);
process.once('SIGTERM', () => process.exit(0));
