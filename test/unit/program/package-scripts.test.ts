import { describe, expect, test } from 'vitest';
import { packageParts, reachedScripts } from '../../../shared/src/evidence/program/package-scripts';

const manifest = JSON.stringify({
  scripts: {
    start: 'node dist/index.js',
    prestart: 'npm run build',
    build: 'tsc',
    dev: 'vite',
    logged: 'node index.js > server.log 2>&1',
    quiet: 'node index.js > /dev/null',
    managed: 'pm2-runtime index.js',
    loop: 'npm run loop',
  },
});

const doneBy = (name: string): readonly string[] =>
  reachedScripts(packageParts(manifest), [name]).flatMap(([script, { does }]) => (does === null ? [] : `${script}: ${does}`));

// What the scripts of a package.json do that an image runs, with those that npm puts around them.
describe('scripts of package.json', () => {
  test.each<[string, string[]]>([
    [
      'start',
      ['prestart: writes files next to the sources that it runs from', 'build: writes files next to the sources that it runs from'],
    ],
    ['dev', ['dev: writes files next to the sources that it runs from']],
    ['logged', ['logged: writes server.log']],
    ['quiet', []],
    ['loop', []],
    ['absent', []],
    ['__proto__', []],
  ])('%s', (name, expected) => {
    expect(doneBy(name)).toEqual(expected);
  });

  test('a program that keeps files at home, and the files that one starts', () => {
    const { scripts } = packageParts(manifest);
    expect(scripts['managed']?.keeper).toBe('pm2-runtime');
    expect(scripts['start']?.uses).toContain('dist/index.js');
  });

  test.each(['', '{', 'null', '[]', '{"scripts":1}', '{"scripts":{"start":1}}'])('no scripts in %j', text => {
    expect(packageParts(text).scripts).toEqual({});
  });
});
