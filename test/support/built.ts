import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The checkout. */
export const root = resolve(import.meta.dirname, '../..');

/** Builds `dist/` where a source is newer than the bundle; test files that run at the same time build once. Gives the path of a bundle. */
export function built(bundle: string): string {
  const path = join(root, 'dist', bundle);
  const lock = join(root, 'dist/.building');
  mkdirSync(join(root, 'dist'), { recursive: true });
  for (let tries = 0; tries < 3000; tries++) {
    if (isFresh(path) && !existsSync(lock)) return path;
    try {
      mkdirSync(lock);
    } catch {
      // a run that was killed leaves its lock
      if (Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0) > 240_000) rmSync(lock, { recursive: true, force: true });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      continue;
    }
    try {
      if (isFresh(path)) return path;
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'tools/build.mjs')], { cwd: root, encoding: 'utf8' });
      if (status !== 0 && !isFresh(path)) throw new Error(`the build failed:\n${stdout}${stderr}`);
      return path;
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
  throw new Error('somebody else has been building for five minutes');
}

function isFresh(path: string): boolean {
  const bundle = statSync(path, { throwIfNoEntry: false });
  return (
    bundle !== undefined &&
    [
      'shared/src',
      'shared/host',
      'server/src',
      'client/src',
      'tools/build.mjs',
      'tools/common-modules.mjs',
      'tools/notices.mjs',
      'package.json',
    ].every(source => newest(join(root, source)) <= bundle.mtimeMs)
  );
}

function newest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map(name => newest(join(path, name))));
}
