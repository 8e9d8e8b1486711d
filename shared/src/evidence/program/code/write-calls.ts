/** What a call does with a path that it is given: it makes the folder, or writes the file. */
export interface WriteCall {
  readonly does: 'folder' | 'file';
  /** Which argument names the path, by its place and keywords; `receiver`: what stands in front of the dot; `null`: by a keyword alone. */
  readonly path: number | 'receiver' | null;
  readonly keywords: readonly string[];
  /** Whether it writes only where a mode says so, and which argument that is: `open(path, 'w')`. */
  readonly mode: number | null;
  /** Whether it makes the folder where it is missing. */
  readonly makes: boolean;
  /** Whether it writes whatever it is given, so that it has to be known where. */
  readonly isCertain: boolean;
  /** Where it writes when it is given nothing; `null`: nowhere. */
  readonly standard: string | null;
  /** How many arguments it has; `null`: that does not tell it from another one of its name. */
  readonly count: number | null;
  /** Keywords of which one tells it from another one of its name, where what it is called on is not known; empty: the name does. */
  readonly telling: readonly string[];
  /** Whether the path is part of a URL, `sqlite:///…`, and nothing is written where that is another one. */
  readonly isUrl: boolean;
}

interface Row extends Partial<Omit<WriteCall, 'keywords' | 'telling'>> {
  readonly keywords?: string;
  readonly telling?: string;
  /** Names with dots, of libraries as their documentation has them; with a dot in front methods of paths or of anything. */
  readonly names: string;
}

/** The calls that write, as the documentation of the languages and libraries has them. `isCertain` is left out where the same name may do another thing. */
const table: readonly Row[] = [
  // docs.python.org: os, pathlib, shutil, tempfile
  { names: 'os.makedirs', does: 'folder', makes: true, isCertain: true, keywords: 'name' },
  { names: 'os.mkdir os.mkfifo', does: 'folder', isCertain: true, keywords: 'path' },
  { names: '.mkdir', does: 'folder', path: 'receiver', isCertain: true, telling: 'parents exist_ok' },
  { names: '.touch', path: 'receiver', isCertain: true, telling: 'exist_ok' },
  { names: '.write_text .write_bytes', path: 'receiver', isCertain: true },
  { names: '.symlink_to .hardlink_to', path: 'receiver' },
  { names: '.rename .replace', path: 0, count: 1 },
  {
    names: 'open io.open codecs.open gzip.open bz2.open lzma.open aiofiles.open anyio.open_file os.fdopen',
    mode: 1,
    isCertain: true,
    keywords: 'file filename',
  },
  { names: '.open', path: 'receiver', mode: 0, isCertain: true },
  { names: 'zipfile.ZipFile tarfile.open', mode: 1, keywords: 'file name', isCertain: true },
  {
    names: 'shutil.copy shutil.copy2 shutil.copyfile shutil.move os.rename os.replace os.renames os.link os.symlink',
    path: 1,
    keywords: 'dst',
    isCertain: true,
  },
  { names: 'shutil.copytree', path: 1, keywords: 'dst', does: 'folder', isCertain: true },
  { names: 'shutil.unpack_archive', path: 1, keywords: 'extract_dir', does: 'folder', isCertain: true },
  {
    names: 'tempfile.NamedTemporaryFile tempfile.mkstemp tempfile.mkdtemp tempfile.TemporaryDirectory tempfile.TemporaryFile',
    path: null,
    keywords: 'dir',
    does: 'folder',
  },
  // docs.python.org: logging.handlers, sqlite3, dbm, shelve, mailbox
  {
    names:
      'logging.FileHandler logging.handlers.RotatingFileHandler logging.handlers.TimedRotatingFileHandler logging.handlers.WatchedFileHandler',
    keywords: 'filename',
    isCertain: true,
  },
  { names: 'logging.basicConfig', path: null, keywords: 'filename' },
  { names: 'sqlite3.connect aiosqlite.connect apsw.Connection duckdb.connect', keywords: 'database', isCertain: true },
  { names: 'shelve.open dbm.open', keywords: 'filename', isCertain: true },
  { names: 'mailbox.mbox', isCertain: true },
  { names: 'mailbox.Maildir', does: 'folder', isCertain: true },
  // docs.sqlalchemy.org: engines; encode.io/databases; docs.peewee-orm.com
  {
    names: 'sqlalchemy.create_engine sqlalchemy.ext.asyncio.create_async_engine sqlmodel.create_engine databases.Database dataset.connect',
    isUrl: true,
    keywords: 'url',
  },
  { names: 'peewee.SqliteDatabase playhouse.sqlite_ext.SqliteExtDatabase', isCertain: true },
  // grantjenks.com/docs/diskcache; tinydb.readthedocs.io; joblib.readthedocs.io; lmdb.readthedocs.io; docs.trychroma.com
  {
    names: 'diskcache.Cache diskcache.FanoutCache lmdb.open plyvel.DB whoosh.index.create_in',
    does: 'folder',
    keywords: 'directory path',
    isCertain: true,
  },
  { names: 'joblib.Memory', does: 'folder', keywords: 'location' },
  { names: 'tinydb.TinyDB' },
  { names: 'chromadb.PersistentClient', does: 'folder', keywords: 'path', standard: 'chroma' },
  { names: 'torch.utils.tensorboard.SummaryWriter tensorboardX.SummaryWriter', does: 'folder', keywords: 'log_dir', standard: 'runs' },
  { names: 'wandb.init', does: 'folder', path: null, keywords: 'dir', standard: 'wandb' },
  { names: 'joblib.dump torch.save cv2.imwrite', path: 1, isCertain: true },
  { names: 'urllib.request.urlretrieve', path: 1, keywords: 'filename' },
  { names: 'loguru.logger.add', path: 0 },
  { names: 'requests_cache.install_cache requests_cache.CachedSession', path: 0, keywords: 'cache_name' },
  // pandas.pydata.org, matplotlib.org, pillow.readthedocs.io, huggingface.co: what tables, pictures and models are saved by
  { names: '.to_csv .to_json .to_parquet .to_pickle .to_excel .to_feather .to_hdf .savefig .save .imsave' },
  { names: '.save_pretrained', does: 'folder' },
  { names: '.extractall', does: 'folder', keywords: 'path' },
  { names: 'numpy.save numpy.savez numpy.savetxt', isCertain: true },
  // nodejs.org/api/fs.html, and the promises of the same; github.com/jprichardson/node-fs-extra
  { names: 'fs.mkdirSync fs.mkdir', does: 'folder', isCertain: true },
  {
    names: 'fs.ensureDir fs.ensureDirSync fs.mkdirp fs.mkdirpSync mkdirp mkdirp.mkdirp mkdirp.sync make-dir make-dir.makeDirectory',
    does: 'folder',
    makes: true,
    isCertain: true,
  },
  { names: 'fs.emptyDir fs.emptyDirSync fs.mkdtemp fs.mkdtempSync', does: 'folder', isCertain: true },
  {
    names:
      'fs.writeFile fs.writeFileSync fs.appendFile fs.appendFileSync fs.createWriteStream fs.outputFile fs.outputFileSync fs.outputJson fs.outputJsonSync fs.outputJSON fs.writeJson fs.writeJsonSync fs.writeJSON fs.writeJSONSync fs.truncate fs.truncateSync write-file-atomic write-file-atomic.sync jsonfile.writeFile jsonfile.writeFileSync',
    isCertain: true,
  },
  { names: 'fs.open fs.openSync', mode: 1, isCertain: true },
  {
    names:
      'fs.copyFile fs.copyFileSync fs.rename fs.renameSync fs.cp fs.cpSync fs.copy fs.copySync fs.move fs.moveSync fs.symlink fs.symlinkSync fs.link fs.linkSync',
    path: 1,
    isCertain: true,
  },
  { names: 'Deno.writeTextFile Deno.writeFile Deno.writeTextFileSync Deno.writeFileSync Bun.write', isCertain: true },
  { names: 'Deno.mkdir Deno.mkdirSync', does: 'folder', isCertain: true },
  // nodejs.org/api/sqlite.html; npm: better-sqlite3, sqlite3, sqlite, bun:sqlite
  { names: 'better-sqlite3 sqlite3.Database sqlite3.cached.Database sqlite.DatabaseSync bun:sqlite.Database', isCertain: true },
  { names: 'sqlite.open', path: 0, keywords: 'filename' },
  // npm: level, classic-level, pouchdb, lokijs, nedb, lowdb, conf, node-persist, lmdb, quick.db, keyv
  { names: 'level.Level classic-level.ClassicLevel level pouchdb lmdb.open', does: 'folder', keywords: 'path' },
  { names: 'lokijs lowdb/adapters/FileSync lowdb/adapters/FileAsync' },
  {
    names:
      'lowdb/node.JSONFile lowdb/node.JSONFileSync lowdb/node.JSONFilePreset lowdb.JSONFile lowdb.JSONFileSync lowdb/node.JSONFileSyncPreset',
    isCertain: true,
  },
  { names: 'nedb @seald-io/nedb nedb-promises.create', path: 0, keywords: 'filename' },
  { names: 'quick.db.QuickDB', path: null, keywords: 'filePath', standard: 'json.sqlite' },
  { names: 'keyv keyv.Keyv @keyv/sqlite', isUrl: true, keywords: 'uri' },
  // npm: winston, pino, rotating-file-stream, log4js, multer, formidable, express-fileupload, busboy
  {
    names: 'winston.transports.File winston-daily-rotate-file winston.transports.DailyRotateFile',
    path: null,
    keywords: 'filename',
    isCertain: false,
  },
  {
    names: 'winston.transports.File winston-daily-rotate-file winston.transports.DailyRotateFile',
    path: null,
    keywords: 'dirname',
    does: 'folder',
  },
  { names: 'pino.destination', keywords: 'dest', path: 0 },
  { names: 'rotating-file-stream.createStream', path: null, keywords: 'path', does: 'folder' },
  { names: 'multer multer.diskStorage', path: null, keywords: 'dest destination', does: 'folder' },
  { names: 'formidable formidable.formidable formidable.IncomingForm', path: null, keywords: 'uploadDir', does: 'folder' },
  { names: '.mv', path: 0 },
  // puppeteer, playwright and pdfkit: pictures and pages
  { names: '.screenshot .pdf', path: null, keywords: 'path' },
];

const calls = new Map<string, WriteCall[]>();
for (const {
  names,
  keywords = '',
  does = 'file',
  path = 0,
  mode = null,
  makes = false,
  isCertain = false,
  standard = null,
  isUrl = false,
  count = null,
  telling = '',
} of table)
  for (const name of names.split(' ')) {
    const call: WriteCall = {
      does,
      path,
      keywords: keywords === '' ? [] : keywords.split(' '),
      mode,
      makes,
      isCertain,
      standard,
      isUrl,
      count,
      telling: telling === '' ? [] : telling.split(' '),
    };
    calls.set(name, [...(calls.get(name) ?? []), call]);
  }

/** The last parts of the names of calls that write: no other call is looked at. */
const lastParts: ReadonlySet<string> = new Set([...calls.keys()].flatMap(name => [name, name.slice(name.lastIndexOf('.') + 1)]));

/** Whether a call of this name may write. */
export const mayWrite = (name: string): boolean => lastParts.has(name);

/** What a function of a library writes, by its name with dots; `sqlite3.verbose().Database` is `sqlite3.Database`. */
export function libraryWrites(name: string): readonly WriteCall[] {
  const own = calls.get(name);
  if (own) return own;
  const plain = name.replaceAll('()', '');
  const at = plain.indexOf('.', 1);
  const last = plain.slice(plain.lastIndexOf('.') + 1);
  return calls.get(plain) ?? (at < 0 ? undefined : calls.get(`${plain.slice(0, at)}.${last}`)) ?? [];
}

/** What a method writes, whatever it is called on. */
export const methodWrites = (name: string): readonly WriteCall[] => calls.get(`.${name}`) ?? [];

/** A setting of a framework or library for what it writes, by its name. */
export interface WriteSetting {
  readonly name: string;
  readonly does: 'folder' | 'file';
  /** An entry beside it that says that it is meant, and how its value ends. */
  readonly beside: readonly [name: string, value: RegExp] | null;
  readonly isUrl: boolean;
  /** The folder that a relative path is put behind. */
  readonly under: string | null;
}

const setting = (name: string, does: 'folder' | 'file', more: Partial<WriteSetting> = {}): WriteSetting => ({
  name,
  does,
  beside: null,
  isUrl: false,
  under: null,
  ...more,
});

/** The settings that say where frameworks and libraries write. */
export const writeSettings: readonly WriteSetting[] = [
  // docs.djangoproject.com: settings
  setting('MEDIA_ROOT', 'folder'),
  setting('FILE_UPLOAD_TEMP_DIR', 'folder'),
  setting('EMAIL_FILE_PATH', 'folder'),
  setting('NAME', 'file', { beside: ['ENGINE', /sqlite3$/] }),
  setting('LOCATION', 'folder', { beside: ['BACKEND', /FileBasedCache$/] }),
  // docs.python.org: logging.config
  setting('filename', 'file', { beside: ['class', /FileHandler$/] }),
  // flask.palletsprojects.com: uploads; flask-session, flask-uploads, flask-caching, flask-sqlalchemy (which puts it into the folder of instances)
  setting('UPLOAD_FOLDER', 'folder'),
  setting('UPLOADS_DEFAULT_DEST', 'folder'),
  setting('SESSION_FILE_DIR', 'folder'),
  setting('CACHE_DIR', 'folder', { beside: ['CACHE_TYPE', /FileSystem(?:Cache)?$|^filesystem$/] }),
  setting('SQLALCHEMY_DATABASE_URI', 'file', { isUrl: true, under: 'instance' }),
  // knexjs.org, typeorm.io, sequelize.org: SQLite
  setting('filename', 'file', { beside: ['client', /sqlite3$/] }),
  setting('database', 'file', { beside: ['type', /sqlite3?$/] }),
  setting('storage', 'file', { beside: ['dialect', /^sqlite$/] }),
];
