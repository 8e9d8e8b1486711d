const http = require('node:http');

const server = http.createServer((request, response) => response.end(JSON.stringify({ path: request.url, pid: process.pid })));
server.listen(process.env.PORT || 3000);
process.on('SIGTERM', () => server.close(() => process.exit(0)));
