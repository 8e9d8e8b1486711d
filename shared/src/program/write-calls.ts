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
  /** Whether it writes a file or makes a folder whatever it is given. */
  readonly certain?: true;
}

/** The names behind which a `!` stands write wherever they are called: where that is, has to be known. */
const table: readonly (readonly [names: string, call: WriteCall])[] = [
  [
    'makedirs! make_path! mkdirSync! mkdirp! mkdirpSync! ensureDir! ensureDirSync! emptyDirSync mkdir_p! mkpath MkdirAll! Mkdir createDirectories! createDirectory! CreateDirectory! create_dir_all! create_dir! session_save_path setSavePath FileSystemCache Memory makeDirectory Maildir! mailbox.mbox! diskcache.Cache! dc.Cache! FanoutCache!',
    { does: 'folder', path: 0 },
  ],
  ['os.CreateTemp! os.MkdirTemp! ioutil.TempFile! ioutil.TempDir!', { does: 'folder', path: 0 }],
  ['mkdir mkdirs! os.mkdir! fs.mkdir! fsp.mkdir! promises.mkdir! Dir.mkdir! FileUtils.mkdir!', { does: 'folder', path: 'receiver' }],
  ['write_text! write_bytes! touch', { does: 'file', path: 'receiver' }],
  [
    'writeFile! writeFileSync! appendFile! appendFileSync! createWriteStream! outputFile! outputFileSync! outputJson! outputJsonSync! writeJson writeJsonSync! writeJSONSync! file_put_contents! os.WriteFile! ioutil.WriteFile! WriteFile os.Create! Create File.WriteAllText! File.WriteAllBytes! File.AppendAllText! File.WriteAllLines! File.AppendAllLines! WriteAllText WriteAllBytes AppendAllText WriteAllLines AppendAllLines Files.writeString! Files.newBufferedWriter! Files.newOutputStream! writeString newBufferedWriter newOutputStream FileOutputStream! FileWriter! PrintWriter RandomAccessFile FileHandler RotatingFileHandler! TimedRotatingFileHandler! WatchedFileHandler! StreamWriter TinyDB Datastore JSONFile! JSONFileSync! JSONFilePreset! PStore SQLite3 DatabaseSync to_csv to_json to_parquet to_pickle',
    { does: 'file', path: 0 },
  ],
  ['open! openSync! fopen! OpenFile!', { does: 'file', path: 0, mode: true }],
  ['sqlite3_open sqlite3_open_v2 ofstream fstream creat', { does: 'file', path: 0 }],
  ['connect', { does: 'file', path: 0, needs: /sqlite/i }],
  ['Database', { does: 'file', path: 0, needs: /^(?!.*:\/\/)/ }],
  ['Open', { does: 'file', path: 1, needs: /["']sqlite/ }],
  [
    'File.write! IO.write! Files.write! fs::write! File::create! Logger.new PStore.new! Store.new Database.new shelve.open! dbm.open! bolt.Open! badger.Open',
    { does: 'file', path: 0 },
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
