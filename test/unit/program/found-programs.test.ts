import { describe, expect, test } from 'vitest';
import { makes, python, written, type Files } from './image-writes';

// Where the program is that an image starts, if no file is called as the command says.

describe('what is written by a program that is found by way of others', () => {
  test.each<[string, Files, string[]]>([
    [
      'a module below PYTHONPATH',
      { Dockerfile: python('ENV PYTHONPATH=/opt/lib', 'COPY lib /opt/lib', 'CMD ["python", "-m", "shop"]'), 'lib/shop/__main__.py': makes },
      ['/app'],
    ],
    [
      'the last of many modules',
      {
        Dockerfile: python('COPY . .', 'CMD ["python", "-m", "shop.web.main"]'),
        'shop/web/main.py':
          [...'abcdefghijk'].map(one => `from shop.parts.${one} import ${one}\n`).join('') + 'from shop.parts.store import keep\n',
        'shop/parts/store.py': makes,
      },
      ['/app/spool'],
    ],
    [
      'a command that a package brings',
      {
        Dockerfile: python('COPY . .', 'RUN pip install .', 'CMD ["shop", "serve"]'),
        'pyproject.toml': '[project.scripts]\nshop = "shop.cli:main"\n[tool.coverage.html]\ndirectory = "coverage/files"\n',
        'src/shop/cli.py': makes,
      },
      ['/app/spool'],
    ],
    [
      'TypeScript by its name alone',
      {
        Dockerfile:
          'FROM node:24 AS build\nWORKDIR /src\nCOPY . .\nRUN npx tsc\nFROM node:24-slim\nWORKDIR /app\nCOPY --from=build /src/dist dist\nCMD ["node", "dist/main"]\n',
        'src/main.ts': "import { mkdirSync } from 'node:fs';\nmkdirSync('spool');\n",
      },
      ['/app/spool'],
    ],
  ])('%s', (_, files, expected) => {
    expect(written(files)).toEqual(expected);
  });
});
