import { describe, expect, test } from 'vitest';
import { python, written, type Files } from './image-writes';

// What a function or an object is given, whole objects among it, and what classes of settings, package manifests and configurations say, is followed to where it is written.

const start = python('COPY . .', 'CMD ["python", "main.py"]');
const node = 'FROM node:24\nWORKDIR /app\nCOPY . .\nCMD ["node", "main.js"]\n';

describe('what an object is made with', () => {
  test.each<[string, Files, string[]]>([
    [
      'a private field',
      {
        Dockerfile: node,
        'main.js':
          "class Box {\n  #dir;\n  constructor(dir) {\n    this.#dir = path.resolve(dir);\n  }\n  go() {\n    fs.mkdirSync(this.#dir, { recursive: true });\n  }\n}\nnew Box('./in/box').go()",
      },
      ['main.js writes to this.#dir, whose location could not be determined'],
    ],
    [
      'a private method that gives a path, declared behind its use',
      {
        Dockerfile: node,
        'main.js':
          "class Box {\n  #dir = './in/box';\n  go(key) {\n    fs.writeFileSync(this.#file(key), 'x');\n  }\n  #file(key) {\n    return path.join(this.#dir, key);\n  }\n}\nnew Box().go('x');",
      },
      ['/app/in/box'],
    ],
    [
      'an object that the constructor takes apart',
      {
        Dockerfile: node,
        'main.js': "const Box = require('./box');\nnew Box({ dir: './in/box', size: 3 });",
        'box.js':
          'class Box {\n  constructor({ dir, size = 1 }) {\n    this.dir = dir;\n    fs.mkdirSync(this.dir);\n  }\n}\nmodule.exports = Box;',
      },
      ['box.js writes to this.dir, whose location could not be determined'],
    ],
    [
      'an object in several lines, of which a member is taken',
      {
        Dockerfile: node,
        'main.js':
          "const Box = require('./box');\nconst box = new Box({\n  size: 3, // of many\n  dir: path.join(__dirname, 'in', 'box'),\n});",
        'box.js':
          'class Box {\n  constructor(options = {}) {\n    this.dir = options.dir;\n    fs.mkdirSync(this.dir);\n  }\n}\nmodule.exports = Box;',
      },
      ['box.js writes to this.dir, whose location could not be determined'],
    ],
    [
      'settings that a function takes apart',
      {
        Dockerfile: node,
        'main.js':
          "const config = require('./config');\nconst { serve } = require('./serve');\nserve({ inbox: config.letters.target, port: 1 });",
        'config.js': "module.exports = {\n  letters: {\n    target: process.env.LETTERS || path.join(__dirname, 'in/box'),\n  },\n};",
        'serve.js': 'function serve({ inbox, port }) {\n  fs.mkdirSync(inbox, { recursive: true });\n}\nexports.serve = serve;',
      },
      ['serve.js writes to inbox, whose location could not be determined'],
    ],
    [
      'a name in an object that is called as the key',
      {
        Dockerfile: node,
        'main.js': "const serve = require('./serve');\nconst target = '/srv/in';\nserve.start({ target });",
        'serve.js': 'exports.start = ({ target = "x/y" }) => {\n  fs.mkdirSync(target, { recursive: true });\n}',
      },
      ['serve.js writes to target, whose location could not be determined'],
    ],
    [
      'parameters in several lines',
      {
        Dockerfile: node,
        'main.js': "const serve = require('./serve');\nserve.start({});",
        'serve.js':
          "export const start = async ({\n  target = 'in/box',\n  port,\n}) => {\n  fs.mkdirSync(target, { recursive: true });\n}",
      },
      ['serve.js writes to target, whose location could not be determined'],
    ],
    [
      'what is given in place of a folder of its own',
      {
        Dockerfile: node,
        'main.js': "const Box = require('./box');\nnew Box({ target: '/srv/in' });",
        'box.js':
          "class Box {\n  constructor(options) {\n    fs.mkdirSync(options.target || path.join(__dirname, 'in/box'));\n  }\n}\nmodule.exports = Box;",
      },
      ['/app/in/box', "box.js writes to options.target || path.join(__dirname, 'in/box'), whose location could not be determined"],
    ],
    [
      'an object that nobody gives',
      { Dockerfile: node, 'main.js': 'function start({ target }) {\n  fs.mkdirSync(target);\n}\nstart(read());' },
      ['main.js writes to target, whose location could not be determined'],
    ],
    [
      'a part of the settings, given whole',
      {
        Dockerfile: node,
        'main.js': "const config = require('./config');\nconst Box = require('./box');\nnew Box(config.store).go();",
        'config.js': "module.exports = {\n  store: { target: '/srv/in/box' },\n};",
        'box.js':
          'class Box {\n  constructor(options) {\n    this.options = options;\n  }\n  go() {\n    fs.mkdirSync(this.options.target);\n  }\n}\nmodule.exports = Box;',
      },
      ['box.js writes to this.options.target, whose location could not be determined'],
    ],
    [
      'keyword arguments of Python, in several lines',
      {
        Dockerfile: start,
        'main.py': "from pathlib import Path\nfrom box import Box\nbox = Box(\n    size=3,\n    path=Path('in') / 'box',\n)",
        'box.py':
          'class Box:\n    def __init__(self, *, size: int, path: Path = None):\n        self.path = path\n        self.path.mkdir(parents=True, exist_ok=True)',
      },
      ['box.py writes to self.path, whose location could not be determined'],
    ],
    [
      'the fields of a data class are asked for',
      {
        Dockerfile: start,
        'main.py': "from pathlib import Path\nfrom box import Box\nbox = Box(root=Path('in/box'))\nbox.go()",
        'box.py':
          '@dataclass(frozen=True)\nclass Box:\n    root: Path\n    size: int = 3\n\n    def go(self):\n        self.root.mkdir(parents=True, exist_ok=True)',
      },
      ['box.py writes to self.root, whose location could not be determined'],
    ],
    [
      'each place of a loop',
      { Dockerfile: start, 'main.py': "for folder in ('in/a', 'in/b'):\n    os.makedirs(folder, exist_ok=True)" },
      ['/app/in/a', '/app/in/b'],
    ],
    [
      'what a name stands for in another function',
      {
        Dockerfile: start,
        'main.py': "def one(target):\n    print(target)\ndef two():\n    target = ask()\n    os.makedirs(target)\none('in/box')\ntwo()",
      },
      ['main.py writes to target, whose location could not be determined'],
    ],
  ])('%s', (_, files, expected) => {
    expect(written(files)).toEqual(expected);
  });
});

describe('where settings stand', () => {
  test.each<[string, Files, string[]]>([
    [
      'a class of settings that Flask is told by its name',
      {
        Dockerfile: start,
        'main.py': "app.config.from_object('config.Config')\nos.makedirs(app.config['INBOX'], exist_ok=True)",
        'config.py': "basedir = os.path.abspath(os.path.dirname(__file__))\nclass Config:\n    INBOX = os.path.join(basedir, 'in', 'box')",
      },
      ['/app/in/box'],
    ],
    [
      'several classes: what each of them says',
      {
        Dockerfile: start,
        'main.py':
          'from config import config\ndef create_app(name):\n    app.config.from_object(config[name])\n    os.makedirs(app.config["INBOX"])',
        'config.py': "class Dev:\n    INBOX = '/srv/dev'\nclass Prod:\n    INBOX = '/srv/prod'\nconfig = {\n    'dev': Dev,\n}",
      },
      ['/srv/dev'],
    ],
    [
      'a file of settings that Flask reads',
      {
        Dockerfile: start,
        'main.py': "app.config.from_pyfile('config.py')\nos.makedirs(app.config['INBOX'], exist_ok=True)",
        'config.py': "INBOX = '/srv/in'",
      },
      ['/srv/in'],
    ],
    [
      'a section of an INI file, and its key',
      {
        Dockerfile: start,
        'main.py':
          "cfg.read('box.ini')\nBox(cfg.get('paths', 'output'))\nclass Box:\n    def __init__(self, output):\n        self.output = output\n        os.makedirs(self.output)",
        'box.ini': '[paths]\noutput = /srv/in/box\n',
      },
      ['main.py writes to self.output, whose location could not be determined'],
    ],
    [
      'sections by themselves, and what holds where a key is missing',
      {
        Dockerfile: start,
        'main.py':
          "cfg.read('box.ini')\nsection = cfg['paths']\nos.makedirs(section['output'])\nos.makedirs(cfg['paths'].get('other', 'x/y'))\nos.makedirs(cfg.get('paths', 'third', fallback='/srv/third'))",
        'box.ini': '[paths]\noutput = /srv/in/box\n',
      },
      ["main.py writes to section['output'], whose location could not be determined"],
    ],
    [
      'a section of a configuration that is not here',
      { Dockerfile: start, 'main.py': "cfg.read('/etc/box.ini')\nos.makedirs(cfg.get('paths', 'output'))" },
      ["main.py writes to cfg.get('paths', 'output'), whose location could not be determined"],
    ],
    [
      'a package.json',
      {
        Dockerfile: node,
        'main.js': "const manifest = require('./package.json');\nfs.mkdirSync(path.join(__dirname, manifest.config.target))",
        'package.json': '{\n  "name": "x",\n  "config": { "target": "in/box" }\n}',
      },
      ['main.js writes files next to its sources'],
    ],
    [
      'variables of the script that starts a package',
      {
        Dockerfile: node.replace('["node", "main.js"]', '["npm", "start"]'),
        'main.js': "fs.mkdirSync(path.join(process.env.INBOX, 'x'))",
        'package.json':
          '{\n  "scripts": {\n    "start": "cross-env INBOX=/srv/in node main.js",\n    "dev": "INBOX=tmp node main.js"\n  }\n}',
      },
      ['/srv/in/x'],
    ],
    [
      'a program without an ending that npm starts',
      {
        Dockerfile: node.replace('["node", "main.js"]', '["npm", "start"]'),
        'package.json': '{\n  "scripts": {\n    "start": "node ./bin/www"\n  }\n}',
        'bin/www': "#!/usr/bin/env node\nvar app = require('../app');",
        'app.js': "fs.mkdirSync(path.join(__dirname, 'in'))",
      },
      ['/app/in'],
    ],
  ])('%s', (_, files, expected) => {
    expect(written(files)).toEqual(expected);
  });
});
