import { describe, expect, test } from 'vitest';
import { programFacts } from '../../../shared/src/evidence/program/program-facts';
import type { ProgramWrite } from '../../../shared/src/workspace/lone-facts';

// What a program writes while it runs, as its text tells: the folder, `file:` or `home:` in front where it counts from the program's own file or the home directory, `$NAME|` in front
// of what holds where a variable is not set, and `/name` behind it for a file.

function shown({ folder, from, variable, rest, file }: ProgramWrite): string {
  const place = `${from === 'start' ? '' : `${from}:`}${folder}${file ? `/${file}` : ''}`;
  return variable === null ? place : `$${variable}${rest}|${place}`;
}

const writesOf = (path: string, ...lines: readonly string[]): readonly string[] =>
  programFacts(lines.join('\n'), path).flatMap(({ writes }) => writes.map(shown));

const usesOf = (path: string, ...lines: readonly string[]): readonly string[] =>
  programFacts(lines.join('\n'), path).flatMap(({ uses }) => uses);

describe('what a program writes', () => {
  test.each<[string, string, string[], string[]]>([
    ['a folder that it makes', 'main.py', ["os.makedirs('data', exist_ok=True)"], ['data']],
    ['a file opened for writing', 'main.py', ["with open('out/page.txt', 'a') as f:"], ['out/page.txt']],
    ['a file opened for reading', 'main.py', ["with open('templates/page.html') as f:", "open('a/b', 'r')"], []],
    ['a database', 'main.py', ["db = sqlite3.connect('data/notes.db', check_same_thread=False)"], ['data/notes.db']],
    ['a database in memory', 'main.py', ["sqlite3.connect(':memory:')"], []],
    ['a file beside the sources', 'main.py', ["DATABASE = 'notes.db'", 'sqlite3.connect(DATABASE)'], ['/notes.db']],
    ['the default of a variable', 'main.py', ["os.makedirs(os.environ.get('DATA_DIR', 'store'))"], ['$DATA_DIR|store']],
    [
      'a default that is put together',
      'main.rb',
      ["ROOT = File.expand_path('..', __dir__)", "FileUtils.mkdir_p(ENV.fetch('SPOOL', File.join(ROOT, 'spool')))"],
      ['$SPOOL|file:../spool'],
    ],
    ['a variable without one', 'main.py', ["open(os.path.join(os.environ['STATE'], 'x.json'), 'w')"], ['$STATE|']],
    [
      'the folder of the program',
      'main.py',
      ['BASE = os.path.dirname(os.path.abspath(__file__))', "os.mkdir(os.path.join(BASE, 'spool'))"],
      ['file:spool'],
    ],
    [
      'the folder above it',
      'app/settings.py',
      ['BASE_DIR = Path(__file__).resolve().parent.parent', '(BASE_DIR / "inbox").mkdir()'],
      ['file:../inbox'],
    ],
    [
      'a path by itself',
      'main.py',
      ["OUT = Path('reports')", 'OUT.mkdir(exist_ok=True)', "(OUT / 'today.txt').write_text('x')"],
      ['reports'],
    ],
    ['what is put together', 'main.py', ["UPLOADS = 'uploads'", "f = open(f'{UPLOADS}/{name}.bin', 'wb')"], ['uploads']],
    ['a log', 'main.py', ["handler = RotatingFileHandler('logs/app.log', maxBytes=1000)"], ['logs/app.log']],
    ['a URL of a database', 'main.py', ["URI = 'sqlite:///data/app.db'"], ['data/app.db']],
    ['what the system owns, and temporary files', 'main.py', ["open('/etc/motd', 'w')", "open('/tmp/x', 'w')"], []],
    [
      'the folder of a file',
      'main.py',
      ["os.makedirs(os.path.dirname(os.environ.get('DB', 'data/app.bin')), exist_ok=True)"],
      ['$DB/..|data'],
    ],
    ['a folder beside the one of the program', 'index.php', ["mkdir(dirname(__DIR__) . '/inbox');"], ['file:../inbox']],
    [
      'three arguments in Perl',
      'main.pl',
      ["my $data = dirname(__FILE__) . '/data';", 'open(my $fh, \'>>\', "$data/guests.txt") or die;', "open(my $in, '<', 'a/b');"],
      ['file:data'],
    ],
    [
      'the folder of instances of Flask',
      'app/wsgi.py',
      ['VOTES = Path(app.instance_path) / "votes.txt"', 'VOTES.parent.mkdir(parents=True)'],
      ['instance/votes.txt'],
    ],
    [
      'the default of an option',
      'main.py',
      ["p.add_argument('--state-dir', type=Path, default=Path('/var/lib/worker'))"],
      ['/var/lib/worker'],
    ],
    ['an option that is used', 'main.py', ["p.add_argument('--out', default='/srv/out/x')", "open(args.out, 'w')"], ['/srv/out/x']],
    ['an option that is read', 'main.py', ["p.add_argument('--template-dir', default='/srv/templates')"], []],
    [
      'a flag of Go',
      'main.go',
      ['dir := flag.String("store", "/var/lib/links", "where")', 'os.MkdirAll(*dir, 0o755)'],
      ['$./store|/var/lib/links'],
    ],
    [
      'the folder of a file in Go',
      'main.go',
      ['path := getenv("DB_PATH", "./data/notes.db")', 'os.MkdirAll(filepath.Dir(path), 0o755)'],
      ['$DB_PATH|data/notes.db', '$DB_PATH/..|data'],
    ],
    [
      'the folder of a file that is kept in a name',
      'main.go',
      ['file := "/srv/links/links.json"', 'dir := filepath.Dir(file)', 'os.MkdirAll(dir, 0o755)'],
      ['/srv/links'],
    ],
    [
      'a pattern of Go',
      'main.go',
      [
        'name := fmt.Sprintf("%s/%d.json", spool, now)',
        'const spool = "/var/spool/hooks"',
        'name = fmt.Sprintf("%s/%d.json", spool, now)',
        'os.Create(name)',
      ],
      ['/var/spool/hooks'],
    ],
    ['a pattern that begins with a folder', 'main.go', ['os.WriteFile(fmt.Sprintf("/srv/out/%s.txt", id), data, 0o644)'], ['/srv/out']],
    ['a pattern of Rust', 'main.rs', ['let dir = "/srv/pages";', 'fs::write(format!("{}/{}.html", dir, id), page)?;'], ['/srv/pages']],
    [
      'a part of an object, wherever it is set',
      'main.go',
      ['os.WriteFile(filepath.Join(s.root, id), body, 0o600)', 's := &server{root: "/srv/pastes", max: 10}'],
      ['$.root|/srv/pastes'],
    ],
    [
      'a part that is set twice',
      'main.go',
      ['os.WriteFile(filepath.Join(s.root, id), body, 0o600)', 's := &server{root: "/srv/a"}', 't := &server{root: "/srv/b"}'],
      ['$.root|', '/srv/a', '/srv/b'],
    ],
    [
      'what a variable gives in Rust, over several lines',
      'main.rs',
      [
        'let dir = env::var("FEEDS")',
        '    .map(PathBuf::from)',
        '    .unwrap_or_else(|_| PathBuf::from("/var/lib/feeds"));',
        'fs::create_dir_all(&dir)?;',
      ],
      ['$FEEDS|/var/lib/feeds'],
    ],
    [
      'options of a file in Rust',
      'main.rs',
      [
        'let file = Path::new("feeds").join("all.log");',
        'let f = OpenOptions::new()',
        '    .create(true)',
        '    .append(true)',
        '    .open(&file)?;',
      ],
      ['feeds/all.log'],
    ],
    [
      'a property of Java',
      'Main.java',
      [
        'private static final String HOME = System.getProperty("slots.home", System.getProperty("user.home") + "/.slots");',
        'new File(HOME).mkdirs();',
      ],
      ['$.slots.home|home:.slots'],
    ],
    [
      'what Spring injects into a field',
      'Photos.java',
      [
        '  @Value("${photos.dir:uploads/raw}")',
        '  private String dir;',
        '',
        'Path root = Paths.get(dir).toAbsolutePath().normalize();',
        'Files.createDirectories(root);',
      ],
      ['$.photos.dir|uploads/raw'],
    ],
    [
      'what Spring injects into a constructor',
      'Photos.java',
      ['public Photos(@Value("${photos.dir:uploads}") String dir, Clock clock) {', 'Files.createDirectories(Path.of(dir));'],
      ['$.photos.dir|uploads'],
    ],
    [
      'what is written below a path of Java',
      'Photos.java',
      ['Path root = Path.of("photos");', 'Files.writeString(root.resolve("all.txt"), text);'],
      ['photos/all.txt'],
    ],
    [
      'a pattern of C',
      'main.c',
      ['#define SPOOL "/var/spool/quotes"', 'snprintf(path, sizeof path, "%s/%d", SPOOL, n);', 'FILE *f = fopen(path, "w");'],
      ['/var/spool/quotes'],
    ],
    ['an option of commander', 'cli.js', ["program.option('-d, --data-dir <dir>', 'where', './data')"], ['data']],
    ['a setting by its keys', 'main.py', ["os.makedirs(SETTINGS['photos']['originals'])"], ['$.photos.originals|']],
    ['a setting that is asked for', 'main.go', ['os.MkdirAll(viper.GetString("storage.path"), 0o755)'], ['$.storage.path|']],
    ['a setting with a default', 'main.py', ["d = conf.get('spool', 'inbox')", 'os.makedirs(d)'], ['$.spool|inbox']],
    ['a property with a default', 'main.js', ["fs.mkdirSync(options.dir || 'inbox')"], ['$.dir|inbox']],
    ['below a setting', 'main.js', ["fs.writeFileSync(path.join(config.storage.path, 'a/b.json'), x)"], ['$.storage.path/a|']],
    ['a key set in the program', 'main.py', ["app.config['INBOX'] = 'in'", "os.makedirs(app.config['INBOX'])"], ['in']],
    [
      'temporary files',
      'main.py',
      ['with tempfile.TemporaryDirectory() as d:', "open(os.path.join(d, 'x'), 'w')", 'p = tempfile.mkdtemp()', 'os.makedirs(p)'],
      [],
    ],
    ['after it has gone elsewhere', 'main.py', ["os.chdir('/srv/box')", "open('log.txt', 'a')"], ['/srv/box/log.txt']],
    ['what is never mentioned but as a path', 'main.py', ["box = Box('/var/mail/drop', 3)"], ['/var/mail/drop']],
    ['a path of a request', 'main.js', ["app.get('/data/items/all', list)"], []],
    ['what is read, by its name', 'main.py', ["load('/srv/templates/page')", "load('/data/keys/a.pem')"], []],
    ['a constant of PHP', 'config.php', ["define('CACHE_DIR', __DIR__ . '/cache');"], ['file:cache']],
    ['a comment', 'main.py', ["# os.makedirs('data')"], []],
    ['a folder in JavaScript', 'server.js', ["fs.mkdirSync(path.join(__dirname, 'uploads'), { recursive: true });"], ['file:uploads']],
    [
      'a variable in JavaScript',
      'server.js',
      ["const dir = process.env.DATA_DIR || './files-here';", 'fs.mkdirSync(dir);'],
      ['$DATA_DIR|files-here'],
    ],
    [
      'a file in the folder of a variable',
      'server.js',
      ["fs.createWriteStream(path.join(process.env.LOG_DIR || 'logs', 'access.log'))"],
      ['$LOG_DIR|logs/access.log'],
    ],
    ['multer', 'server.js', ["const upload = multer({ dest: 'uploads/' });"], ['uploads']],
    ['the storage of multer', 'server.js', ["destination: (req, file, cb) => cb(null, 'pictures/'),"], ['pictures']],
    ['a database in JavaScript', 'db.mjs', ["const db = new Database('data/shop.db');"], ['data/shop.db']],
    ['a template string', 'server.ts', ["const root = 'queue';", 'await fs.promises.writeFile(`${root}/${id}.json`, body);'], ['queue']],
    ['Ruby', 'app.rb', ["FileUtils.mkdir_p 'tmp/pids'", "File.open('log/a.log', 'a') { |f| f.puts 1 }"], ['tmp/pids', 'log/a.log']],
    ['a logger of Ruby', 'config.ru', ["LOG = Logger.new(File.join(__dir__, 'log', 'a.log'))"], ['file:log/a.log']],
    ['PHP', 'index.php', ["file_put_contents(__DIR__ . '/storage/last', $uri);"], ['file:storage/last']],
    ['a constant of PHP', 'index.php', ["$dir = __DIR__ . '/spool';", 'mkdir($dir, 0755);'], ['file:spool']],
    ['Go', 'main.go', ['const stateDir = "state"', 'os.MkdirAll(stateDir, 0o750)'], ['state']],
    ['a file in Go', 'main.go', ['os.WriteFile(filepath.Join("cachefolder", name), data, 0o644)'], ['cachefolder']],
    ['Java', 'A.java', ['Path home = Path.of(System.getenv("ORDERS_HOME"));', 'Files.createDirectories(home);'], ['$ORDERS_HOME|']],
    [
      'a default in Java',
      'A.java',
      ['Files.createDirectories(Paths.get(System.getenv().getOrDefault("PASTES_DIR", "pastes")));'],
      ['$PASTES_DIR|pastes'],
    ],
    ['a file in Java', 'A.java', ['File out = new File("out/reports");', 'out.mkdirs();'], ['out/reports']],
    ['C#', 'Program.cs', ['Directory.CreateDirectory("keys");', 'File.AppendAllText("audit/a.txt", line);'], ['keys', 'audit/a.txt']],
    [
      'C',
      'tally.c',
      ['FILE *f = fopen("spool/in.txt", "a+");', 'int d = open("kept/a", O_WRONLY | O_CREAT, 0644);'],
      ['spool/in.txt', 'kept/a'],
    ],
    [
      'macros of C',
      'tally.h',
      ['#define STATE_DIR "/srv/tally"', '#define STATE_FILE STATE_DIR "/day/count"', 'fopen(STATE_FILE, "w");'],
      ['/srv/tally', '/srv/tally/day/count'],
    ],
    ['C++', 'log.cpp', ['std::ofstream out("logs/a.log", std::ios::app);'], ['logs/a.log']],
    ['a file that is put in place of another in Go', 'main.go', ['tmp, err := os.CreateTemp("links", ".new-*")'], ['links']],
    ['a temporary file of Go', 'main.go', ['tmp, err := os.CreateTemp("", "upload-*")'], []],
    ['Rust', 'src/main.rs', ['fs::create_dir_all("spool")?;'], ['spool']],
    [
      'settings of Spring',
      'application.properties',
      ['logging.file.name=logs/app.log', 'spring.datasource.url=jdbc:h2:file:./data/db'],
      ['logs/app.log', 'data/db'],
    ],
    ['a home directory', 'chat.mjs', ["const dir = join(homedir(), '.chat');", 'mkdirSync(dir, { recursive: true });'], ['home:.chat']],
    ['settings that another file reads', 'config.js', ["invoiceDir: path.join(__dirname, '..', 'invoices'),"], ['file:../invoices']],
    ['folders that are read', 'config.js', ["templateDir: path.join(__dirname, 'views'),", "staticDir: './public',"], []],
    ['what is no program', 'README.md', ["os.makedirs('data')"], []],
  ])('%s', (_, path, lines, expected) => {
    expect(writesOf(path, ...lines)).toEqual(expected);
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
    ['Ruby', 'config.ru', ["require_relative 'app'"], 'app.rb'],
    ['Ruby by a whole path', 'config.ru', ["require File.expand_path('config/environment', __dir__)"], 'config/environment.rb'],
    ['PHP from the folder around', 'bin/console.php', ["require dirname(__DIR__) . '/src/app.php';"], '../src/app.php'],
    ['PHP', 'index.php', ["require_once __DIR__ . '/config.php';"], 'config.php'],
    ['a package of Go', 'cmd/web/*.go', ['\t"github.com/acme/web/internal/store"'], '../../internal/store/*.go'],
    ['a package of Go under another name', 'cmd/web/*.go', ['import db "example.com/web/db"'], '../../db/*.go'],
    ['a package of Java', 'src/org/shop/*.java', ['package org.shop;', 'import org.shop.store.Files;'], 'store/*.java'],
    ['a package of Java beside it', 'src/org/shop/web/*.java', ['package org.shop.web;', 'import org.shop.store.*;'], '../store/*.java'],
    ['a module of Rust', 'src/*.rs', ['pub(crate) mod store;'], 'store/*.rs'],
    ['a start script', 'start.sh', ['exec python3 worker.py "$@"'], 'worker.py'],
    ['a factory that a start script names', 'boot.sh', ['exec gunicorn -b :5000 "shop:create_app()"'], 'shop/__init__.py'],
  ])('%s', (_, path, lines, expected) => {
    expect(usesOf(path, ...lines)).toContain(expected);
  });
});

test('packages of others are none', () => {
  expect(usesOf('main.go', 'import "net/http"', '\t"github.com/gorilla/mux"', '\t"golang.org/x/net/http2"')).toEqual([]);
  expect(usesOf('A.java', 'package org.shop;', 'import java.nio.file.Files;', 'import org.apache.commons.io.IOUtils;')).toEqual([]);
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
    ['a parameter', 'store.py', ['def save(path, text):', "    with open(path, 'w') as f:"], '@save#0:path'],
    ['a constant of another file', 'store.py', ['os.makedirs(DATA_DIR)'], '.DATA_DIR'],
    ['a name', 'store.py', ["open(name, 'w')"], 'name'],
    ['a name that modules have, too', 'store.py', ['path.write_bytes(pickle.dumps(v))'], 'path'],
    ['a parameter of JavaScript', 'store.js', ['await fs.promises.writeFile(file, text)'], 'file'],
    ['a folder', 'main.go', ['if err := os.MkdirAll(dir, 0o755); err != nil {'], 'dir'],
    ['a path by itself', 'main.py', ['target.write_text(text)'], 'target'],
    ['a file of PHP', 'index.php', ['file_put_contents($path, $text);'], '$path'],
    ['a stream of Java', 'Main.java', ['try (var out = new FileOutputStream(target)) {'], 'target'],
    ['the folder of one that is not known', 'main.py', ['path.parent.mkdir(parents=True)'], 'path.parent'],
    ['the folder of one that is', 'Main.java', ['var log = Path.of("logs/a.log");', 'Files.createDirectories(log.getParent());'], null],
    ['a file that is read', 'main.py', ['open(path)', "open(path, 'rb')", 'open(path, encoding="utf-8")'], null],
    ['a request', 'main.js', ["xhr.open(method, 'api')", "window.open(url, '_blank')"], null],
    ['an object that is saved or made', 'main.py', ['item.save(commit)', 'db.Create(&user)', 'list.copy(a, b)'], null],
    ['what is written down', 'main.py', ["open('data/x', 'w')"], null],
    ['nothing that stays', 'main.py', ['p = tempfile.mktemp()', "open(p, 'w')", "open(os.devnull, 'w')"], null],
  ])('%s', (_, path, lines, expected) => {
    const [fact] = programFacts(lines.join('\n'), path);
    const unplaced = fact?.writes.find(({ isCertain, variable, folder }) => isCertain && variable !== null && folder === '');
    expect(fact?.untold ?? unplaced?.variable ?? null).toBe(expected);
  });
});
