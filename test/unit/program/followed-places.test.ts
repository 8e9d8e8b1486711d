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
      ["main.py writes to SETTINGS['photos']['originals'], whose location could not be determined"],
    ],
    [
      'a setting that no configuration has',
      { Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'), 'main.py': 'os.makedirs(SETTINGS["photos"])' },
      ['main.py writes to SETTINGS["photos"], whose location could not be determined'],
    ],
    [
      'a variable that nobody sets',
      { Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'), 'main.py': "os.makedirs(os.environ['INBOX'])" },
      ["main.py writes to os.environ['INBOX'], whose location could not be determined"],
    ],
    [
      'a place that the text does not tell',
      { Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'), 'main.py': "def save(path):\n  open(path, 'w')\nsave(ask())" },
      ['main.py writes to path, whose location could not be determined'],
    ],
    [
      'a place that a function is called with',
      {
        Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'),
        'main.py': "from store import save\nROOT = '/srv/box'\nsave(ROOT, 'x')",
        'store.py': "def save(folder: str, name):\n  with open(os.path.join(folder, name), 'w') as f:\n    pass",
      },
      ['store.py writes to os.path.join(folder, name), whose location could not be determined'],
    ],
    [
      'a place that an object is made with, as its settings say',
      {
        Dockerfile: python('COPY . .', 'CMD ["uvicorn", "main:app"]'),
        'main.py':
          'from pathlib import Path\nfrom config import settings\nfrom store import Store\nstore = Store(Path(settings.inbox_dir))\nstore.save("x")',
        'config.py': 'class Settings(BaseSettings):\n    inbox_dir: str = "in/box"\nsettings = Settings()',
        'store.py':
          'class Store:\n    def __init__(self, root: Path):\n        self.root = root\n    def save(self, name):\n        target = self.root / name\n        target.write_bytes(b"")',
      },
      ['store.py writes to target, whose location could not be determined'],
    ],
    [
      'a name that is joined with what is not known, and another of that name',
      {
        Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'),
        'main.py': [
          "SPOOL = os.environ.get('SPOOL_DIR', '/var/spool/shop')",
          "name = os.path.join(SPOOL, uuid.uuid4().hex + '.json')",
          "open(name, 'w')",
          'for name in os.listdir(SPOOL):',
          '  path = os.path.join(SPOOL, name)',
          "  os.rename(path, path + '.done')",
        ].join('\n'),
      },
      ['/var/spool/shop'],
    ],
    [
      'a folder that is made in another one',
      {
        Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'),
        'main.py': "QUEUE = '/var/lib/queue'\nos.makedirs(QUEUE + '/done', exist_ok=True)\nopen(QUEUE + '/first.msg', 'w')",
      },
      ['/var/lib/queue'],
    ],
    [
      'the same, that the image makes as well',
      {
        Dockerfile: python('RUN mkdir -p /var/lib/queue/done', 'COPY . .', 'CMD ["python", "main.py"]'),
        'main.py':
          "from pathlib import Path\nPath('/var/lib/queue/done').mkdir(parents=True, exist_ok=True)\nopen('/var/lib/queue/first.msg', 'w')",
      },
      ['/var/lib/queue'],
    ],
    [
      'the same, that the image alone makes',
      {
        Dockerfile: python('RUN mkdir -p /var/lib/queue/done', 'COPY . .', 'CMD ["python", "main.py"]'),
        'main.py': "open('/var/lib/queue/done/a.msg', 'w')\nopen('/var/lib/queue/first.msg', 'w')",
      },
      ['/var/lib/queue/done', '/var/lib/queue'],
    ],
    [
      'a file beside the one that a function is called with',
      {
        Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'),
        'main.py': "from store import save\nsave('/var/lib/box/state.json')",
        'store.py': "def save(path):\n  with open(path + '.tmp', 'w') as f:\n    f.write('')\n  os.replace(path + '.tmp', path)",
      },
      ["store.py writes to path + '.tmp', whose location could not be determined"],
    ],
    [
      'a file beside the one that a variable names',
      {
        Dockerfile: python('ENV STATE_AT=/srv/box/state.json', 'COPY . .', 'CMD ["python", "main.py"]'),
        'main.py': "with open(os.environ['STATE_AT'] + '.new', 'w') as f:\n  pass",
      },
      ['/srv/box'],
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
      ['main.py writes to folder, whose location could not be determined'],
    ],
    [
      'several calls, in several files',
      {
        Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'),
        'main.py': "import more\nfrom store import keep\nkeep('in/letters')\nkeep('in/letters')\nkeep(folder='in/parcels')\n",
        'more.py': "from store import keep\nkeep('in/papers')\n",
        'store.py': 'def keep(folder):\n  os.makedirs(folder)\n',
      },
      ['store.py writes to folder, whose location could not be determined'],
    ],
    [
      'functions that call one another with what they are given',
      {
        Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'),
        'main.py': 'def a(path):\n  b(path)\ndef b(path):\n  a(path)\n  os.makedirs(path)\na(ask())',
      },
      ['main.py writes to path, whose location could not be determined'],
    ],
    [
      'what is a path where a variable is not set',
      {
        Dockerfile: 'FROM node:24\nWORKDIR /app\nCOPY . .\nCMD ["node", "main.js"]\n',
        'main.js': "const config = require('./config');\nfs.mkdirSync(config.inboxDir, { recursive: true });",
        'config.js': "module.exports = {\n  inboxDir: process.env.INBOX_DIR ?? path.resolve(process.cwd(), 'in/box'),\n};",
      },
      ['/app/in/box'],
    ],
    [
      'a method of TypeScript that gives a path',
      {
        Dockerfile: 'FROM node:24\nWORKDIR /app\nCOPY . .\nCMD ["node", "main.ts"]\n',
        'main.ts': "import { Avatars } from './avatars';\nnew Avatars('in/avatars').store('x');",
        'avatars.ts':
          'export class Avatars {\n  constructor(private readonly dir: string) {}\n  pathOf(name: string): string {\n    return path.join(this.dir, name);\n  }\n  async store(name: string) {\n    await fs.promises.writeFile(this.pathOf(name), x);\n  }\n}',
      },
      ['avatars.ts writes to this.pathOf(name), whose location could not be determined'],
    ],
  ])('%s', (_, files, expected) => {
    expect(written(files)).toEqual(expected);
  });
});
