import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { buildContextOf } from '../../../server/src/cli/build-context';
import type { FoundInput } from '../../../server/src/cli/inputs';
import { createReading, type Reading } from '../../../server/src/cli/reading';

const base = mkdtempSync(join(tmpdir(), 'bulkhead-build-context-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

test('a folder is looked at once in a run, however many Dockerfiles are built with it', () => {
  mkdirSync(join(base, 'a'));
  writeFileSync(join(base, 'a/.dockerignore'), '*.md\n');
  writeFileSync(join(base, 'a/.gitignore'), '.env\n');
  writeFileSync(join(base, 'a/.env'), 'TOKEN=x\n');
  const real = createReading(false, path => path);
  const read: string[] = [];
  const reading: Reading = {
    ...real,
    sideText: path => {
      read.push(path.slice(base.length + 1));
      return real.sideText(path);
    },
  };
  const paths = ['a/one.Dockerfile', 'a/two.Dockerfile', 'a/three.Dockerfile'];
  const contexts = paths.map(path => buildContextOf({ absolute: join(base, path), base, path } as FoundInput, reading)());
  for (const context of contexts) {
    expect(context).toMatchObject({
      ignore: { path: 'a/.dockerignore', text: '*.md\n' },
      untracked: { text: '.env\n' },
      secrets: ['.env'],
    });
  }
  expect(read.filter(path => path === 'a/.dockerignore' || path === 'a/.gitignore')).toEqual(['a/.dockerignore', 'a/.gitignore']);
  // what is seen in another run is seen anew
  writeFileSync(join(base, 'a/.dockerignore'), '*.txt\n');
  const next = buildContextOf({ absolute: join(base, paths[0]!), base, path: paths[0]! } as FoundInput, { ...reading })();
  expect(next?.ignore?.text).toBe('*.txt\n');
});
