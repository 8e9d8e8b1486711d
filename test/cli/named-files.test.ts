import { describe, expect, test } from 'vitest';
import { bulkhead, finePod, folder, privilegedPod, today } from './cli';

describe('a named file that is not checked is no success', () => {
  const { path: cwd } = folder({
    '.bulkhead.yaml': 'exclude: [dist]\n',
    'bad.yaml': privilegedPod,
    'fine.yaml': finePod,
    'notes.md': '# hello',
    'other.yaml': 'a: b\n',
    'empty.yaml': '# nothing\n---\n',
    'odd.yaml': privilegedPod.replace('kind:', '!!str kind:'),
    'latin.json': Buffer.from([0x7b, 0xff, 0x7d]),
    'dist/a.yaml': privilegedPod,
    'dist/b.yaml': 'a: b\n',
    'folder/other.yaml': 'a: b\n',
  });
  const ignoring = '--ignore-unknown';
  test.each<[args: string[], code: number, unchecked: string[]]>([
    [['notes.md'], 2, ['notes.md']],
    [['other.yaml'], 2, ['other.yaml']],
    [['empty.yaml'], 2, ['empty.yaml']],
    [['other.yaml', '--quiet'], 2, ['other.yaml']],
    [['fine.yaml', 'other.yaml', 'notes.md'], 2, ['notes.md', 'other.yaml']],
    [['bad.yaml', 'other.yaml'], 2, ['other.yaml']],
    [['other.yaml', '--fail-on', 'never'], 2, ['other.yaml']],
    // however its keys are spelt
    [['odd.yaml'], 1, []],
    // nobody named them one by one
    [['folder', 'fine.yaml'], 0, []],
    [['*.md', '*r.yaml', 'fine.yaml'], 0, []],
    // what the project says holds
    [['dist/a.yaml', 'dist/b.yaml'], 0, []],
    // lists of names that somebody else has made
    [[ignoring, 'notes.md', 'other.yaml', 'empty.yaml', 'latin.json', 'dist/a.yaml', 'fine.yaml'], 0, []],
    [[ignoring, 'notes.md', 'bad.yaml'], 1, []],
    [[ignoring, 'notes.md', 'missing.yaml'], 2, []],
    [[ignoring, 'notes.md', '--error-on-empty'], 2, []],
  ])('lint %j gives %d', (args, code, unchecked) => {
    const ran = bulkhead(['lint', ...today, ...args], { cwd });
    const said = [...ran.stderr.matchAll(/^bulkhead: (.+): not checked: .+$/gm)].map(([, path]) => path);
    expect({ code: ran.code, said }).toEqual({ code, said: unchecked });
  });

  test('with one line for each, and one that says what passes over them', () => {
    expect(bulkhead(['lint', 'notes.md', 'other.yaml'], { cwd })).toEqual({
      code: 2,
      stdout: '0 files checked: no findings\n',
      stderr:
        'bulkhead: notes.md: not checked: neither its name nor its content suggests a container file\n' +
        'bulkhead: other.yaml: not checked: the text has no apiVersion and kind keys\n' +
        'bulkhead: use --ignore-unknown to skip named files of a kind that is not checked\n',
    });
  });

  test('on standard input, and for the other commands that check', () => {
    const input = 'a: b\n';
    for (const args of [['lint'], ['harden'], ['lint', '--stdin-filename', 'x.yaml']]) {
      expect(bulkhead([...args, ...(args.length > 1 ? [] : ['-'])], { cwd, input }).code).toBe(2);
      expect(bulkhead([...args, ignoring, ...(args.length > 1 ? [] : ['-'])], { cwd, input }).code).toBe(0);
    }
    for (const args of [['harden'], ['report', '--format', 'json'], ['baseline', '--output-file', 'new.json']]) {
      const ran = bulkhead([...args, 'other.yaml'], { cwd });
      expect(ran.code).toBe(2);
      expect(ran.stderr).toMatch(/^bulkhead: other\.yaml: not checked: /m);
      expect(bulkhead([...args, ignoring, 'other.yaml'], { cwd }).code).toBe(0);
    }
  });

  test('and the second time, when it is known', () => {
    const cache = ['--cache-location', folder({}).path];
    const run = () => bulkhead(['lint', ...today, ...cache, 'other.yaml', 'fine.yaml'], { cwd });
    expect(run()).toEqual(run());
    expect(run().code).toBe(2);
  });
});

test('what is found in a folder in another encoding and would be read by others is no silence', () => {
  const comments = '# nothing to see here\n'.repeat(10_000);
  const wide = Buffer.from(`\uFEFF${comments}${privilegedPod}`, 'utf16le');
  const { path: cwd } = folder({
    'little.yaml': wide,
    'big.yaml': Buffer.from(wide).swap16(),
    'bare.yaml': Buffer.from(privilegedPod, 'utf16le'),
    'latin.yaml': Buffer.from(`${comments}${privilegedPod} # \xe9\n`, 'latin1'),
    'other.yaml': Buffer.from('\uFEFFa: b\n', 'utf16le'),
  });
  const { code, stdout } = bulkhead(['lint', '--format', 'concise', ...today], { cwd });
  expect([...stdout.matchAll(/^(.+?):1:1: error: File is not checked: /gm)].map(([, path]) => path)).toEqual([
    'bare.yaml',
    'big.yaml',
    'latin.yaml',
    'little.yaml',
  ]);
  expect(code).toBe(1);
});

/** The paths of the files in a JSON report. */
function pathsOf(json: string): readonly string[] {
  return (JSON.parse(json) as { readonly files: readonly { readonly path: string }[] }).files.map(({ path }) => path);
}

test('test data is left out of a folder, unless it is named or included', () => {
  const { path: cwd } = folder({
    'a.yaml': privilegedPod,
    'pkg/testdata/a.yaml': privilegedPod,
    'tests/data/a.yaml': privilegedPod,
    'pkg/testdata/b/fixtures/a.yaml': privilegedPod,
    'cmd/vendor/github.com/acme/a.yaml': privilegedPod,
    'own/.bulkhead.yaml': "exclude: ['!golden']\n",
    'own/golden/a.yaml': privilegedPod,
  });
  const checked = (...args: string[]): readonly string[] =>
    pathsOf(bulkhead(['lint', '--format', 'json', ...today, ...args], { cwd }).stdout);
  expect(checked()).toEqual(['a.yaml', 'own/golden/a.yaml']);
  const { stderr } = bulkhead(['lint', ...today], { cwd });
  expect(stderr).toBe(
    `bulkhead: test data and vendored code are skipped: 4 files (name the directory, or configure "exclude: ['!fixtures']")\n`,
  );
  expect(checked('pkg/testdata')).toEqual(['pkg/testdata/a.yaml']);
  expect(checked('pkg/testdata/b/fixtures')).toEqual(['pkg/testdata/b/fixtures/a.yaml']);
  expect(checked('pkg/testdata/b/fixtures/a.yaml')).toEqual(['pkg/testdata/b/fixtures/a.yaml']);
  expect(bulkhead(['harden', '--check'], { cwd }).stdout).not.toContain('testdata');
});
