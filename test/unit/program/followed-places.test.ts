import { describe, expect, test } from 'vitest';
import { python, written, type Files } from './image-writes';

// What a program writes is often told in another place than where it writes: in a configuration, where an object is made or a function is called, in a
// constant of another file. Where it is told nowhere, that is said.

describe('places that are followed to where they are told', () => {
  test.each<[string, Files, string[]]>([
    [
      'a setting of its configuration',
      {
        Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'),
        'main.py': "load('settings.toml')\nos.makedirs(SETTINGS['photos']['originals'])",
        'settings.toml': '[photos]\noriginals = "/srv/photos/originals"\n',
      },
      ['/srv/photos/originals'],
    ],
    [
      'a setting that no configuration has',
      { Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'), 'main.py': 'os.makedirs(SETTINGS["photos"])' },
      ['main.py writes to photos, and nothing here tells where that is'],
    ],
    [
      'a variable that nobody sets',
      { Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'), 'main.py': "os.makedirs(os.environ['INBOX'])" },
      ['main.py writes to INBOX, and nothing here tells where that is'],
    ],
    [
      'a place that the text does not tell',
      { Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'), 'main.py': "def save(path):\n  open(path, 'w')" },
      ['main.py writes to path, and nothing here tells where that is'],
    ],
    [
      'a place that a function is called with',
      {
        Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'),
        'main.py': "from store import save\nROOT = '/srv/box'\nsave(ROOT, 'x')",
        'store.py': "def save(folder: str, name):\n  with open(os.path.join(folder, name), 'w') as f:",
      },
      ['/srv/box'],
    ],
    [
      'a place that an object is made with, as its settings say',
      {
        Dockerfile: python('COPY . .', 'CMD ["uvicorn", "main:app"]'),
        'main.py': 'from config import settings\nfrom store import Store\nstore = Store(Path(settings.inbox_dir))',
        'config.py': 'class Settings(BaseSettings):\n    inbox_dir: str = "in/box"',
        'store.py':
          'class Store:\n    def __init__(self, root: Path):\n        self.root = root\n    def save(self, name):\n        target = self.root / name\n        target.write_bytes(b"")',
      },
      ['/app/in/box'],
    ],
    [
      'the same in Go',
      {
        Dockerfile:
          'FROM golang:1.26 AS b\nWORKDIR /src\nCOPY . .\nRUN go build -o /links .\nFROM debian:12\nCOPY --from=b /links /bin/links\nENTRYPOINT ["links"]\n',
        'main.go':
          'dir := flag.String("data", "/var/lib/links", "where")\ns := NewStore(*dir)\nfunc NewStore(dir string) *Store {\nos.MkdirAll(dir, 0o755)',
      },
      ['/var/lib/links'],
    ],
    [
      'a constant of another file',
      {
        Dockerfile: 'FROM node:24\nWORKDIR /app\nCOPY . .\nCMD ["node", "main.js"]\n',
        'main.js': "const { INBOX_DIR } = require('./config');\nfs.mkdirSync(INBOX_DIR, { recursive: true });",
        'config.js': "exports.INBOX_DIR = path.join(__dirname, 'inbox');",
      },
      ['/app/inbox'],
    ],
    [
      'the default of a parameter',
      {
        Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'),
        'main.py': "def keep(text, folder='/srv/kept'):\n  os.makedirs(folder)\nkeep('x')",
      },
      ['/srv/kept'],
    ],
    [
      'several calls, in several files',
      {
        Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'),
        'main.py': "import more\nfrom store import keep\nkeep('in/letters')\nkeep('in/letters')\nkeep(folder='in/parcels')\n",
        'more.py': "from store import keep\nkeep('in/papers')\n",
        'store.py': 'def keep(folder):\n  os.makedirs(folder)\n',
      },
      ['/app/in/parcels', '/app/in/letters', '/app/in/papers'],
    ],
    [
      'functions that call one another with what they are given',
      {
        Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'),
        'main.py': 'def a(path):\n  b(path)\ndef b(path):\n  a(path)\n  os.makedirs(path)',
      },
      ['main.py writes to path, and nothing here tells where that is'],
    ],
  ])('%s', (_, files, expected) => {
    expect(written(files)).toEqual(expected);
  });
});
