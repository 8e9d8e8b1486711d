const { createServer } = require('node:http');
const { greet } = require('./lib/greet');

createServer((request, response) => response.end(greet(request.url))).listen(3000);
