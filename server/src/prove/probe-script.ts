// What looks at a container from its network: a text that a Node of its own runs, since it is started inside that network (nsenter) and outlives no answer.
// Plain JavaScript of the oldest Node that is supported. It reads /proc, connects to loopback, writes one line of JSON, and changes nothing.

/** The program. Its one argument is JSON: `{ pid, ask, ports, mapped }`. */
export const probeScript = String.raw`
'use strict';
const fs = require('fs'), net = require('net'), https = require('https'), crypto = require('crypto');
const { pid, ask, ports, mapped } = JSON.parse(process.argv[1]);
const read = path => { try { return fs.readFileSync(path, 'utf8'); } catch { return ''; } };
const isLoopback = hex => hex.length === 8 ? hex.endsWith('7F') : hex === '0'.repeat(24) + '01000000' || /^0{16}FFFF0000.{6}7F$/.test(hex);
const bound = new Map();
for (const [file, kind, state] of [['tcp', 'tcp', '0A'], ['tcp6', 'tcp', '0A'], ['udp', 'udp', '07'], ['udp6', 'udp', '07']]) {
  for (const line of read('/proc/' + pid + '/net/' + file).split('\n').slice(1)) {
    const [, local, , at] = line.trim().split(/\s+/);
    if (!local || at !== state) continue;
    const [address, hex] = local.split(':');
    const port = parseInt(hex, 16);
    // what a kernel chooses differs each time
    if (port >= 32768 && !ports.includes(port)) continue;
    const key = kind + ' ' + port;
    bound.set(key, (bound.get(key) || false) || !isLoopback(address));
  }
}
const sockets = [...bound].map(([key, open]) => open ? key : key.replace(' ', ' 127.0.0.1:'));
for (const line of read('/proc/' + pid + '/net/unix').split('\n').slice(1)) {
  const parts = line.trim().split(/\s+/);
  if (parts[3] === '00010000' && parts[7] && parts[7].startsWith('/')) sockets.push('unix ' + parts.slice(7).join(' ').replace(/\d+/g, '#'));
}
const maps = mapped ? read('/proc/' + pid + '/uid_map').trim().split('\n').map(row => row.trim().split(/\s+/).map(Number)) : [];
const inside = id => { for (const [first, host, count] of maps) if (id >= host && id < host + count) return first + id - host; return id; };
const all = new Map();
for (const name of fs.readdirSync('/proc')) {
  if (!/^\d+$/.test(name)) continue;
  const status = read('/proc/' + name + '/status');
  const field = key => { const at = status.indexOf('\n' + key + ':'); return at < 0 ? '' : status.slice(at + key.length + 2, status.indexOf('\n', at + 1)).trim(); };
  if (status) all.set(Number(name), { name: status.slice(6, status.indexOf('\n')), parent: Number(field('PPid')), uid: inside(Number(field('Uid').split(/\s/)[0])), gid: Number(field('Gid').split(/\s/)[0]), groups: field('Groups').split(/\s+/).filter(Boolean).map(Number), threads: Number(field('Threads')), state: field('State')[0] });
}
const isOwn = id => { for (let at = id, left = 1000; at > 1 && left-- > 0; at = (all.get(at) || {}).parent) if (at === pid) return true; return false; };
const processes = [...all].filter(([id, one]) => one.state !== 'Z' && isOwn(id)).map(([id, { name, uid, gid, groups, threads }]) => ({ pid: id, name, uid, gid, groups, threads }));

const most = 1 << 20, timeout = 5000, brief = 2000;
const talk = (port, bytes, patience) => new Promise(done => {
  const parts = []; let length = 0, isDone = false, isConnected = false;
  const socket = net.connect({ host: '127.0.0.1', port });
  const end = () => { if (isDone) return; isDone = true; socket.destroy(); done(isConnected ? Buffer.concat(parts) : null); };
  socket.setTimeout(patience, end);
  socket.on('connect', () => { isConnected = true; socket.write(bytes); });
  socket.on('data', part => { parts.push(part); length += part.length; if (length > most) end(); else if (length > 0 && patience === brief) end(); });
  socket.on('error', end);
  socket.on('close', end);
});
const secure = port => new Promise(done => {
  const request = https.request({ host: '127.0.0.1', port, path: '/', method: 'GET', rejectUnauthorized: false, agent: false, timeout: brief }, answer => {
    let length = 0;
    const parts = [];
    const end = () => { request.destroy(); done({ port, scheme: 'https', status: answer.statusCode, type: typeOf(answer.headers['content-type']), length, text: textOf(Buffer.concat(parts).toString('latin1')) }); };
    answer.on('data', part => { parts.push(part); length += part.length; if (length > most) end(); });
    answer.on('end', end); answer.on('error', end);
  });
  request.on('timeout', () => request.destroy()); request.on('error', () => done(null)); request.end();
});
// words with digits are times, counters, names of hosts
const textOf = text => crypto.createHash('sha256').update(text.replace(/[\w-]+/g, word => /\d/.test(word) ? '#' : word)).digest('hex').slice(0, 16);
const typeOf = value => value ? value.split(';')[0].trim().toLowerCase() : null;
const hello = 'GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bulkhead\r\nAccept: */*\r\nConnection: close\r\n\r\n';
// what does not speak HTTP: PostgreSQL says in one letter whether it speaks TLS, and others answer a line
const others = [Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]), Buffer.from('PING\r\n')];
const firstOf = attempts => Promise.any(attempts.map(async attempt => { const said = await attempt; if (!said || said.length === 0) throw new Error(); return said.length; })).catch(() => 0);
const answer = async port => {
  const bytes = await talk(port, hello, timeout);
  if (bytes === null) return null;
  const text = bytes.toString('latin1');
  const head = /^HTTP\/1\.[01] (\d{3})/.exec(text);
  if (head) {
    const end = text.indexOf('\r\n\r\n');
    const headers = end < 0 ? text : text.slice(0, end);
    const type = /\r\ncontent-type:([^\r]*)/i.exec(headers);
    return { port, scheme: 'http', status: Number(head[1]), type: type ? typeOf(type[1].trim()) : null, length: end < 0 ? 0 : text.length - end - 4, text: textOf(end < 0 ? '' : text.slice(end + 4)) };
  }
  // an alert of TLS
  const tls = bytes[0] === 21 ? await secure(port) : null;
  if (tls) return tls;
  const length = bytes.length > 0 ? bytes.length : await firstOf(others.map(other => talk(port, other, brief)));
  return { port, scheme: 'tcp', status: null, type: null, length, ...(/^[\t\r\n\x20-\x7e]+$/.test(text) && { text: textOf(text) }) };
};
(async () => {
  const open = [...bound.keys()].filter(key => key.startsWith('tcp ')).map(key => Number(key.slice(4))).sort((a, b) => a - b).slice(0, 20);
  const answers = ask ? (await Promise.all(open.map(answer))).filter(Boolean) : [];
  process.stdout.write(JSON.stringify({ sockets: sockets.sort(), processes, answers }), () => process.exit(0));
})();
`;
