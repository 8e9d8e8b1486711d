import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { DirectoryStore, type Session, type SessionStore } from './stores.ts';

const HOUR = 3_600_000;
const store: SessionStore = new DirectoryStore();

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://sessions.example.com');
  switch (url.pathname) {
    case '/login': {
      const session: Session = {
        id: randomUUID(),
        user: url.searchParams.get('user') ?? 'anonymous',
        expires: Date.now() + 8 * HOUR,
      };
      store.save(session);
      response.end(session.id);
      return;
    }
    case '/whoami': {
      const session = store.find(url.searchParams.get('id')?.replace(/[^\w-]/g, '') ?? '');
      response.statusCode = session && session.expires > Date.now() ? 200 : 401;
      response.end(session?.user ?? 'nobody');
      return;
    }
    default:
      response.statusCode = 404;
      response.end();
  }
});

server.listen(8000, () => console.log('sessions on :8000'));
