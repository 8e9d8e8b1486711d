import { lazily } from '../../../base/lazily';

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

/** `!`: it writes whatever it is given, and is left out where the same name may do another thing. `m1`: by the mode at this place alone. `+`: it makes what is around. `u`: a URL. */
type Row = readonly [
  names: string,
  does: 'folder' | 'file',
  path: WriteCall['path'],
  marks?: string,
  keywords?: string,
  more?: Partial<WriteCall>,
];

/** The calls that write, by names with dots, as the documentation of the languages and libraries has them; with a dot in front methods of paths or of anything. */
const table: readonly Row[] = [
  // docs.python.org: os, pathlib, shutil, tempfile
  ['os.makedirs', 'folder', 0, '! +', 'name'],
  ['os.mkdir os.mkfifo', 'folder', 0, '!', 'path'],
  ['.mkdir', 'folder', 'receiver', '!', '', { telling: ['parents', 'exist_ok'] }],
  ['.touch', 'file', 'receiver', '!', '', { telling: ['exist_ok'] }],
  ['.write_text .write_bytes', 'file', 'receiver', '!'],
  ['.symlink_to .hardlink_to', 'file', 'receiver'],
  ['.rename .replace', 'file', 0, '', '', { count: 1 }],
  ['open io.open codecs.open gzip.open bz2.open lzma.open aiofiles.open anyio.open_file os.fdopen', 'file', 0, '! m1', 'file filename'],
  ['.open', 'file', 'receiver', '! m0'],
  ['zipfile.ZipFile tarfile.open', 'file', 0, '! m1', 'file name'],
  ['shutil.copy shutil.copy2 shutil.copyfile shutil.move os.rename os.replace os.renames os.link os.symlink', 'file', 1, '!', 'dst'],
  ['shutil.copytree', 'folder', 1, '!', 'dst'],
  ['shutil.unpack_archive', 'folder', 1, '!', 'extract_dir'],
  ['tempfile.NamedTemporaryFile tempfile.mkstemp tempfile.mkdtemp tempfile.TemporaryDirectory', 'folder', null, '', 'dir'],
  // docs.python.org: logging.handlers, sqlite3, dbm, shelve, mailbox
  ['logging.FileHandler logging.handlers.RotatingFileHandler', 'file', 0, '!', 'filename'],
  ['logging.handlers.TimedRotatingFileHandler logging.handlers.WatchedFileHandler', 'file', 0, '!', 'filename'],
  ['logging.basicConfig', 'file', null, '', 'filename'],
  ['sqlite3.connect aiosqlite.connect apsw.Connection duckdb.connect', 'file', 0, '!', 'database'],
  ['shelve.open dbm.open mailbox.mbox', 'file', 0, '!', 'filename'],
  ['mailbox.Maildir', 'folder', 0, '!'],
  // docs.sqlalchemy.org: engines; encode.io/databases; docs.peewee-orm.com
  ['sqlalchemy.create_engine sqlalchemy.ext.asyncio.create_async_engine sqlmodel.create_engine', 'file', 0, 'u', 'url'],
  ['databases.Database dataset.connect', 'file', 0, 'u', 'url'],
  ['peewee.SqliteDatabase playhouse.sqlite_ext.SqliteExtDatabase', 'file', 0, '!'],
  // grantjenks.com/docs/diskcache; tinydb.readthedocs.io; joblib.readthedocs.io; lmdb.readthedocs.io; docs.trychroma.com
  ['diskcache.Cache diskcache.FanoutCache lmdb.open plyvel.DB whoosh.index.create_in', 'folder', 0, '!', 'directory path'],
  ['joblib.Memory', 'folder', 0, '', 'location'],
  ['tinydb.TinyDB', 'file', 0],
  ['chromadb.PersistentClient', 'folder', 0, '', 'path', { standard: 'chroma' }],
  ['torch.utils.tensorboard.SummaryWriter tensorboardX.SummaryWriter', 'folder', 0, '', 'log_dir', { standard: 'runs' }],
  ['wandb.init', 'folder', null, '', 'dir', { standard: 'wandb' }],
  ['joblib.dump torch.save cv2.imwrite', 'file', 1, '!'],
  ['urllib.request.urlretrieve', 'file', 1, '', 'filename'],
  ['loguru.logger.add', 'file', 0],
  ['requests_cache.install_cache requests_cache.CachedSession', 'file', 0, '', 'cache_name'],
  // pandas.pydata.org, matplotlib.org, pillow.readthedocs.io, huggingface.co: what tables, pictures and models are saved by
  ['.to_csv .to_json .to_parquet .to_pickle .to_excel .to_feather .to_hdf .savefig .save .imsave', 'file', 0],
  ['.save_pretrained', 'folder', 0],
  ['.extractall', 'folder', 0, '', 'path'],
  ['numpy.save numpy.savez numpy.savetxt', 'file', 0, '!'],
  // nodejs.org/api/fs.html, and the promises of the same; github.com/jprichardson/node-fs-extra
  ['fs.mkdirSync fs.mkdir fs.emptyDir fs.emptyDirSync fs.mkdtemp fs.mkdtempSync Deno.mkdir Deno.mkdirSync', 'folder', 0, '!'],
  [
    'fs.ensureDir fs.ensureDirSync fs.mkdirp fs.mkdirpSync mkdirp mkdirp.mkdirp mkdirp.sync make-dir make-dir.makeDirectory',
    'folder',
    0,
    '! +',
  ],
  ['fs.writeFile fs.writeFileSync fs.appendFile fs.appendFileSync fs.createWriteStream fs.truncate fs.truncateSync', 'file', 0, '!'],
  ['fs.outputFile fs.outputFileSync fs.outputJson fs.outputJsonSync fs.outputJSON', 'file', 0, '!'],
  ['fs.writeJson fs.writeJsonSync fs.writeJSON fs.writeJSONSync', 'file', 0, '!'],
  ['write-file-atomic write-file-atomic.sync jsonfile.writeFile jsonfile.writeFileSync', 'file', 0, '!'],
  ['Deno.writeTextFile Deno.writeFile Deno.writeTextFileSync Deno.writeFileSync Bun.write', 'file', 0, '!'],
  ['fs.open fs.openSync', 'file', 0, '! m1'],
  ['fs.copyFile fs.copyFileSync fs.rename fs.renameSync fs.cp fs.cpSync fs.copy fs.copySync fs.move fs.moveSync', 'file', 1, '!'],
  ['fs.symlink fs.symlinkSync fs.link fs.linkSync', 'file', 1, '!'],
  // nodejs.org/api/sqlite.html; npm: better-sqlite3, sqlite3, sqlite, bun:sqlite
  ['better-sqlite3 sqlite3.Database sqlite3.cached.Database sqlite.DatabaseSync bun:sqlite.Database', 'file', 0, '!'],
  ['sqlite.open nedb @seald-io/nedb nedb-promises.create', 'file', 0, '', 'filename'],
  // npm: level, classic-level, pouchdb, lokijs, lowdb, conf, lmdb, quick.db, keyv
  ['level.Level classic-level.ClassicLevel level pouchdb lmdb.open', 'folder', 0, '', 'path'],
  ['lokijs lowdb/adapters/FileSync lowdb/adapters/FileAsync', 'file', 0],
  ['lowdb/node.JSONFile lowdb/node.JSONFileSync lowdb/node.JSONFilePreset lowdb/node.JSONFileSyncPreset', 'file', 0, '!'],
  ['lowdb.JSONFile lowdb.JSONFileSync', 'file', 0, '!'],
  ['quick.db.QuickDB', 'file', null, '', 'filePath', { standard: 'json.sqlite' }],
  ['keyv keyv.Keyv @keyv/sqlite', 'file', 0, 'u', 'uri'],
  // npm: winston, pino, rotating-file-stream, multer, formidable, express-fileupload
  ['winston.transports.File winston-daily-rotate-file winston.transports.DailyRotateFile', 'file', null, '', 'filename'],
  ['winston.transports.File winston-daily-rotate-file winston.transports.DailyRotateFile', 'folder', null, '', 'dirname'],
  ['pino.destination', 'file', 0, '', 'dest'],
  ['rotating-file-stream.createStream', 'folder', null, '', 'path'],
  ['multer multer.diskStorage', 'folder', null, '', 'dest destination'],
  ['formidable formidable.formidable formidable.IncomingForm', 'folder', null, '', 'uploadDir'],
  ['.mv', 'file', 0],
  // puppeteer, playwright and pdfkit: pictures and pages
  ['.screenshot .pdf', 'file', null, '', 'path'],
];

const calls = lazily((): ReadonlyMap<string, readonly WriteCall[]> => {
  const found = new Map<string, readonly WriteCall[]>();
  for (const [names, does, path, marks = '', keywords = '', more] of table)
    for (const name of names.split(' ')) {
      const mode = marks.indexOf('m');
      const call: WriteCall = {
        ...{ does, path, keywords: keywords.split(' '), mode: mode < 0 ? null : Number(marks[mode + 1]), makes: marks.includes('+') },
        ...{ isCertain: marks.includes('!'), isUrl: marks.includes('u'), standard: null, count: null, telling: [], ...more },
      };
      found.set(name, [...(found.get(name) ?? []), call]);
    }
  return found;
});

/** The last parts of the names of calls that write: no other call is looked at. */
const lastParts = lazily(
  (): ReadonlySet<string> => new Set([...calls().keys()].flatMap(name => [name, name.slice(name.lastIndexOf('.') + 1)])),
);

/** Whether a call of this name may write. */
export const mayWrite = (name: string): boolean => lastParts().has(name);

/** What a function of a library writes, by its name with dots; `sqlite3.verbose().Database` is `sqlite3.Database`. */
export function libraryWrites(name: string): readonly WriteCall[] {
  const own = calls().get(name);
  if (own) return own;
  const plain = name.replaceAll('()', '');
  const at = plain.indexOf('.', 1);
  const last = plain.slice(plain.lastIndexOf('.') + 1);
  return calls().get(plain) ?? (at < 0 ? undefined : calls().get(`${plain.slice(0, at)}.${last}`)) ?? [];
}

/** What a method writes, whatever it is called on. */
export const methodWrites = (name: string): readonly WriteCall[] => calls().get(`.${name}`) ?? [];

/** A setting of a framework or library for what it writes, by its name. */
export interface WriteSetting {
  readonly name: string;
  readonly does: 'folder' | 'file';
  /** An entry beside it that says that it is meant, and how its value ends. */
  readonly beside?: readonly [name: string, value: RegExp];
  /** Of a URL, the folder that a relative path of it is put behind. */
  readonly urlBelow?: string;
}

/** The settings that say where frameworks and libraries write. */
export const writeSettings: readonly WriteSetting[] = [
  // docs.djangoproject.com: settings
  { name: 'MEDIA_ROOT', does: 'folder' },
  { name: 'FILE_UPLOAD_TEMP_DIR', does: 'folder' },
  { name: 'EMAIL_FILE_PATH', does: 'folder' },
  { name: 'NAME', does: 'file', beside: ['ENGINE', /sqlite3$/] },
  { name: 'LOCATION', does: 'folder', beside: ['BACKEND', /FileBasedCache$/] },
  // docs.python.org: logging.config
  { name: 'filename', does: 'file', beside: ['class', /FileHandler$/] },
  // flask.palletsprojects.com: uploads; flask-session, flask-uploads, flask-caching, flask-sqlalchemy (which puts it into the folder of instances)
  { name: 'UPLOAD_FOLDER', does: 'folder' },
  { name: 'UPLOADS_DEFAULT_DEST', does: 'folder' },
  { name: 'SESSION_FILE_DIR', does: 'folder' },
  { name: 'CACHE_DIR', does: 'folder', beside: ['CACHE_TYPE', /FileSystem(?:Cache)?$|^filesystem$/] },
  { name: 'SQLALCHEMY_DATABASE_URI', does: 'file', urlBelow: 'instance' },
  // knexjs.org, typeorm.io, sequelize.org: SQLite
  { name: 'filename', does: 'file', beside: ['client', /sqlite3$/] },
  { name: 'database', does: 'file', beside: ['type', /sqlite3?$/] },
  { name: 'storage', does: 'file', beside: ['dialect', /^sqlite$/] },
];
