import { describe, expect, test } from 'vitest';
import { startedWords } from '../../../shared/src/evidence/program/started-command';
import { hardened } from './image-writes';

// What is started in place of the command of an image counts as that does: for a pod, for a service of Compose, and for the user of the image that they start.

const pod = (image: string, command: string, ...lines: readonly string[]): string =>
  [
    'apiVersion: v1',
    'kind: Pod',
    'metadata: {name: web}',
    'spec:',
    '  containers:',
    '    - name: web',
    `      image: ${image}`,
    `      command: ${command}`,
    ...lines.map(line => `      ${line}`),
    '',
  ].join('\n');

const compose = (source: string, command: string, ...lines: readonly string[]): string =>
  ['services:', '  web:', `    ${source}`, `    command: ${command}`, ...lines.map(line => `    ${line}`), ''].join('\n');

const beat = '[celery, -A, shop, beat]';
const worker = '[celery, -A, shop, worker]';
const migrate = 'sh -c "python manage.py migrate && gunicorn shop.wsgi"';
const dockerfile = ['FROM python:3.13-slim', 'WORKDIR /app', 'COPY . .', 'CMD ["gunicorn", "shop.wsgi"]', ''].join('\n');

describe('a command that writes next to its sources, installs or migrates', () => {
  test.each<[string, string, boolean]>([
    ['an image of which nothing is known', pod('registry.example.com/shop:1', beat), false],
    ['a language, and a command that only works', pod('python:3.13-slim', worker), true],
    ['a language', pod('python:3.13-slim', '[sh, -c, "pip install flask && python /app.py"]'), false],
    ['a script of a package', pod('node:24', '[npm, run, dev]'), false],
    ['a process manager, which keeps files at home', pod('registry.example.com/shop:1', '[pm2-runtime, server.js]'), false],
  ])('pod: %s', (_, text, isReadOnly) => {
    expect(hardened('web.yaml', { 'web.yaml': text }).includes('readOnlyRootFilesystem: true')).toBe(isReadOnly);
  });

  test.each<[string, string, boolean]>([
    ['an image of which nothing is known', compose('image: registry.example.com/shop:1', beat), false],
    ['a language, and a command that only works', compose('image: python:3.13-slim', worker), true],
    ['a database that is a file for all that is known', compose('image: registry.example.com/shop:1', migrate), false],
    [
      'a database that is a server',
      compose('image: python:3.13-slim', migrate, 'environment: [DATABASE_URL=postgres://db.example.com/shop]'),
      true,
    ],
  ])('service: %s', (_, text, isReadOnly) => {
    expect(hardened('compose.yaml', { 'compose.yaml': text }).includes('read_only: true')).toBe(isReadOnly);
  });

  test.each<[string, string, boolean]>([
    ['as the image says', compose('build: .', worker), true],
    ['what writes beside the sources', compose('build: .', beat), false],
    ['a migration', compose('build: .', migrate), false],
    ['a migration of a server', compose('build: .', migrate, 'environment: {DB_HOST: db}'), true],
    ['as a user of its own', compose('build: .', beat, 'user: "1000"'), true],
  ])('user of the image that a service starts: %s', (_, text, isGiven) => {
    expect(/^USER /m.test(hardened('Dockerfile', { Dockerfile: dockerfile, 'compose.yaml': text, 'shop/wsgi.py': '' }))).toBe(isGiven);
  });

  const other = compose('build: .', 'python worker.py');

  test.each<[string, string, string | null]>([
    [
      'a program that makes a folder',
      "import os\nos.makedirs('spool', exist_ok=True)\n",
      'mkdir -p /app/spool && chown -R 10001 /app/spool',
    ],
    ['one that writes next to its sources', "import sqlite3\nsqlite3.connect('jobs.db')\n", null],
  ])('what another program of the image writes: %s', (_, program, own) => {
    const files = { Dockerfile: dockerfile, 'compose.yaml': other, 'worker.py': program, 'shop/wsgi.py': 'application = None\n' };
    const after = hardened('Dockerfile', files);
    expect(/^USER /m.test(after)).toBe(own !== null);
    if (own !== null) expect(after).toContain(own);
    // a volume of Compose would hide nothing that is known, but what it keeps would be gone
    expect(hardened('compose.yaml', files)).not.toContain('read_only: true');
  });

  const moves = (call: string): string =>
    `import os, shutil\nos.makedirs('spool/incoming', exist_ok=True)\nos.makedirs('spool/done', exist_ok=True)\n${call}\n`;

  test.each<[string, string, boolean]>([
    ['by a call that one file system answers', "os.rename('spool/incoming/x', 'spool/done/x')", false],
    ['by one that copies where it must', "shutil.move('spool/incoming/x', 'spool/done/x')", true],
  ])('files that are moved between folders that would be volumes: %s', (_, call, isReadOnly) => {
    const files = {
      Dockerfile: dockerfile.replace('["gunicorn", "shop.wsgi"]', '["python", "worker.py"]'),
      'compose.yaml': compose('build: .', 'python worker.py', 'image: registry.example.com/shop:1'),
      'worker.py': moves(call),
      'web.yaml': pod('registry.example.com/shop:1', '[python, worker.py]'),
    };
    expect(hardened('web.yaml', files).includes('readOnlyRootFilesystem: true')).toBe(isReadOnly);
  });

  test.each([[[]], [['sh']], [['sh', '-c']], [['sh', '-c', '$(']], [["it's", '"', '\0']]])('nothing of %j', words => {
    expect(startedWords(words, [])).toMatchObject({ does: null, keeper: null, scripts: [] });
  });
});
