import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { corpusFiles, hasCorpus, noCorpus } from './corpus-folder';
import { root } from './rules/files';

/**
 * `npm run build && npx tsx tools/compare.ts`: writes docs/compare.md: what each fixer that is on the path does to the real files, as judges see it that the
 * environment names (`variable` below), and what `npm run accuracy` and `npm run bench` have measured.
 */

interface Fixer {
  readonly name: string;
  /** A program, and arguments before the files. */
  readonly command: readonly string[];
  readonly version: readonly string[];
  /** It takes one file at a time. */
  readonly one?: true;
}

/** Who says how many errors or findings files have. */
interface Judge {
  readonly name: string;
  /** Names its program. */
  readonly variable: string;
  /** By the names of files. */
  readonly count: (program: string, folder: string, names: readonly string[]) => ReadonlyMap<string, number>;
}

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

const polaris = (name: string, ...more: readonly string[]): Fixer => ({
  name: `polaris ${name}`,
  command: ['polaris', 'fix', ...more, '--files-path'],
  version: ['polaris', 'version'],
  one: true,
});

/** What an oracle (test/oracle) of BuildKit prints for files: a line each. */
function askBuildkit<Line>(program: string, folder: string, names: readonly string[]): readonly Line[] {
  const input = names.map(name => join(folder, name)).join('\n') + '\n';
  const out = execFileSync(program, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  return out
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Line);
}

const parser: Judge = {
  name: 'BuildKit parser errors',
  variable: 'BULKHEAD_BUILDKIT_ORACLE',
  count: (program, folder, names) => {
    type Line = { readonly file: string; readonly error: string; readonly nodes?: readonly { readonly error: string }[] };
    return new Map(
      askBuildkit<Line>(program, folder, names).map(({ file, error, nodes }) => [
        basename(file),
        [error, ...(nodes ?? []).map(node => node.error)].filter(Boolean).length,
      ]),
    );
  },
};

const checks: Judge = {
  name: '`docker build --check` findings',
  variable: 'BULKHEAD_BUILDKIT_LINT',
  count: (program, folder, names) => {
    const lines = askBuildkit<{ readonly error: string; readonly warnings: readonly unknown[] }>(program, folder, names);
    // what does not become a build is worse than any number of findings
    return new Map(names.map((name, at) => [name, lines[at]!.error === '' ? lines[at]!.warnings.length : Infinity]));
  },
};

const actionlint: Judge = {
  name: 'actionlint errors',
  variable: 'BULKHEAD_ACTIONLINT',
  count: (program, folder, names) => {
    const args = ['-shellcheck=', '-pyflakes=', '-format', '{{range $e := .}}{{json $e.Filepath}}\n{{end}}', ...names];
    const { stdout } = spawnSync(program, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
    const errors = stdout
      .split('\n')
      .filter(line => line !== '')
      .map(line => basename(JSON.parse(line) as string));
    return new Map(names.map(name => [name, errors.filter(error => error === name).length]));
  },
};

const decoder: Judge = {
  name: "errors from Kubernetes' strict decoder",
  variable: 'BULKHEAD_KUBERNETES_ORACLE',
  count: (program, folder, names) => {
    const documents = names.flatMap(name =>
      readFileSync(join(folder, name), 'utf8')
        .split(/^---(?:\s.*)?$/m)
        .map(text => ({ name, text })),
    );
    const input = JSON.stringify(documents.map(({ text }) => text));
    const out = execFileSync(program, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
    const refused = (JSON.parse(out) as readonly { readonly error: string }[]).map(({ error }) => error !== '');
    return new Map(names.map(name => [name, documents.filter((document, at) => document.name === name && refused[at]).length]));
  },
};

interface Row {
  readonly fixer: string;
  readonly version: string;
  readonly changed: number;
  readonly lines: number;
  readonly comments: number;
  /** By judge. */
  readonly worse: readonly (readonly string[])[];
}

/** How many lines of a text are not in another. */
function goneFrom(text: string, other: string): number {
  const left = new Map<string, number>();
  for (const line of other.split('\n')) left.set(line, (left.get(line) ?? 0) + 1);
  return text.split('\n').filter(line => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  }).length;
}

/** How many lines are comments. */
const commentsOf = (text: string): number => text.match(/^[ \t]*#(?!!)/gm)?.length ?? 0;

/** What a fixer does to files: how many it changes, by how many lines, and in which a judge sees more errors after it. */
function measure(fixer: Fixer, files: ReadonlyMap<string, string>, judges: readonly Judge[]): Row {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-compare-'));
  try {
    const names = [...files.keys()];
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
    const counts = (): readonly ReadonlyMap<string, number>[] =>
      judges.map(({ variable, count }) => count(process.env[variable]!, folder, names));
    const before = counts();
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
    const step = fixer.one ? 1 : 40;
    for (let at = 0; at < names.length; at += step) {
      const some = names.slice(at, at + step);
      if (!fix(some) && step > 1) for (const name of some) fix([name]);
    }
    const after = counts();
    const texts = names.map(name => ({ name, was: files.get(name)!, is: readFileSync(join(folder, name), 'utf8') }));
    const changed = texts.filter(({ was, is }) => was !== is);
    return {
      fixer: fixer.name,
      version: /\d+(?:\.\d+)+/.exec(execFileSync(fixer.version[0]!, fixer.version.slice(1), { encoding: 'utf8' }))?.[0] ?? '',
      changed: changed.length,
      lines: changed.reduce((sum, { was, is }) => sum + goneFrom(was, is) + goneFrom(is, was), 0),
      comments: changed.reduce((sum, { was, is }) => sum + Math.max(0, commentsOf(was) - commentsOf(is)), 0),
      worse: after.map((each, at) => names.filter(name => (each.get(name) ?? 0) > (before[at]!.get(name) ?? 0))),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const isThere = ({ version: [program = '', ...args] }: Fixer): boolean => spawnSync(program, args).status === 0;

function table(what: string, judges: readonly Judge[], rows: readonly Row[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [
    line([what, 'version', 'files changed', 'lines changed', 'comments lost', ...judges.map(({ name }) => `files with more ${name}`)]),
    line(['---', '---', '---:', '---:', '---:', ...judges.map(() => '---:')]),
    ...rows.map(({ fixer, version, changed, lines, comments, worse }) =>
      line([fixer, version, changed, lines, comments, ...worse.map(({ length }) => length)]),
    ),
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
  const sets: readonly { folder: string; what: string; judges: readonly Judge[]; fixers: readonly Fixer[] }[] = [
    {
      folder: 'dockerfile',
      what: 'Dockerfiles',
      judges: [parser, checks],
      fixers: [...ours, tally('--fix', '--fix'), tally('--fix --fix-unsafe', '--fix', '--fix-unsafe')],
    },
    {
      folder: 'kubernetes',
      what: 'manifests',
      judges: [decoder],
      fixers: [...ours, polaris('fix'), polaris('fix --checks=all', '--checks=all')],
    },
    { folder: 'workflows', what: 'workflows', judges: [actionlint], fixers: [...ours, zizmor('safe'), zizmor('all')] },
  ];
  const parts = sets.flatMap(({ folder, what, judges, fixers }) => {
    const here = judges.filter(({ variable }) => process.env[variable] !== undefined);
    for (const { variable } of judges)
      if (process.env[variable] === undefined) console.log(`left out: a judge of ${what}: ${variable} is not set`);
    if (here.length === 0) return [];
    const files = realFiles(folder);
    const rows = fixers.filter(isThere).map(fixer => measure(fixer, files, here));
    for (const { fixer, worse } of rows)
      for (const [at, names] of worse.entries()) if (names.length > 0) console.log(`${fixer}, ${here[at]!.name}: ${names.join(' ')}`);
    return [table(`${files.size} real ${what}`, here, rows)];
  });
  const page = [
    '# Comparison with other tools',
    `\`tools/compare.ts\` made this page on ${today}, only from what was measured here. What is not in a table was not measured.`,
    '## What fixers do to files',
    ...(parts.length === 0
      ? []
      : [
          `These are real files, measured on ${today}. Each fixer gets them 40 at a time, or one by one if it stops at one of them (Polaris: always one by one), with the options in the row, without network access or configuration. Errors are counted by a judge that is independent of all these tools; whether the result still behaves the same is not checked. The Kubescape fixer was not measured, because it needs a scan with controls that it downloads. hadolint, Checkov, actionlint, KubeLinter and kube-score have no fixer.`,
          ...parts,
        ]),
    "Polaris and kubeaudit, on the manifests of their own tests. Changed lines are compared where the other tool's whole result is known:",
    tableOf('docs/accuracy.md', '          | manifests').trim(),
    '## How many findings have an edit',
    "The share of Bulkhead's findings in real files, at the default profile ([how it is counted](accuracy.md#real-files-at-the-default-profile)). Other tools do not publish this number.",
    tableOf('docs/accuracy.md', '             | warnings and errors').trim(),
    '## Services that start',
    sentenceOf('docs/prove.md', '- Of 53 services'),
    '## Time',
    `${measuredOn('docs/performance/peers.md')} For more, including single files and language servers, see [the tables](performance/peers.md).`,
    tableOf('docs/performance/peers.md', '400 Dockerfiles'),
    tableOf('docs/performance/peers.md', '400 manifests'),
    '## What they find',
    'The tools look for different things. For results by rule, on the cases of their own test suites, see [accuracy](accuracy.md).',
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
