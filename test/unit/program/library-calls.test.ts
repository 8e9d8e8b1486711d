import { describe, expect, test } from 'vitest';
import { programFacts } from '../../../shared/src/evidence/program/program-facts';

// What calls of usual libraries write, by the first example of their own documentation: the folder and the file.

const writesOf = (path: string, line: string): readonly string[] =>
  programFacts(line, path).flatMap(({ writes }) => writes.map(({ folder, file }) => `${folder}/${file ?? ''}`));

describe('a call of a library writes', () => {
  test.each<[string, string, string]>([
    ['main.py', 'client = chromadb.PersistentClient(path="./chroma-data")', 'chroma-data/'],
    ['main.py', 'client = chromadb.PersistentClient()', 'chroma/'],
    ['main.py', 'con = duckdb.connect("var/facts.duckdb")', 'var/facts.duckdb'],
    ['main.py', 'db = SqliteDatabase("people.db")', '/people.db'],
    ['main.py', 'env = lmdb.open("store")', 'store/'],
    ['main.py', 'joblib.dump(model, "models/best.pkl")', 'models/best.pkl'],
    ['main.py', 'frame.to_csv("out/rows.csv")', 'out/rows.csv'],
    ['main.py', 'plt.savefig("static/plot.png")', 'static/plot.png'],
    ['main.py', 'gTTS("hello").save("audio/x.mp3")', 'audio/x.mp3'],
    ['main.py', 'with zipfile.ZipFile("export.zip", "w") as bundle:', '/export.zip'],
    ['main.py', 'logger.add("logs/app.log")', 'logs/app.log'],
    ['main.py', 'writer = SummaryWriter()', 'runs/'],
    ['main.py', 'Path("notes.txt").open("w")', '/notes.txt'],
    ['main.js', 'const db = require("better-sqlite3")("data/x.db");', 'data/x.db'],
    ['main.js', 'const db = new PouchDB("movies");', 'movies/'],
    ['main.js', 'const db = new Level("./leveldata");', 'leveldata/'],
    ['main.js', 'const store = new LocalStorage("./scratch");', 'scratch/'],
    ['main.js', 'const storage = multer.diskStorage({ destination: "./pictures" });', 'pictures/'],
    ['main.js', 'await sharp(input).toFile("thumbs/x.png");', 'thumbs/x.png'],
    ['main.js', 'await page.screenshot({ path: "shots/x.png" });', 'shots/x.png'],
    ['main.js', 'const log = pino(pino.destination("logs/app.log"));', 'logs/app.log'],
    ['main.js', 'const db = createClient({ url: "file:local.db" });', '/local.db'],
    ['main.ts', 'await Bun.write("notes.txt", text);', '/notes.txt'],
    ['main.ts', 'await Deno.writeTextFile("notes.txt", text);', '/notes.txt'],
    ['app.rb', 'DB = Sequel.sqlite("blog.db")', '/blog.db'],
    ['app.rb', 'FileUtils.cp(params[:file][:tempfile], "uploads/x")', 'uploads/x'],
    ['index.php', '$log->pushHandler(new StreamHandler("logs/app.log"));', 'logs/app.log'],
    ['index.php', 'imagepng($im, "pictures/x.png");', 'pictures/x.png'],
    ['index.php', '$zip->open("x.zip", ZipArchive::CREATE);', '/x.zip'],
    ['main.go', 'db, err := gorm.Open(sqlite.Open("app.db"), &gorm.Config{})', '/app.db'],
    ['main.go', 'db, err := sql.Open("sqlite", "file:app.db?cache=shared")', '/app.db'],
    ['main.go', 'db, err := leveldb.OpenFile("index", nil)', 'index/'],
    ['main.go', 'c.SaveUploadedFile(file, "uploads/"+name)', 'uploads/'],
    ['Main.java', 'DriverManager.getConnection("jdbc:hsqldb:file:store");', '/store'],
    ['Main.java', 'part.transferTo(new File("uploads/x"));', 'uploads/x'],
    ['main.rs', 'let db = Connection::open("app.db")?;', '/app.db'],
    ['main.rs', '.open("app.log")?;', '/app.log'],
    ['main.rs', 'let db = sled::open("store")?;', 'store/'],
    ['Program.cs', '.WriteTo.File("logs/app.txt")', 'logs/app.txt'],
    ['Program.cs', 'using var db = new LiteDatabase("shop.db");', '/shop.db'],
    ['Program.cs', 'var file = new FileStream("x.bin", FileMode.Create);', '/x.bin'],
    ['Program.cs', '.PersistKeysToFileSystem(new DirectoryInfo("keys"))', 'keys/'],
  ])('%s: %s', (path, line, expected) => {
    expect(writesOf(path, line)).toContain(expected);
  });

  test.each([
    ['main.js', 'const db = new PouchDB("http://db.example.com/movies");'],
    ['main.js', 'level("info");'],
    ['main.js', 'const db = new Sequelize("sqlite::memory:");'],
    ['main.py', 'handler = logging.StreamHandler(sys.stdout)'],
    ['main.py', 'frame.to_csv(buffer)'],
    ['main.py', 'image = Image.open("logo.png")'],
    ['index.php', 'new StreamHandler("php://stdout");'],
    ['Main.java', 'root.resolve("x").toFile();'],
    ['Program.cs', 'var file = new FileStream("x.bin", FileMode.Open);'],
    ['Main.java', 'DriverManager.getConnection("jdbc:derby:memory:x;create=true");'],
  ])('nothing: %s: %s', (path, line) => {
    expect(
      programFacts(line, path).flatMap(({ writes, untold }) => [...writes.filter(({ variable }) => variable === null), ...(untold ?? [])]),
    ).toEqual([]);
  });
});
