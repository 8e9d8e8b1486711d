import { describe, expect, test } from 'vitest';
import { programFacts } from '../../../shared/src/evidence/program/program-facts';
import { writtenBy } from './image-writes';

// What a program writes while it runs, as its text tells: the folder, `file:` or `home:` in front where it counts from the program's own file or the home directory, `$NAME|` in front
// of what holds where a variable is not set, and `/name` behind it for a file.

const writesOf = (path: string, ...lines: readonly string[]): readonly string[] => writtenBy(path, lines);

const usesOf = (path: string, ...lines: readonly string[]): readonly string[] =>
  programFacts(lines.join('\n'), path).flatMap(({ uses }) => uses);

describe('what a program writes', () => {
  test.each<[string, string, string[], string[]]>([
    ['a folder that it makes', 'main.py', ["os.makedirs('data', exist_ok=True)"], ['/app/data']],
    ['a file opened for writing', 'main.py', ["with open('out/page.txt', 'a') as f:", '    pass'], ['/app/out']],
    ['a file opened for reading', 'main.py', ["with open('templates/page.html') as f:", '    pass', "open('a/b', 'r')"], []],
    ['a database', 'main.py', ["db = sqlite3.connect('data/notes.db', check_same_thread=False)"], ['/app/data']],
    ['a database in memory', 'main.py', ["sqlite3.connect(':memory:')"], []],
    [
      'a file beside the sources',
      'main.py',
      ["DATABASE = 'notes.db'", 'sqlite3.connect(DATABASE)'],
      ['main.py writes notes.db next to its sources'],
    ],
    ['the default of a variable', 'main.py', ["os.makedirs(os.environ.get('DATA_DIR', 'store'))"], ['/app/store']],
    [
      'a variable without one',
      'main.py',
      ["open(os.path.join(os.environ['STATE'], 'x.json'), 'w')"],
      ["main.py writes to os.path.join(os.environ['STATE'], 'x.json'), whose location could not be determined"],
    ],
    [
      'the folder of the program',
      'main.py',
      ['BASE = os.path.dirname(os.path.abspath(__file__))', "os.mkdir(os.path.join(BASE, 'spool'))"],
      ['/app/spool'],
    ],
    [
      'the folder above it',
      'web/settings.py',
      ['from pathlib import Path', 'BASE_DIR = Path(__file__).resolve().parent.parent', '(BASE_DIR / "inbox").mkdir()'],
      ['/app/inbox'],
    ],
    [
      'a path by itself',
      'main.py',
      ['from pathlib import Path', "OUT = Path('reports')", 'OUT.mkdir(exist_ok=True)', "(OUT / 'today.txt').write_text('x')"],
      ['/app/reports'],
    ],
    ['what is put together', 'main.py', ["UPLOADS = 'uploads'", "f = open(f'{UPLOADS}/{name}.bin', 'wb')"], ['/app/uploads']],
    [
      'a log',
      'main.py',
      ['from logging.handlers import RotatingFileHandler', "handler = RotatingFileHandler('logs/app.log', maxBytes=1000)"],
      ['/app/logs'],
    ],
    [
      'a URL of a database',
      'main.py',
      ['from sqlalchemy import create_engine', "engine = create_engine('sqlite:///data/app.db')"],
      ['/app/data'],
    ],
    [
      'a URL of a server',
      'main.py',
      ['from sqlalchemy import create_engine', "create_engine('postgresql://db/app')", 'create_engine(url)'],
      [],
    ],
    ['what the system owns', 'main.py', ["open('/etc/motd', 'w')"], ['main.py writes motd in /etc']],
    ['temporary files', 'main.py', ["open('/tmp/x', 'w')"], []],
    [
      'the folder of a file',
      'main.py',
      ["os.makedirs(os.path.dirname(os.environ.get('DB', 'data/app.bin')), exist_ok=True)"],
      ['/app/data'],
    ],
    [
      'an option of the command line is asked for',
      'main.py',
      ["p.add_argument('--out', default='/srv/out/x')", 'args = p.parse_args()', "open(args.out, 'w')"],
      ['main.py writes to args.out, whose location could not be determined'],
    ],
    ['an option that is read', 'main.py', ["p.add_argument('--template-dir', default='/srv/templates')"], []],
    [
      'an option of commander is asked for',
      'cli.js',
      ["program.option('-d, --data-dir <dir>', 'where', './data')", 'fs.mkdirSync(program.opts().dataDir)'],
      ['cli.js writes to program.opts().dataDir, whose location could not be determined'],
    ],
    [
      'a setting with a default',
      'main.py',
      ["d = conf.get('spool', 'inbox')", 'os.makedirs(d)'],
      ['main.py writes to d, whose location could not be determined'],
    ],
    [
      'a property with a default',
      'main.js',
      ["fs.mkdirSync(options.dir || 'inbox')"],
      ['/app/inbox', "main.js writes to options.dir || 'inbox', whose location could not be determined"],
    ],
    [
      'temporary files that a library names',
      'main.py',
      ['with tempfile.TemporaryDirectory() as d:', "    open(os.path.join(d, 'x'), 'w')", 'p = tempfile.mkdtemp()', 'os.makedirs(p)'],
      [],
    ],
    ['a path that is given to something else', 'main.py', ["box = Box('/var/mail/drop', 3)"], []],
    ['a path of a request', 'main.js', ["app.get('/data/items/all', list)"], []],
    ['a comment', 'main.py', ["# os.makedirs('data')"], []],
    ['a docstring', 'main.py', ['"""', "os.makedirs('/srv/copies')", '"""'], []],
    ['a comment of several lines', 'main.js', ['/*', "fs.mkdirSync('/srv/legacy')", '*/'], []],
    ['a usage text', 'main.js', ['const usage = `', "fs.mkdirSync('/srv/help')", '`'], []],
    ['what never runs', 'main.py', ['if False:', "    os.makedirs('/srv/debug')", 'def unused():', "    os.makedirs('/srv/unused')"], []],
    [
      'a constant below its use',
      'main.py',
      [
        'from pathlib import Path',
        'def save(hello):',
        "    (LETTERS / 'a.txt').write_text(hello)",
        "LETTERS = Path('/srv/letters')",
        "save('hello')",
      ],
      ['/srv/letters'],
    ],
    [
      'two classes with one method',
      'main.py',
      [
        'class Template:',
        '    def use(self, path):',
        '        return open(path).read()',
        'class Page:',
        '    def use(self, path):',
        "        open(path, 'w').write('x')",
        "Template().use('/srv/templates/a')",
        "Page().use('/srv/pages/a')",
      ],
      ['main.py writes to path, whose location could not be determined'],
    ],
    [
      'a name that a function has for itself',
      'main.py',
      ["target = '/etc/hosts'", 'def publish():', "    target = '/srv/list/merged'", "    open(target, 'w')", 'publish()'],
      ['/srv/list'],
    ],
    [
      'a pattern',
      'main.py',
      ["BASE = '/var/lib/notes'", "open('%s/%s.txt' % (BASE, name), 'w')"],
      ["main.py writes to '%s/%s.txt' % (BASE, name), whose location could not be determined"],
    ],
    ['an entry of a dictionary', 'main.py', ["PATHS = dict(state='/srv/state')", "open(PATHS['state'] + '/x', 'w')"], ['/srv/state']],
    [
      'either branch',
      'board.mjs',
      ["const dir = process.argv[2] === 'x'", "  ? '/var/lib/one'", "  : '/var/lib/two';", 'fs.mkdirSync(dir);'],
      ['/var/lib/one', '/var/lib/two'],
    ],
    ['a folder in JavaScript', 'server.js', ["fs.mkdirSync(path.join(__dirname, 'uploads'), { recursive: true });"], ['/app/uploads']],
    [
      'a variable in JavaScript',
      'server.js',
      ["const dir = process.env.DATA_DIR || './files-here';", 'fs.mkdirSync(dir);'],
      ['/app/files-here'],
    ],
    [
      'a file in the folder of a variable',
      'server.js',
      ["fs.createWriteStream(path.join(process.env.LOG_DIR || 'logs', 'access.log'))"],
      ['/app/logs'],
    ],
    ['multer', 'server.js', ["const upload = multer({ dest: 'uploads/' });"], ['/app/uploads']],
    [
      'what a function of the program says to a library is asked for',
      'server.js',
      ['multer.diskStorage({', "  destination: (req, file, cb) => cb(null, 'pictures/'),", '});'],
      ['server.js writes to a location that could not be determined'],
    ],
    [
      'a database in JavaScript',
      'db.mjs',
      ["import Database from 'better-sqlite3';", "const db = new Database('data/shop.db');"],
      ['/app/data'],
    ],
    [
      'a template string',
      'server.ts',
      ["const root = 'queue';", 'await fs.promises.writeFile(`${root}/${id}.json`, body);'],
      ['/app/queue'],
    ],
    [
      'a home directory',
      'chat.mjs',
      ["import { homedir } from 'node:os';", "const dir = path.join(homedir(), '.chat');", 'fs.mkdirSync(dir, { recursive: true });'],
      ['chat.mjs writes to the home directory of its user'],
    ],
    [
      'folders that are named, and not written',
      'config.js',
      ["module.exports = { templateDir: path.join(__dirname, 'views'), cacheDir: './public' };"],
      [],
    ],
    ['what is no program', 'README.md', ["os.makedirs('data')"], []],
  ])('%s', (_, path, lines, expected) => {
    expect(writesOf(path, ...lines)).toEqual(expected);
  });

  test.each([
    ['app.rb', "FileUtils.mkdir_p 'tmp/pids'", 'Ruby'],
    ['main.pl', 'open(my $fh, ">>", "/data/guests.txt");', 'Perl'],
    ['index.php', "file_put_contents(__DIR__ . '/storage/last', $uri);", 'PHP'],
  ])('%s is not read: a person is asked, and no folder is guessed', (path, line, language) => {
    expect(writesOf(path, line)).toEqual([`it starts a program in ${language}, which is not analyzed here`]);
  });

  test('of a program with a part that nobody understands a person is asked', () => {
    expect(writesOf('main.py', 'def (:', "os.makedirs('/srv/x')")).toEqual(['it runs main.py, which could not be read']);
  });
});

describe('the files that a program uses', () => {
  test.each<[string, string, string[], string]>([
    ['a module beside it', 'main.py', ['import os, store'], 'store.py'],
    ['a module of its package', 'app/main.py', ['from app.settings import X'], '../app/settings.py'],
    ['a module of the package around', 'src/app/api/files/routes.py', ['from app.core.config import X'], '../../../app/core/config.py'],
    ['a module that is taken from a package', 'app/main.py', ['from app import settings'], '../app/settings.py'],
    ['a relative one', 'app/main.py', ['from . import settings'], 'settings.py'],
    ['settings of Django', 'manage.py', ["os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')"], 'site/settings.py'],
    ['CommonJS', 'server.js', ["const db = require('./lib/db');"], './lib/db.js'],
    ['ES modules in TypeScript', 'src/server.ts', ["import { db } from './db.js';"], './db.ts'],
    ['what npm starts', 'package.json', ['{"name":"shop","scripts":{"start":"node bin/www.js"}}'], 'bin/www.js'],
    ['a start script', 'start.sh', ['exec python3 worker.py "$@"'], 'worker.py'],
    ['a factory that a start script names', 'boot.sh', ['exec gunicorn -b :5000 "shop:create_app()"'], 'shop/__init__.py'],
  ])('%s', (_, path, lines, expected) => {
    expect(usesOf(path, ...lines)).toContain(expected);
  });
});

test('packages of others are none', () => {
  expect(usesOf('main.js', "import express from 'express';", "const fs = require('node:fs');")).toEqual([]);
});

test('a shell script without an extension tells what it does', () => {
  const text = '#!/bin/bash\nexec 9>/var/run/jobs.lock\n';
  expect(programFacts(text, 'jobs')).toMatchObject([{ does: 'writes /var/run/jobs.lock' }]);
  expect(programFacts(text.slice(12), 'jobs')).toEqual([]);
});

test('hostile programs take time in proportion to their size', () => {
  const started = process.cpuUsage();
  for (const part of ['a', 'open(', '"', 'a=', ').open(', '{', '"start": "', 'gunicorn ']) {
    const lines = Array.from({ length: 300 }, () => part.repeat(Math.ceil(400 / part.length))).join('\n');
    for (const name of ['a.py', 'a.js', 'a.sh', 'package.json']) programFacts(lines, name);
  }
  expect(process.cpuUsage(started).user / 1e6).toBeLessThan(5);
});

describe('what a program writes where its text does not tell', () => {
  test.each<[string, string, string[], string | null]>([
    ['a parameter', 'store.py', ['@app.post("/")', 'def save(path, text):', "    with open(path, 'w') as f:", '        pass'], 'path'],
    ['a constant of a file that is not here', 'store.py', ['from .settings import DATA_DIR', 'os.makedirs(DATA_DIR)'], 'DATA_DIR'],
    ['a name', 'store.py', ["open(name, 'w')"], 'name'],
    ['a name that modules have, too', 'store.py', ['def f(path):', '    path.write_bytes(b"")', 'f(read())'], 'path'],
    ['a parameter of JavaScript', 'store.js', ['export default async file => await fs.promises.writeFile(file, text)'], 'file'],
    ['the folder of one that is not known', 'main.py', ['def f(path):', '    path.parent.mkdir(parents=True)', 'f(read())'], 'path.parent'],
    ['a file that is read', 'main.py', ['open(path)', "open(path, 'rb')", 'open(path, encoding="utf-8")'], null],
    ['a request', 'main.js', ["xhr.open(method, 'api')", "window.open(url, '_blank')"], null],
    ['an object that is saved', 'main.py', ['item.save(commit)', 'list.copy(a, b)', "'a b'.replace('a', 'b')"], null],
    ['a stream', 'main.py', ['frame.to_csv(sys.stdout)', 'out = io.StringIO()', 'frame.to_csv(out)'], null],
    ['a device', 'main.py', ["open(os.devnull, 'w')", "open('/dev/null', 'w')"], null],
  ])('%s', (_, path, lines, expected) => {
    expect(writesOf(path, ...lines)).toEqual(
      expected === null ? [] : [`${path} writes to ${expected}, whose location could not be determined`],
    );
  });
});
