const http = require('node:http');

const server = http.createServer((request, response) => response.end('hello from a smaller image'));
server.listen(4000);
process.on('SIGTERM', () => server.close(() => process.exit(0)));
