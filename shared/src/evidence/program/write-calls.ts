/** What a call does with the path that it is given: it makes the folder, or writes the file. */
type Does = 'folder' | 'file';

/** A call that writes, by the last parts of its name. */
interface WriteCall {
  readonly does: Does;
  /** Which argument names the path; `receiver`: what stands in front of the dot, if that is no module. */
  readonly path: 0 | 1 | 'receiver';
  /** Whether it writes only where a mode says so: `open(path, 'w')`. */
  readonly mode?: true;
  /** What its name or first argument has to say. */
  readonly needs?: RegExp;
  /** Whether it makes its folder, and those that this is in. */
  readonly makes?: true;
  /** Whether it writes a file or makes a folder whatever it is given. */
  readonly certain?: true;
  /** Where it writes when it is not told. */
  readonly standard?: string;
}

/** The names behind which a `!` stands write wherever they are called: where that is, has to be known. */
const table: readonly (readonly [names: string, call: WriteCall])[] = [
  [
    'makedirs! make_path! mkdirp! mkdirpSync! ensureDir! ensureDirSync! mkdir_p! MkdirAll! createDirectories! CreateDirectory! create_dir_all!',
    { does: 'folder', path: 0, makes: true },
  ],
  [
    'mkdirSync! emptyDirSync Mkdir createDirectory! create_dir! session_save_path setSavePath FileSystemCache Memory makeDirectory Maildir! mailbox.mbox! diskcache.Cache! dc.Cache! FanoutCache!',
    { does: 'folder', path: 0 },
  ],
  ['os.CreateTemp! os.MkdirTemp! ioutil.TempFile! ioutil.TempDir!', { does: 'folder', path: 0 }],
  ['mkdir mkdirs! mkpath os.mkdir! fs.mkdir! fsp.mkdir! promises.mkdir! Dir.mkdir! FileUtils.mkdir!', { does: 'folder', path: 'receiver' }],
  ['write_text! write_bytes! touch', { does: 'file', path: 'receiver' }],
  [
    'writeFile! writeFileSync! appendFile! appendFileSync! createWriteStream! outputFile! outputFileSync! outputJson! outputJsonSync! writeJson writeJsonSync! writeJSONSync! file_put_contents! os.WriteFile! ioutil.WriteFile! WriteFile os.Create! Create File.WriteAllText! File.WriteAllBytes! File.AppendAllText! File.WriteAllLines! File.AppendAllLines! WriteAllText WriteAllBytes AppendAllText WriteAllLines AppendAllLines Files.writeString! Files.newBufferedWriter! Files.newOutputStream! writeString newBufferedWriter newOutputStream FileOutputStream! FileWriter! PrintWriter RandomAccessFile FileHandler RotatingFileHandler! TimedRotatingFileHandler! WatchedFileHandler! StreamWriter TinyDB Datastore JSONFile! JSONFileSync! JSONFilePreset! PStore SQLite3 DatabaseSync to_csv to_json to_parquet to_pickle',
    { does: 'file', path: 0 },
  ],
  ['open! openSync! fopen! OpenFile! ZipFile File.new', { does: 'file', path: 0, mode: true }],
  ['FileStream', { does: 'file', path: 0, needs: /FileMode\.(?:Create|CreateNew|Append|OpenOrCreate)|FileAccess\.(?:Read)?Write/ }],
  ['sqlite3_open sqlite3_open_v2 ofstream fstream creat', { does: 'file', path: 0 }],
  ['connect', { does: 'file', path: 0, needs: /sqlite/i }],
  ['Database', { does: 'file', path: 0, needs: /^(?!.*:\/\/)/ }],
  ['Store.new', { does: 'file', path: 0, needs: /\bYAML::Store/ }],
  ['Open', { does: 'file', path: 1, needs: /["']sqlite/ }],
  [
    'File.write! IO.write! File.binwrite! IO.binwrite! Files.write! fs::write! File::create! Logger.new PStore.new! Database.new shelve.open! dbm.open! bolt.Open! badger.Open',
    { does: 'file', path: 0 },
  ],
  // embedded databases and indexes, each by the first example of its documentation
  [
    'lmdb.open! plyvel.DB! leveldb.OpenFile! pebble.Open! bleve.New! sled::open! DB::open_default! DB::open index.create_in LocalStorage!',
    { does: 'folder', path: 0 },
  ],
  ['PouchDB', { does: 'folder', path: 0, needs: /^(?!.*:\/\/)/ }],
  ['Level level', { does: 'folder', path: 0, needs: /^.{0,30}["'`](?:\.{0,2}\/|[\w-]*(?:db|data|store|level))/i }],
  [
    'SqliteDatabase! duckdb.connect! FileStorage apsw.Connection! sqlite.Open! buntdb.Open! Connection::open! LiteDatabase fileDB! Sequel.sqlite SQLite3::open! DB.new Loki! TelegramClient JSONFile FileSync! FileAsync! JSONFileSync',
    { does: 'file', path: 0 },
  ],
  ['PersistentClient', { does: 'folder', path: 0, standard: 'chroma' }],
  ['SummaryWriter', { does: 'folder', path: 0, standard: 'runs' }],
  ['pocketbase.New', { does: 'folder', path: 0, standard: 'pb_data' }],
  ['wandb.init', { does: 'folder', path: 1, standard: 'wandb' }],
  ['QuickDB', { does: 'file', path: 0, standard: 'json.sqlite' }],
  // what libraries make of tables, pictures, models and logs
  [
    'to_csv to_parquet to_excel to_json to_pickle to_feather to_hdf savefig imwrite! PicklePersistence install_cache CachedSession transferTo SaveAs WriteTo.File File.OpenWrite! Deno.writeTextFile! Deno.writeFile! Bun.write StreamHandler pino.destination logger.add',
    { does: 'file', path: 0 },
  ],
  // Java asks paths for files by the same name
  ['toFile!', { does: 'file', path: 0, needs: /toFile(?! ?\))/ }],
  ['output', { does: 'file', path: 0, needs: /\.pdf["'`]/ }],
  ['screenshot pdf', { does: 'file', path: 0, needs: /["'`]/ }],
  [
    'save_pretrained setCompileDir setCacheDir rolling::daily rolling::hourly rolling::never PersistKeysToFileSystem',
    { does: 'folder', path: 0 },
  ],
  [
    'write_index joblib.dump torch.save save_model urlretrieve imagepng imagejpeg imagegif imagewebp SaveUploadedFile! cp cpSync os.Rename',
    { does: 'file', path: 1 },
  ],
  ['move_uploaded_file! copyFile! copyFileSync! rename renameSync! copyfile! move copy', { does: 'file', path: 1 }],
  ['save mv', { does: 'file', path: 0 }],
  ['cb callback', { does: 'folder', path: 1, needs: /^\s*null/ }],
];

/** Calls that write, by name. */
const calls: ReadonlyMap<string, WriteCall> = new Map(
  table.flatMap(([names, call]) =>
    names
      .split(' ')
      .map(name => (name.endsWith('!') ? ([name.slice(0, -1), { ...call, certain: true }] as const) : ([name, call] as const))),
  ),
);

/** The call of a dotted name, as `os.makedirs` or `PStore.new`; `undefined`: it writes nothing. */
export function writeCall(name: string): WriteCall | undefined {
  const parts = name.split(/\.|::|->/);
  const last = parts.at(-1)!;
  const of = parts.at(-2);
  return (of === undefined ? undefined : (calls.get(`${of}.${last}`) ?? calls.get(`${of}::${last}`))) ?? calls.get(last);
}

/** Names in front of a dot that are modules, and no paths: `os.mkdir(path)`. */
export const modules: ReadonlySet<string> = new Set('os fs fsp promises fse File Dir FileUtils Files Directory shutil io'.split(' '));
