const server = require('node:http').createServer((request, response) => response.end('hello'));
server.listen(3000);
process.on('SIGTERM', () => server.close());
