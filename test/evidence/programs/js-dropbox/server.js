'use strict';

const http = require('http');
const fs = require('fs');
const path = require('path');
const crypto = require('crypto');
const { pipeline } = require('stream');

const USAGE = `
dropbox - takes files, gives links

  curl -T photo.jpg http://dropbox.example.com/photo.jpg

To keep files somewhere else, patch INBOX and mount a disk there:

  const out = fs.createWriteStream('/mnt/nas/dropbox/' + name);
  fs.mkdirSync('/mnt/nas/dropbox');
`;

const INBOX = path.join(
  '/var',
  'dropbox',
  'incoming'
);

const LIMIT = 10 * 1024 * 1024;

function put(req, res) {
  if (Number(req.headers['content-length']) > LIMIT) {
    res.writeHead(413).end();
    return;
  }
  const ext = path.extname(req.url).replace(/[^.\w]/g, '');
  const id = crypto.randomBytes(6).toString('hex') + ext;
  const out = fs.createWriteStream(path.join(INBOX, id), { flags: 'wx' });
  pipeline(req, out, function (err) {
    if (err) {
      console.error('upload failed:', err.message);
      res.writeHead(500).end();
      return;
    }
    res.writeHead(201, { Location: '/' + id }).end(id + '\n');
  });
}

function get(req, res) {
  const id = path.basename(req.url);
  if (!id) {
    res.end(USAGE);
    return;
  }
  const file = fs.createReadStream(path.join(INBOX, id));
  file.on('error', () => res.writeHead(404).end());
  file.pipe(res);
}

http
  .createServer((req, res) => (req.method === 'PUT' ? put(req, res) : get(req, res)))
  .listen(3000, () => console.log('listening on 3000'));
