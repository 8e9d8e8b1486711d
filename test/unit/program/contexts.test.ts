import { describe, expect, test } from 'vitest';
import { makes, python, written, type Files } from './image-writes';

// In which folder the programs of an image are looked for: the one that a build names, else one in which nothing is missing that the Dockerfile copies.

describe('the programs of an image are looked for in', () => {
  test.each<[string, Files, string[]]>([
    [
      'no context in which something is missing that is copied',
      { 'web/Dockerfile': python('COPY requirements.txt .', 'COPY main.py .', 'CMD ["python", "main.py"]'), 'main.py': makes },
      ['it starts a program in Python that was not found'],
    ],
    [
      'a context above it that has all that is copied',
      { 'web/Dockerfile': python('COPY ./lib lib', 'COPY /main.py .', 'CMD ["python", "main.py"]'), 'main.py': makes, 'lib/a.py': '' },
      ['/app/spool'],
    ],
    [
      'the context that Compose names, whatever lies beside the Dockerfile',
      {
        'shop/web/Dockerfile': python('COPY . .', 'CMD ["python", "main.py"]'),
        'shop/web/main.py': 'print()',
        'shop/main.py': makes,
        'compose.yaml': 'services:\n  web:\n    build: {context: shop, dockerfile: web/Dockerfile}\n',
      },
      ['/app/spool'],
    ],
    [
      'the context that a bake file names',
      {
        'web/Dockerfile': python('COPY . .', 'CMD ["python", "main.py"]'),
        'main.py': makes,
        'docker-bake.hcl': 'target "web" {\n  context = "web"\n  tags = ["example.com/web"]\n}\n',
      },
      ['it starts a program in Python that was not found'],
    ],
    [
      'the context that a workflow names',
      {
        'web/Dockerfile': python('COPY . .', 'CMD ["python", "main.py"]'),
        'web/main.py': makes,
        'main.py': 'print()',
        '.github/workflows/a.yaml':
          'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: docker/build-push-action@v6\n        with: {context: ., file: web/Dockerfile, tags: example.com/web}\n',
      },
      [],
    ],
    [
      'no folder that a sibling project keeps empty',
      {
        'shop/app/Dockerfile': python('COPY . .', 'CMD ["python", "app.py"]'),
        'shop/app/app.py': 'print()',
        'blog/backend/logs/.gitkeep': '',
        'shop/compose.yaml': 'services:\n  app: {build: app}\n',
      },
      [],
    ],
    [
      'the same where nothing names a context',
      { 'shop/app/Dockerfile': python('COPY . .', 'CMD ["app"]'), 'shop/blog/logs/.gitkeep': '', 'blog/logs/.gitkeep': '' },
      [],
    ],
    [
      'no program that a package.json names and nothing starts',
      {
        Dockerfile: 'FROM node:26\nWORKDIR /app\nCOPY package.json server.js ./\nCMD ["node", "server.js"]\n',
        'package.json': '{"main": "tools/start.mjs", "scripts": {"start": "node tools/start.mjs"}}',
        'tools/start.mjs': "import { mkdirSync } from 'node:fs';\nmkdirSync('.cache/neovim', { recursive: true });\n",
        'server.js': 'listen()',
      },
      [],
    ],
    [
      'the one that it names where node starts the folder',
      {
        Dockerfile: 'FROM node:26\nWORKDIR /app\nCOPY . .\nCMD ["node", "."]\n',
        'package.json': '{"main": "tools/start.mjs"}',
        'tools/start.mjs': "import { mkdirSync } from 'node:fs';\nmkdirSync('/var/lib/x', { recursive: true });\n",
      },
      ['/var/lib/x'],
    ],
  ])('%s', (_, files, expected) => expect(written(files)).toEqual(expected));
});
