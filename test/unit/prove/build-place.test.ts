import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildPlace } from '../../../server/src/prove/build-place';

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
