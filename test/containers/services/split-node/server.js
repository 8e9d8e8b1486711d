const http = require('node:http');

const server = http.createServer((request, response) => response.end('a page'));
server.listen(3000);
process.on('SIGTERM', () => server.close(() => process.exit(0)));
