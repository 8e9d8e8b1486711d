const { createServer } = require('node:http');
const { createSession } = require('./lib/session');

const server = createServer((request, response) => {
  if (request.url === '/health') return response.end('ok\n');
  response.setHeader('Set-Cookie', `session=${createSession(process.env.SESSION_SECRET)}; HttpOnly; Secure`);
  response.end('Welcome to the shop\n');
});

server.listen(3000);
