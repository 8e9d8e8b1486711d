import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { families } from '../../../tools/rules/families';
import { rulePath } from '../../../tools/rules/files';

/** What a newcomer does, in a copy of the checkout: "two files, nothing else". */

const root = path.resolve(import.meta.dirname, '../../..');
const ids = [...families.keys()].map(family => `${family}/entirely-new`);
const minutes = 60_000;
let folder = '';

const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: folder, encoding: 'utf8' });
const run = (program: string, ...args: readonly string[]): { readonly status: number | null; readonly output: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join('node_modules', program), ...args], {
    cwd: folder,
    encoding: 'utf8',
    // what vitest tells its workers would reach a vitest of theirs
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], CI: 'true', NO_COLOR: '1' },
  });
  return { status, output: stdout + stderr };
};
const tool = (name: string, ...args: readonly string[]) => run('tsx/dist/cli.mjs', `tools/${name}.ts`, ...args);
/** The files that differ from the commit. */
const changed = (): readonly string[] =>
  git('status', '--porcelain', '--untracked-files=all')
    .split('\n')
    .filter(line => line !== '')
    .map(line => line.slice(3));

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bulkhead-first-rule-'));
  const wanted =
    /^(?:(?:shared|server|client|tools|docs|l10n|schema|action|integrations|test\/(?:rules|support))\/|[^/]+$|[^/]+\/tsconfig\.json$)/;
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  for (const name of files.split('\0')) {
    if (!wanted.test(name) || !fs.existsSync(path.join(root, name))) continue;
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.copyFileSync(path.join(root, name), path.join(folder, name));
  }
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  git('init', '--quiet');
  fs.appendFileSync(path.join(folder, '.git/info/exclude'), 'node_modules\n');
  git('add', '--all');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--no-gpg-sign', '--message', 'a');
}, 5 * minutes);

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

test.each(ids)(
  'new-rule %s writes two files, and names what is near',
  id => {
    const { status, output } = tool('new-rule', id);
    expect(status, output).toBe(0);
    expect(changed().filter(file => file.startsWith(rulePath(id)))).toEqual([`${rulePath(id)}.md`, `${rulePath(id)}.ts`]);
  },
  5 * minutes,
);

test(
  'new-rule leaves a rule alone that is there',
  () => {
    const id = ids[0]!;
    expect(tool('new-rule', id)).toMatchObject({ status: 2, output: `${id} exists already: ${rulePath(id)}\n` });
  },
  5 * minutes,
);

test(
  'what new-rule writes compiles',
  () => {
    const config = {
      extends: './tsconfig.base.json',
      compilerOptions: { noEmit: true, emitDeclarationOnly: false, composite: false, incremental: false },
    };
    fs.writeFileSync(
      path.join(folder, 'tsconfig.new.json'),
      JSON.stringify({ ...config, files: [...ids.map(id => `${rulePath(id)}.ts`), 'shared/src/families/registry.ts'] }),
    );
    // with the families, which name the views of their targets
    const compiled = run('typescript/bin/tsc', '--project', 'tsconfig.new.json');
    fs.rmSync(path.join(folder, 'tsconfig.new.json'));
    expect(compiled).toEqual({ status: 0, output: '' });
  },
  5 * minutes,
);

test.each([
  ['one rule', ids.slice(0, 1)],
  ['one of each family', ids.slice(1)],
])(
  'rule updates, generates and tests %s',
  (_, some) => {
    const { status, output } = tool('rule', ...some);
    expect(status, output).toBe(0);
    for (const id of some) expect(output).toContain(`${id}: 1 block(s) written`);
    expect(output).toMatch(new RegExp(`Tests +${6 * some.length} passed \\(${6 * some.length}\\)`));
  },
  5 * minutes,
);

test('two files for each, and what is generated; nothing else', () => {
  const own = ids.flatMap(id => [`${rulePath(id)}.md`, `${rulePath(id)}.ts`]);
  const others = changed().filter(file => !own.includes(file));
  expect(own.filter(file => !changed().includes(file))).toEqual([]);
  const byHand = others.filter(file => !git('check-attr', 'linguist-generated', '--', file).trim().endsWith(': set'));
  // a page by hand, with a part that is generated
  expect(byHand).toEqual(['README.md']);
});

test(
  'generate --check refuses what new-rule left to be written',
  () => {
    const { status, output } = tool('generate', '--check');
    expect(status).toBe(1);
    for (const id of ids) {
      expect(output).toContain(`${rulePath(id)}.md: write the introduction`);
      expect(output).toContain(`${rulePath(id)}.ts: write the message`);
    }
  },
  5 * minutes,
);

test(
  'generate says all that is wrong at once, names the files to edit, and writes nothing',
  () => {
    const [first, second] = [ids[0]!, ids[1]!];
    const edit = (file: string, change: (text: string) => string): void =>
      fs.writeFileSync(path.join(folder, file), change(fs.readFileSync(path.join(folder, file), 'utf8')));
    const before = git('status', '--porcelain');
    edit(`${rulePath(first)}.ts`, text =>
      text.replace(
        "profile: 'recommended',",
        "profile: 'recommended', references: { cwe: ['CWE-99999'] }, peers: { kubescape: ['C-0048'] },",
      ),
    );
    edit(`${rulePath(second)}.md`, text => text.replace(/```\n$/, ''));
    edit('README.md', text => text.replace('<!-- /generated -->', ''));
    const stale = git('diff', '--', 'docs', 'l10n', 'schema', 'README.md');
    const { status, output } = tool('generate');
    expect(status).toBe(1);
    expect(output).toMatch(/^tools\/knowledge\/standards\.ts: add a short title of CWE-99999/m);
    expect(output).toMatch(new RegExp(`^${rulePath(first)}\\.ts: kubescape C-0048 is claimed by `, 'm'));
    expect(output).toMatch(new RegExp(`^${rulePath(second)}\\.md:\\d+: the fence is not closed`, 'm'));
    expect(output).toMatch(/^README\.md: put <!-- generated: rules -->/m);
    expect(output).toContain('4 thing(s) to mend; nothing is written');
    expect(git('diff', '--', 'docs', 'l10n', 'schema', 'README.md')).toBe(stale);
    expect(git('status', '--porcelain')).toBe(before);
  },
  5 * minutes,
);

test(
  'a rule that fails is named, and its page stays as it was',
  () => {
    const id = ids[0]!;
    const [file, page] = [path.join(folder, `${rulePath(id)}.ts`), path.join(folder, `${rulePath(id)}.md`)];
    const source = fs.readFileSync(file, 'utf8');
    const written = fs.readFileSync(page, 'utf8');
    fs.writeFileSync(file, source.replace(/report\((.*), 'found'\)/, "report({ start: 7, end: 1 }, 'found')"));
    const { status, output } = tool('rule', id);
    expect(status, output).toBe(1);
    expect(output).toMatch(
      new RegExp(`^${rulePath(id)}\\.ts: fails at the block of line \\d+ of its page: message "found" has the range`, 'm'),
    );
    expect(fs.readFileSync(page, 'utf8')).toBe(written);
  },
  5 * minutes,
);

test(
  'a rule that nobody has is an error, never a green run',
  () => {
    for (const name of ['rule', 'update-rule']) {
      expect(tool(name, 'kubernetes/host-pidd')).toMatchObject({
        status: 2,
        output: expect.stringContaining('did you mean kubernetes/host-pid?') as string,
      });
    }
    const { status, output } = run('vitest/vitest.mjs', 'run', 'test/rules/harden.test.ts', '-t', 'unknown/rule');
    expect({ status, output }).toMatchObject({ status: 1, output: expect.stringContaining('Nothing was run') as string });
  },
  5 * minutes,
);
