import { describe, expect, test } from 'vitest';
import { written } from './image-writes';

// How the usual languages put paths together: from the folder of the program at src/app/main in /srv, which starts in /srv.

const starts = { py: 'python', js: 'node' };
const from = { py: 'import os\nfrom pathlib import Path\n', js: '' };
const image = (ending: keyof typeof starts): string =>
  `FROM ${starts[ending]}:3\nWORKDIR /srv\nCOPY . .\nCMD ["${starts[ending]}", "src/app/main.${ending}"]\n`;

describe('paths as they are written', () => {
  test.each<[keyof typeof starts, string, string[]]>([
    ['py', "ROOT = Path(__file__).resolve().parents[2]\nD = ROOT / 'in'\nD.joinpath('box').mkdir(parents=True)", ['/srv/in/box']],
    ['py', "HERE = Path(__file__).parent\nROOT = HERE.parent\nD = ROOT / 'in'\nD.mkdir()", ['/srv/src/in']],
    ['py', "D = Path(__file__).resolve().parents[1].joinpath('in', 'box')\nD.mkdir()", ['/srv/src/in/box']],
    ['py', "HERE = Path(__file__).resolve()\nD = HERE.parents[1] / 'in'\nD.mkdir()", ['/srv/src/in']],
    ['py', "HERE = Path(__file__)\nD = HERE.parent.parent.parent / 'in'\nD.mkdir()", ['/srv/in']],
    ['py', "D = (Path('in') / 'box' / 'x.db').parent\nD.mkdir()", ['/srv/in/box']],
    ['py', "D = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))\nos.mkdir(os.path.join(D, 'in'))", ['/srv/src/in']],
    ['py', "INBOX = '/srv/in/box/'\nopen(INBOX + name, 'wb')", ['/srv/in/box']],
    ['py', "STATE = '/srv/in/state.json'\nopen(STATE + '.tmp', 'w')", ['/srv/in']],
    ['js', "const dir = path.resolve(__dirname, '../../in');\nfs.mkdirSync(dir);", ['/srv/in']],
  ])('%s: %s', (ending, text, expected) => {
    expect(written({ Dockerfile: image(ending), [`src/app/main.${ending}`]: from[ending] + text })).toEqual(expected);
  });
});

test.each([
  ['useradd -m bob', '/home/bob/.box'],
  ['useradd -r -m -d /data bob', '/data/.box'],
  ['adduser -D bob', '/home/bob/.box'],
  ['useradd bob', null],
  ['adduser --system bob', null],
])('the home directory of a user that %s makes', (command, expected) => {
  const Dockerfile = `FROM python:3\nRUN ${command}\nUSER bob\nWORKDIR /srv\nCOPY . .\nCMD ["python", "main.py"]\n`;
  const folders = written({ Dockerfile, 'main.py': "from pathlib import Path\nBOX = Path.home() / '.box'\nBOX.mkdir()" });
  expect(folders).toEqual([expected ?? 'main.py writes to the home directory of its user']);
});
