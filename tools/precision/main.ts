/**
 * `npm run precision -- DIR` draws what is to be judged by two readers, apart from each other: `NAME.md` to read, `NAME.jsonl` to fill in (without text of the files).
 * `npm run precision -- --judged FILE...` counts what they say.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../rules/files';
import { countTables, questions, readSheets } from './judged';
import { drawSheet, type Reports } from './sheet';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    judged: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    'per-family': { type: 'string', default: '40' },
    by: { type: 'string', default: 'rule' },
    family: { type: 'string', multiple: true, default: [] },
    most: { type: 'string', default: '3' },
    fixes: { type: 'string', default: '100' },
    diffs: { type: 'string', default: '60' },
    output: { type: 'string', default: join(root, 'dist/precision') },
  },
});

/** What the built command line says of all files in a folder. */
function ask<K extends keyof Reports>(command: K, cwd: string): Reports[K] {
  const args = [join(root, 'dist/cli.js'), command, '--format', 'json', '.'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 30 });
  if (stdout === '') throw new Error(`bulkhead ${command}: ${stderr}`);
  return (JSON.parse(stdout) as { readonly files: Reports[K] }).files;
}

/** The corpus has the files of many repositories in one folder: here each is beside its own again, since what lies beside a file is evidence. */
function inRepositories(folder: string): string {
  const index = join(folder, 'INDEX.tsv');
  if (!existsSync(index)) return folder;
  const files = `${options.output}-files`;
  rmSync(files, { recursive: true, force: true });
  for (const line of readFileSync(index, 'utf8').trim().split('\n').slice(1)) {
    const [file, repository, , path] = line.split('\t') as [string, string, string, string];
    mkdirSync(join(files, repository, '.git'), { recursive: true });
    cpSync(join(folder, file), join(files, repository, path));
  }
  return files;
}

function draw(given: string): void {
  const folder = inRepositories(given);
  const { seed, output, by } = options;
  if (by !== 'rule' && by !== 'repository' && by !== 'shown') throw new Error(`--by rule, repository or shown, not ${by}`);
  const [perFamily, most, fixes, diffs] = [options['per-family'], options.most, options.fixes, options.diffs].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
  const asked = (family: string): boolean => options.family.length === 0 || options.family.includes(family);
  const lint = ask('lint', folder).map(({ path, findings }) => ({
    path,
    findings: findings.filter(({ rule }) => asked(rule.split('/')[0]!)),
  }));
  const reports = { lint, harden: ask('harden', folder).filter(({ family }) => asked(family)) };
  const entries = drawSheet(reports, read, { seed, by, perFamily, most, fixes, diffs });
  writeFileSync(`${output}.jsonl`, entries.map(({ row }, i) => `${JSON.stringify({ number: i + 1, ...row })}\n`).join(''));
  const pages = entries.flatMap(({ row, page }, i) => [`## ${i + 1}. ${row.path}, line ${row.line ?? 1}`, ...page]);
  writeFileSync(`${output}.md`, `${pages.join('\n\n')}\n`);
  const answers = Object.entries(questions).map(([question, known]) => `${question}: ${known.join(', ')}`);
  console.log(`${entries.length} rows: read ${output}.md, fill in ${output}.jsonl (${answers.join('; ')})`);
}

if (options.judged) console.log(countTables(readSheets(positionals)).join('\n\n'));
else if (positionals.length === 1) draw(resolve(positionals[0]!));
else
  throw new Error(
    'npm run precision -- DIR [--seed TEXT] [--per-family N] [--by rule|repository|shown] [--family F]... [--most N] [--fixes N] [--diffs N] [--output NAME], or --judged FILE...',
  );
