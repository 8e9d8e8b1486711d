import { expect, test } from 'vitest';
import { programFacts } from '../../../shared/src/evidence/program/program-facts';
import { speaksOfSignal } from '../../../shared/src/evidence/signals';
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

test.each<[what: string, files: Readonly<Record<string, string>>, expected: boolean | null]>([
  ['a handler in the program', { 'server.py': 'import signal\nsignal.signal(signal.SIGTERM, stop)\n' }, true],
  [
    'one in a file that it uses',
    { 'server.py': 'import state\n', 'state.py': 'import signal\nsignal.signal(signal.SIGTERM, stop)\n' },
    true,
  ],
  ['a program that says nothing of it', { 'server.py': 'print(1)\n' }, false],
  ['a program that is not here', {}, null],
  ['a program that is too long to be read', { 'server.py': `x = 1\n${'#'.repeat(200_000)}\n` }, null],
])('%s', (_what, files, expected) => {
  const index = {
    programAt: (path: string) => (files[path] === undefined ? null : (programFacts(files[path], path)[0] ?? null)),
    contextsOf: () => [],
    isAbsent: () => false,
    keptFolders: () => [],
  };
  expect(speaksOfSignal('SIGTERM', start, 'Dockerfile', index)).toBe(expected);
});
