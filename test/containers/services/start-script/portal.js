const { title } = require('./config.json');

require('node:http')
  .createServer((_, response) => response.end(`title: ${title}\n`))
  .listen(8081);
