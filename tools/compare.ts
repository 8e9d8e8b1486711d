import { diffLines } from 'diff';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { corpusFiles, hasCorpus, noCorpus } from './corpus-folder';
import { root } from './rules/files';

/**
 * `npm run build && npx tsx tools/compare.ts`: writes docs/compare.md: what each fixer that is on the path does to the real files, as judges that are neither ours
 * nor theirs see it (BuildKit's parser: BULKHEAD_BUILDKIT_ORACLE; actionlint: BULKHEAD_ACTIONLINT), and what `npm run accuracy` and `npm run bench` have measured.
 */

interface Fixer {
  readonly name: string;
  /** A program, and arguments before the files. */
  readonly command: readonly string[];
  readonly version: readonly string[];
}

/** How many errors a judge sees in each file, by its name. */
type Judge = (folder: string, names: readonly string[]) => ReadonlyMap<string, number>;

const bulkhead = (name: string, ...more: readonly string[]): Fixer => ({
  name: `bulkhead ${name}`,
  command: [process.execPath, join(root, 'dist/cli.js'), 'harden', '--write', '--no-cache', '--ignore-unknown', ...more],
  version: [process.execPath, join(root, 'dist/cli.js'), '--version'],
});
const ours = [bulkhead('harden', '--quiet'), bulkhead('harden --accept all', '--quiet', '--accept', 'all')];
const tally = (name: string, ...more: readonly string[]): Fixer => ({
  name: `tally ${name}`,
  command: ['tally', 'lint', '--no-config', '--slow-checks=off', ...more],
  version: ['tally', 'version'],
});
const zizmor = (mode: string): Fixer => ({
  name: `zizmor --fix=${mode}`,
  command: ['zizmor', '--offline', '--no-config', '--quiet', `--fix=${mode}`],
  version: ['zizmor', '--version'],
});

const buildkit: Judge = (folder, names) => {
  const out = execFileSync(process.env['BULKHEAD_BUILDKIT_ORACLE']!, {
    input: names.map(name => join(folder, name)).join('\n') + '\n',
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const rows = out
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as { file: string; error: string; nodes?: readonly { error: string }[] });
  return new Map(
    rows.map(({ file, error, nodes }) => [basename(file), [error, ...(nodes ?? []).map(node => node.error)].filter(Boolean).length]),
  );
};

const actionlint: Judge = (folder, names) => {
  const args = ['-shellcheck=', '-pyflakes=', '-format', '{{range $e := .}}{{json $e.Filepath}}\n{{end}}', ...names];
  const { stdout } = spawnSync(process.env['BULKHEAD_ACTIONLINT']!, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
  const errors = stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => basename(JSON.parse(line) as string));
  return new Map(names.map(name => [name, errors.filter(error => error === name).length]));
};

interface Row {
  readonly fixer: string;
  readonly version: string;
  readonly changed: number;
  readonly lines: number;
  readonly worse: readonly string[];
}

/** What a fixer does to files: how many it changes, by how many lines, and in which a judge sees more errors after it. */
function measure(fixer: Fixer, files: ReadonlyMap<string, string>, judge: Judge): Row {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-compare-'));
  try {
    const names = [...files.keys()];
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
    const before = judge(folder, names);
    const [program = '', ...args] = fixer.command;
    const fix = (some: readonly string[]): boolean => {
      const { stdout, stderr } = spawnSync(program, [...args, ...some], {
        cwd: folder,
        encoding: 'utf8',
        timeout: 600_000,
        maxBuffer: 1 << 28,
      });
      return !/^(?:Error|fatal):/m.test(`${stdout}\n${stderr}`);
    };
    // a file at which a tool stops costs no other
    for (let at = 0; at < names.length; at += 40) {
      const some = names.slice(at, at + 40);
      if (!fix(some)) for (const name of some) fix([name]);
    }
    const after = judge(folder, names);
    const texts = names.map(name => ({ name, was: files.get(name)!, is: readFileSync(join(folder, name), 'utf8') }));
    const changed = texts.filter(({ was, is }) => was !== is);
    const lines = changed.map(({ was, is }) =>
      diffLines(was, is).reduce((sum, part) => sum + (part.added || part.removed ? part.count : 0), 0),
    );
    return {
      fixer: fixer.name,
      version: /\d+(?:\.\d+)+/.exec(execFileSync(fixer.version[0]!, fixer.version.slice(1), { encoding: 'utf8' }))?.[0] ?? '',
      changed: changed.length,
      lines: lines.reduce((sum, count) => sum + count, 0),
      worse: names.filter(name => (after.get(name) ?? 0) > (before.get(name) ?? 0)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const isThere = ({ version: [program = '', ...args] }: Fixer): boolean => spawnSync(program, args).status === 0;

function table(what: string, judgeName: string, rows: readonly Row[]): string {
  const head = `| ${what} | version | files changed | lines changed | more errors of ${judgeName} than before |\n| --- | --- | ---: | ---: | ---: |`;
  return [
    head,
    ...rows.map(({ fixer, version, changed, lines, worse }) => `| ${fixer} | ${version} | ${changed} | ${lines} | ${worse.length} |`),
  ].join('\n');
}

/** The table of a page whose first cell begins so, with its lines. */
function tableOf(page: string, start: string): string {
  const lines = readFileSync(join(root, page), 'utf8').split('\n');
  const first = lines.findIndex(line => line.startsWith(`| ${start}`));
  if (first < 0) throw new Error(`${page} has no table "${start}"`);
  const length = lines.slice(first).findIndex(line => !line.startsWith('|'));
  return lines.slice(first, first + length).join('\n');
}

function sentenceOf(page: string, start: string): string {
  const line = readFileSync(join(root, page), 'utf8')
    .split('\n')
    .find(each => each.startsWith(start));
  if (line === undefined) throw new Error(`${page} says nothing that begins "${start}"`);
  return line.replace(/^- /, '').replace(/\]\((?!https?:)/g, '](');
}

const today = new Date().toISOString().slice(0, 10);

const measuredOn = (page: string): string => /^Measured on .*$/m.exec(readFileSync(join(root, page), 'utf8'))![0];

/** Real files by names that are all different. */
const realFiles = (folder: string): ReadonlyMap<string, string> =>
  new Map(corpusFiles(folder).map(({ path, text }) => [path.replace(/^[^/]*\//, '').replaceAll('/', '__'), text]));

function main(): void {
  if (!hasCorpus) throw new Error(noCorpus);
  const sets = [
    {
      folder: 'dockerfile',
      what: 'Dockerfiles',
      judge: buildkit,
      judgeName: "BuildKit's parser",
      variable: 'BULKHEAD_BUILDKIT_ORACLE',
      fixers: [...ours, tally('--fix', '--fix'), tally('--fix --fix-unsafe', '--fix', '--fix-unsafe')],
    },
    {
      folder: 'workflows',
      what: 'workflows',
      judge: actionlint,
      judgeName: 'actionlint',
      variable: 'BULKHEAD_ACTIONLINT',
      fixers: [...ours, zizmor('safe'), zizmor('all')],
    },
  ];
  const parts = sets.flatMap(({ folder, what, judge, judgeName, variable, fixers }) => {
    if (process.env[variable] === undefined) {
      console.log(`left out: fixers of ${what}: ${variable} is not set`);
      return [];
    }
    const files = realFiles(folder);
    const rows = fixers.filter(isThere).map(fixer => measure(fixer, files, judge));
    for (const { fixer, worse } of rows) if (worse.length > 0) console.log(`${fixer}: ${worse.join(' ')}`);
    return [table(`${files.size} real ${what}`, judgeName, rows)];
  });
  const page = [
    '# Beside other tools',
    `Made by \`tools/compare.ts\` on ${today} of what was measured here, and of nothing else. What is not in a table was not measured.`,
    '## What fixers do to files',
    ...(parts.length === 0
      ? []
      : [
          `Real files, measured on ${today}. They are given to each fixer 40 at a time, and one by one where it stops at one of them, with the options of the row; no network, no configuration. Errors are those of a judge that belongs to none of them; whether the result still does the same is not judged.`,
          ...parts,
        ]),
    'Polaris and kubeaudit on the manifests of their own tests, with the lines that both change, where the whole result of theirs is known:',
    tableOf('docs/accuracy.md', '          | manifests').trim(),
    '## How many findings have an edit',
    'Of our findings in real files, at the default profile ([how it is counted](accuracy.md#real-files-at-the-default-profile)); other tools do not say it of theirs.',
    tableOf('docs/accuracy.md', '             | warnings and errors').trim(),
    '## Services that start',
    sentenceOf('docs/prove.md', '- Of 53 services'),
    '## Time',
    `${measuredOn('docs/performance/peers.md')} More, and single files and language servers: [the tables](performance/peers.md).`,
    tableOf('docs/performance/peers.md', '400 Dockerfiles'),
    tableOf('docs/performance/peers.md', '400 manifests'),
    '## What they find',
    'The tools look for different things. By rule, on the cases of their own test suites: [accuracy](accuracy.md).',
  ];
  writeFileSync(join(root, 'docs/compare.md'), page.join('\n\n') + '\n');
  execFileSync(process.execPath, [
    join(root, 'node_modules/prettier/bin/prettier.cjs'),
    '--write',
    '--log-level',
    'warn',
    join(root, 'docs/compare.md'),
  ]);
}

main();
