import { describe, expect, test } from 'vitest';
import { programFacts } from '../../../shared/src/evidence/program/program-facts';
import { python, written, type Files } from './image-writes';

// What an image writes where one file of a program sets and another one writes.

const main = python('COPY . .', 'CMD ["python", "main.py"]');
const node = 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node", "server.js"]\n';

describe('what one file sets and another one writes', () => {
  test.each<[string, Files, string[]]>([
    [
      'a constant that is imported',
      {
        Dockerfile: main,
        'main.py': "from shop.paths import SPOOL\nopen(SPOOL / name, 'w')\n",
        'shop/paths.py': "from pathlib import Path\nSPOOL = Path('/srv/spool')\n",
      },
      ['/srv/spool'],
    ],
    [
      'an attribute',
      {
        Dockerfile: main,
        'main.py': 'from core import settings\nos.makedirs(settings.inbox)\n',
        'core.py':
          "from pathlib import Path\nBASE = Path(__file__).parent\n\nclass Settings:\n    inbox: Path = BASE / 'letters'\n\nsettings = Settings()\n",
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
      {
        Dockerfile: main,
        'main.py': 'from paths import SPOOL\nos.makedirs(SPOOL)\n',
        'paths.py': "from pathlib import Path\nSPOOL = Path.home() / 'spool'\n",
      },
      ['main.py writes to the home directory of its user'],
    ],
    [
      'what Django collects at each start',
      {
        Dockerfile: python('COPY . .', 'ENTRYPOINT ["/app/start.sh"]'),
        'start.sh': '#!/bin/sh\npython manage.py collectstatic --noinput\nexec gunicorn site.wsgi\n',
        'manage.py': "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n",
        'shop/settings.py':
          "from pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\nSTATIC_ROOT = BASE_DIR / 'collected'\nMEDIA_ROOT = BASE_DIR / 'pictures'\n",
      },
      ['/app/pictures', 'its start script start.sh runs collectstatic'],
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
    for (const name of ['config.py', 'config.js'])
      programFacts(Array.from({ length: 200 }, (_, at) => ' '.repeat(at % 40) + part.repeat(20)).join('\n'), name);
  expect(process.cpuUsage(started).user / 1e6).toBeLessThan(5);
});
