import { describe, expect, test } from 'vitest';
import { programFacts } from '../../../shared/src/evidence/program/program-facts';
import { python, written, type Files } from './image-writes';

// What a file of a program sets for the files that use it, by its keys; and what an image writes where one file sets and another one writes.

/** `key=path` of what a text sets, `file:` or `$NAME|` in front where the path counts from there. */
const settingsOf = (path: string, ...lines: readonly string[]): readonly string[] =>
  programFacts(lines.join('\n'), path).flatMap(({ settings }) =>
    Object.entries(settings).map(([key, { path, from, variable, rest }]) => {
      const place = `${from === 'start' ? '' : `${from}:`}${path}`;
      return `${key}=${variable === null ? '' : `$${variable}${rest === '' ? '' : `/${rest}`}|`}${place}`;
    }),
  );

describe('what a file sets for others', () => {
  test.each<[string, string, string[], string[]]>([
    ['constants', 'shop/paths.py', ["SPOOL = '/srv/spool'"], ['.spool=/srv/spool']],
    ['attributes of a class', 'shop/core.py', ['class Settings:', "    spool: Path = Path('in/spool')"], ['.spool=in/spool']],
    [
      'what one of them is made of',
      'core.py',
      ['class C:', "  base = '/srv/x'", "  inbox = base + '/in'"],
      ['.base=/srv/x', '.inbox=/srv/x/in'],
    ],
    [
      'an object',
      'config.js',
      ['module.exports = {', '  uploads: {', "    target: './in/box',", '  },', '};'],
      ['.uploads.target=./in/box'],
    ],
    [
      'an array of PHP',
      'config/app.php',
      ['<?php', 'return [', "  'votes' => [", "    'kept' => __DIR__ . '/../votes',", '  ],', '];'],
      ['.votes.kept=file:../votes'],
    ],
    ['the default of a variable', 'settings.js', ["export const spool = process.env.SPOOL || '/srv/spool';"], ['.spool=$SPOOL|/srv/spool']],
    ['a setting of an application', 'app.py', ["app.config['INBOX'] = 'in/box'"], ['.inbox=in/box']],
    ['what a function keeps to itself', 'shop/core.py', ['def save(name):', "    target = 'in/box'"], []],
    ['variables of a program', 'server.js', ["const target = '/srv/spool';"], []],
  ])('%s', (_, path, lines, expected) => {
    expect(settingsOf(path, ...lines)).toEqual(expected);
  });
});

const main = python('COPY . .', 'CMD ["python", "main.py"]');
const node = 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node", "server.js"]\n';

describe('what one file sets and another one writes', () => {
  test.each<[string, Files, string[]]>([
    [
      'a constant that is imported',
      {
        Dockerfile: main,
        'main.py': "from shop.paths import SPOOL\nopen(SPOOL / name, 'w')\n",
        'shop/paths.py': "SPOOL = Path('/srv/spool')\n",
      },
      ['/srv/spool'],
    ],
    [
      'an attribute',
      {
        Dockerfile: main,
        'main.py': 'from core import settings\nos.makedirs(settings.inbox)\n',
        'core.py': "BASE = Path(__file__).parent\n\nclass Settings:\n    inbox: Path = BASE / 'letters'\n\nsettings = Settings()\n",
      },
      ['/app/letters'],
    ],
    [
      'an object in a module',
      {
        Dockerfile: node,
        'server.js': "const config = require('./config');\nfs.mkdirSync(config.letters.target);\n",
        'config.js': "module.exports = {\n  letters: {\n    target: path.join(__dirname, 'letters'),\n  },\n};\n",
      },
      ['/app/letters'],
    ],
    [
      'a name that is taken out of a module',
      {
        Dockerfile: node,
        'server.js': "import { letters } from './paths.js';\nfs.mkdirSync(letters);\n",
        'paths.js': "export const letters = process.env.LETTERS ?? '/srv/letters';\n",
      },
      ['/srv/letters'],
    ],
    [
      'a home directory that is not known',
      { Dockerfile: main, 'main.py': 'from paths import SPOOL\nos.makedirs(SPOOL)\n', 'paths.py': "SPOOL = Path.home() / 'spool'\n" },
      ['main.py writes to SPOOL, and nothing here tells where that is'],
    ],
    [
      'what Django collects at each start',
      {
        Dockerfile: python('COPY . .', 'ENTRYPOINT ["/app/start.sh"]'),
        'start.sh': '#!/bin/sh\npython manage.py collectstatic --noinput\nexec gunicorn site.wsgi\n',
        'manage.py': "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n",
        'shop/settings.py':
          "BASE_DIR = Path(__file__).resolve().parent.parent\nSTATIC_ROOT = BASE_DIR / 'collected'\nMEDIA_ROOT = BASE_DIR / 'pictures'\n",
      },
      ['/app/collected', '/app/pictures'],
    ],
  ])('%s', (_, files, expected) => {
    expect(written(files)).toEqual(expected);
  });
});

test('hostile settings take time in proportion to their size', () => {
  const started = process.cpuUsage();
  for (const part of [
    'a = {',
    "'a' => [",
    'class A:',
    'import {a} from "./a";',
    'from a import ',
    'A=',
    '(',
    'static ',
    'f({',
    'x.parents[1].',
    'File.expand_path(a, ',
    'for a in [',
    'const { a } = b.c; ',
    '@dataclass',
    '#a(',
    'a.get("b", "c").',
  ])
    for (const name of ['config.py', 'config.js', 'config.php'])
      programFacts(Array.from({ length: 1000 }, (_, at) => ' '.repeat(at % 40) + part.repeat(20)).join('\n'), name);
  expect(process.cpuUsage(started).user / 1e6).toBeLessThan(5);
});
