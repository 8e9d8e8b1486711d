import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { randomBytes } from 'node:crypto';

const database = new DatabaseSync(process.env.LINKS_DB || '/usr/local/share/links.db');

database.exec(`
  CREATE TABLE IF NOT EXISTS links (
    slug TEXT PRIMARY KEY,
    url  TEXT NOT NULL,
    hits INTEGER NOT NULL DEFAULT 0
  )
`);

const insert = database.prepare('INSERT INTO links (slug, url) VALUES (?, ?)');
const select = database.prepare('SELECT url FROM links WHERE slug = ?');
const count = database.prepare('UPDATE links SET hits = hits + 1 WHERE slug = ?');

createServer((req, res) => {
  const { pathname, searchParams } = new URL(req.url, 'http://localhost');

  if (pathname === '/new') {
    const url = searchParams.get('url');
    if (!url || !URL.canParse(url)) return res.writeHead(400).end('no url\n');
    const slug = randomBytes(4).toString('base64url');
    insert.run(slug, url);
    return res.end(slug + '\n');
  }

  const link = select.get(pathname.slice(1));
  if (!link) return res.writeHead(404).end();
  count.run(pathname.slice(1));
  return res.writeHead(302, { location: link.url }).end();
}).listen(4000);
