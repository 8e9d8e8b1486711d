const http = require('http');
const fs = require('fs');
const path = require('path');
const { log } = require('../../../packages/log');

const DATA = path.join(process.cwd(), 'data');
const file = path.join(DATA, 'orders.json');
const orders = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file)) : [];

function save() {
  if (!fs.existsSync(DATA)) fs.mkdirSync(DATA);
  fs.writeFileSync(file, JSON.stringify(orders));
}

http
  .createServer((req, res) => {
    if (req.method === 'POST') {
      let body = '';
      req.on('data', chunk => (body += chunk));
      req.on('end', () => {
        orders.push(body);
        save();
        res.end('ok');
      });
      return;
    }
    res.end(`${orders.length} orders`);
  })
  .listen(process.env.PORT || 3000, () => log('api is up'));

process.on('SIGTERM', () => process.exit(0));
