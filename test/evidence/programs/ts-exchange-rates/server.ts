import http from 'node:http';
import { convert, load } from './rates.ts';

const rates = load(new URL('./ecb.json', import.meta.url).pathname);

const server = http.createServer((req, res) => {
  const query = new URL(req.url!, `http://${req.headers.host}`).searchParams;
  try {
    const result = convert(rates, Number(query.get('amount') ?? 1), query.get('from') ?? 'EUR', query.get('to') ?? 'USD');
    res.end(`${result}\n`);
  } catch (error) {
    res.statusCode = 400;
    res.end(`${(error as Error).message}\n`);
  }
});

server.listen(8080);
process.on('SIGTERM', () => server.close());
