'use strict';

const fs = require('fs');
const http = require('http');
const path = require('path');

const PAGES = path.join(__dirname, 'pages');

// Snippets for the sidebar, shown as they are.
const snippets = {
  'append a line': "fs.appendFileSync('/var/log/cookbook.log', line + '\\n');",
  'save JSON': `
    const fs = require('fs');
    fs.mkdirSync('/var/lib/cookbook', { recursive: true });
    fs.writeFileSync('/var/lib/cookbook/data.json', JSON.stringify(data));
  `,
  'python, for comparison': 'open("/var/lib/cookbook/data.txt", "w").write(text)',
};

const escape = text => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

function sidebar() {
  return Object.entries(snippets)
    .map(([title, code]) => `<h3>${escape(title)}</h3><pre>${escape(code)}</pre>`)
    .join('\n');
}

const server = http.createServer((req, res) => {
  const name = path.basename(req.url === '/' ? 'index' : req.url);
  fs.readFile(path.join(PAGES, name + '.html'), 'utf8', (err, page) => {
    if (err) {
      res.writeHead(404, { 'Content-Type': 'text/plain' });
      res.end('no such page');
      return;
    }
    res.setHeader('Content-Type', 'text/html; charset=utf-8');
    res.write(page);
    res.write('<aside>' + sidebar() + '</aside>');
    res.end();
  });
});

server.listen(8080, () => console.log('http://0.0.0.0:8080/'));
