const fs = require('fs/promises');
const path = require('path');
const { createHash } = require('crypto');
const { storage } = require('../config');

const fileFor = key => path.resolve(storage.root, key.slice(0, 2), key);

async function save(buffer) {
  const key = createHash('sha1').update(buffer).digest('hex');
  const file = fileFor(key);
  await fs.mkdir(path.dirname(file), { recursive: true });
  await fs.writeFile(file, buffer);
  return key;
}

async function load(key) {
  if (!/^[0-9a-f]{40}$/.test(key)) throw Object.assign(new Error('bad key'), { code: 'ENOENT' });
  return fs.readFile(fileFor(key));
}

module.exports = { save, load };
