import { expect, test } from 'vitest';
import { programFacts } from '../../../shared/src/evidence/program/program-facts';
import { speaksOf } from '../../../shared/src/evidence/signals';
import type { StageStart } from '../../../shared/src/workspace/stage-start';

const start: StageStart = {
  workdir: '/app',
  programs: [{ source: 'server.py', image: '/app/server.py' }],
  scripts: [],
  copies: [],
  sources: [],
  variables: {},
  fills: false,
  linksLogs: false,
  unread: null,
  isPlaced: true,
};

/** An index in which these files are. */
const indexOf = (files: Readonly<Record<string, string>>) => ({
  programAt: (path: string) => (files[path] === undefined ? null : (programFacts(files[path], path)[0] ?? null)),
  contextsOf: () => [],
  isAbsent: () => false,
  keptFolders: () => [],
});

test.each<[what: string, files: Readonly<Record<string, string>>, expected: boolean | null]>([
  ['a handler in the program', { 'server.py': 'import signal\nsignal.signal(signal.SIGTERM, stop)\n' }, true],
  [
    'one in a file that it uses',
    { 'server.py': 'import state\n', 'state.py': 'import signal\nsignal.signal(signal.SIGTERM, stop)\n' },
    true,
  ],
  ['a server that handles it', { 'server.py': 'import uvicorn\nuvicorn.run(app)\n' }, true],
  ['one that is named only', { 'server.py': 'print("import uvicorn")\n' }, false],
  ['a program that says nothing of it', { 'server.py': 'print(1)\n' }, false],
  [
    'one behind many modules of others',
    {
      'server.py': `${Array.from({ length: 20 }, (_, i) => `import module${i}\n`).join('')}import state\n`,
      'state.py': 'import signal\nsignal.signal(signal.SIGTERM, stop)\n',
    },
    true,
  ],
  ['a program that is not here', {}, null],
  ['a program that is too long to be read', { 'server.py': `x = 1\n${'#'.repeat(200_000)}\n` }, null],
])('%s', (_what, files, expected) => {
  expect(speaksOf('SIGTERM', start, 'Dockerfile', indexOf(files))).toBe(expected);
});

test.each([
  ['import asyncio\nasyncio.run(asyncio.to_thread(serve))\n', true],
  ['from threading import Thread\nThread(target=serve).start()\n', true],
  ['import asyncio\nasyncio.run(serve())\n', false],
])('%j starts threads: %s', (text, expected) => {
  expect(speaksOf('threads', start, 'Dockerfile', indexOf({ 'server.py': text }))).toBe(expected);
});
