import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildPlace, otherText } from '../../../server/src/prove/build-place';

it('lets no build leave the folder, by a link neither', () => {
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-build-')));
  try {
    const root = join(place, 'repository');
    mkdirSync(join(root, 'app'), { recursive: true });
    writeFileSync(join(root, 'app/Dockerfile'), 'FROM alpine\n');
    writeFileSync(join(place, 'secret'), '');
    symlinkSync(place, join(root, 'out'));
    symlinkSync(join(place, 'secret'), join(root, 'app/Linked'));
    symlinkSync('app', join(root, 'in'));
    expect(buildPlace(root, { dockerfile: 'in/Dockerfile', context: 'in' })).toEqual({
      dockerfile: join(root, 'app/Dockerfile'),
      context: join(root, 'app'),
    });
    expect(buildPlace(root, { dockerfile: 'app/Dockerfile', context: '' })).toMatchObject({ context: root });
    for (const [dockerfile, context] of [
      ['app/Dockerfile', 'out'],
      ['app/Linked', 'app'],
      ['../secret', 'app'],
      ['app/Dockerfile', '..'],
    ] as const)
      expect(buildPlace(root, { dockerfile, context })).toBeNull();
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});

it('builds another text of a Dockerfile from a file of its own, with what the context leaves out', () => {
  const place = mkdtempSync(join(tmpdir(), 'bulkhead-build-'));
  try {
    const [root, own] = ['repository', 'own'].map(name => join(place, name)) as [string, string];
    for (const folder of [root, own]) mkdirSync(folder);
    const dockerfile = join(root, 'web.Dockerfile');
    writeFileSync(dockerfile, 'FROM alpine\n');
    writeFileSync(`${dockerfile}.dockerignore`, '.git\n');
    const made = otherText({ dockerfile, context: root }, 'FROM alpine\nUSER 1000\n', own);
    expect(made).toEqual({ dockerfile: join(own, 'Dockerfile'), context: root });
    expect(readFileSync(made.dockerfile, 'utf8')).toBe('FROM alpine\nUSER 1000\n');
    expect(readFileSync(`${made.dockerfile}.dockerignore`, 'utf8')).toBe('.git\n');
    expect(readFileSync(dockerfile, 'utf8')).toBe('FROM alpine\n');
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});
