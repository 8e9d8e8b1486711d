const fs = require('fs');
const http = require('http');
const path = require('path');
const config = require('./config');

if (!fs.existsSync(config.invoiceDir)) fs.mkdirSync(config.invoiceDir, { recursive: true });

const server = http.createServer((req, res) => {
  if (req.method === 'POST') {
    const file = path.join(config.invoiceDir, `${Date.now()}.txt`);
    req.pipe(fs.createWriteStream(file)).on('finish', () => res.end('stored'));
  } else res.end(`invoices: ${fs.readdirSync(config.invoiceDir).length}`);
});
server.listen(config.port);
process.on('SIGTERM', () => server.close(() => process.exit(0)));
