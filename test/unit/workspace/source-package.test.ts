import { describe, expect, it, test } from 'vitest';
import { isPackage, joinSources, packageFolder, packagesOf, sourcesOf } from '../../../shared/src/workspace/source-package';

// What compilers take together is read together, under one name.

test.each<[string, readonly string[]]>([
  ['cmd/web/store.go', ['cmd/web/*.go']],
  ['main.rs', ['*.rs']],
  ['src/tally.h', ['src/*.c', 'src/*.cc']],
  ['src/tally.hpp', ['src/*.cpp']],
  [
    'src/main/java/org/shop/Shop.java',
    [
      'src/main/java/org/shop/*.java',
      'src/main/java/org/shop/**/*.java',
      'src/main/java/org/**/*.java',
      'src/main/java/**/*.java',
      'src/main/**/*.java',
      'src/**/*.java',
      '**/*.java',
    ],
  ],
  ['Program.cs', ['*.cs', '**/*.cs']],
  ['app.py', []],
  ['cmd/web/*.go', []],
])('the packages of %s', (path, expected) => {
  expect(packagesOf(path)).toEqual(expected);
  for (const name of expected) expect(isPackage(name)).toBe(true);
  expect(isPackage(path)).toBe(path.includes('*'));
});

describe('the sources of a package', () => {
  it('are those of its language, what starts it first, without tests', () => {
    expect(sourcesOf('a/*.go', ['store.go', 'store_test.go', 'README.md', 'api.go', 'main.go'])).toEqual(['main.go', 'api.go', 'store.go']);
    expect(sourcesOf('*.java', ['StoreTest.java', 'Store.java', 'Application.java'])).toEqual(['Application.java', 'Store.java']);
  });

  it('have their declarations in front', () => {
    expect(sourcesOf('src/*.c', ['tally.c', 'tally.h', 'main.c'])).toEqual(['tally.h', 'main.c', 'tally.c']);
  });

  it('are those of all folders below, without tests and what was built', () => {
    const files = [
      'org/shop/Store.java',
      'org/shop/ShopApplication.java',
      'org/shop/StoreTest.java',
      'target/generated/A.java',
      'src/test/java/B.java',
    ];
    expect(sourcesOf('src/main/java/**/*.java', files)).toEqual(['org/shop/ShopApplication.java', 'org/shop/Store.java']);
    expect(packageFolder('src/main/java/**/*.java')).toEqual({ folder: 'src/main/java', isNested: true });
    expect(packageFolder('**/*.cs')).toEqual({ folder: '', isNested: true });
    expect(packageFolder('cmd/web/*.go')).toEqual({ folder: 'cmd/web', isNested: false });
  });

  it('of many files are those that tell of places', () => {
    const texts = Array.from({ length: 60 }, (_, at) => (at === 50 ? 'Path.of("photos")' : `class C${at} {}`));
    expect(joinSources(texts)).toBe('Path.of("photos")\n');
  });

  it('are none where there are declarations alone', () => expect(sourcesOf('src/*.cc', ['tally.h'])).toEqual([]));

  it('are bounded', () => {
    expect(
      sourcesOf(
        '*.go',
        Array.from({ length: 5000 }, (_, i) => `f${i}.go`),
      ),
    ).toHaveLength(40);
    expect(joinSources(['a', 'b'.repeat(200_000), 'c'])).toBe('a\nc\n');
  });
});
