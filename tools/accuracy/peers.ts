import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createEngine } from '../../shared/src/engine/create-engine';
import type { Rule } from '../../shared/src/rule/define-rule';
import type { CorpusFile } from '../corpus-folder';
import { plainContext } from '../lint-context';
import { readRealRows } from './real-rows';

/** Findings of a tool by its rule, of all files together. */
type Counts = ReadonlyMap<string, number>;

/** A tool that may be on the path. */
interface Tool {
  readonly name: string;
  /** What it says of the workflows of a folder; `null`: it is not there, or stopped. */
  readonly run: (folder: string) => Counts | null;
}

function jsonOf(command: string, args: readonly string[]): unknown {
  const { stdout, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (error) return null;
  try {
    return JSON.parse(stdout) as unknown;
  } catch {
    return null;
  }
}

const isThere = (command: string): boolean => !spawnSync(command, ['--version']).error;

function countsOf(ids: readonly string[]): Counts {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** What zizmor finds in files. One that it refuses stops it for all, so that it is looked for by halves and left out; `null`: it takes none. */
function zizmorOn(files: readonly string[]): readonly string[] | null {
  const args = ['--offline', '--no-config', '--no-exit-codes', '--format', 'json', '--persona', 'regular'];
  const found = jsonOf('zizmor', [...args, ...files]);
  if (Array.isArray(found)) return (found as readonly { readonly ident: string }[]).map(({ ident }) => ident);
  if (files.length < 2) return null;
  const half = Math.ceil(files.length / 2);
  const [first, second] = [zizmorOn(files.slice(0, half)), zizmorOn(files.slice(half))];
  return first || second ? [...(first ?? []), ...(second ?? [])] : null;
}

const tools: readonly Tool[] = [
  {
    name: 'zizmor',
    run: folder => {
      if (!isThere('zizmor')) return null;
      const workflows = join(folder, '.github', 'workflows');
      const found = zizmorOn(readdirSync(workflows).map(name => join(workflows, name)));
      return found && countsOf(found);
    },
  },
  {
    name: 'checkov',
    run: folder => {
      const args = ['--framework', 'github_actions', '--directory', folder, '--output', 'json', '--quiet', '--skip-download'];
      const found = jsonOf('checkov', args) as {
        readonly results?: { readonly failed_checks?: readonly { readonly check_id: string }[] };
      } | null;
      const failed = found?.results?.failed_checks;
      return failed ? countsOf(failed.map(({ check_id: id }) => id)) : null;
    },
  },
];

/**
 * `npm run accuracy -- --peers`: runs the peers that are on the path over the real workflows, as they are and as harden leaves them, and prints what they find by rule,
 * beside what the rows of the corpus say that they found.
 */
export function runPeers(rules: readonly Rule[], files: readonly CorpusFile[]): void {
  const engine = createEngine(rules);
  const strict = plainContext('strict');
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-peers-'));
  const put = (name: string, texts: readonly (readonly [path: string, text: string])[]): string => {
    const workflows = join(folder, name, '.github', 'workflows');
    mkdirSync(workflows, { recursive: true });
    for (const [path, text] of texts) writeFileSync(join(workflows, basename(path)), text);
    return join(folder, name);
  };
  try {
    const before = put(
      'before',
      files.map(({ path, text }) => [path, text]),
    );
    const hardened = put(
      'hardened',
      files.map(file => [file.path, engine.open(file).harden(plainContext()).text]),
    );
    const agreed = put(
      'agreed',
      files.map(file => [file.path, engine.open(file).harden(strict, { accept: 'all' }).text]),
    );
    for (const { name, run } of tools) {
      const [now, after, most] = [run(before), run(hardened), run(agreed)];
      if (!now || !after || !most) {
        console.log(`${name}: not on the path, or it stopped`);
        continue;
      }
      const rows = readRealRows().filter(row => row.peer === name);
      const rowsOf = (rule: string): number => rows.filter(row => row.rule === rule).reduce((sum, { regular }) => sum + regular, 0);
      console.log(
        `${name}, findings in ${files.length} real workflows: rows, now, after harden, after harden with all that a person agrees to (strict)`,
      );
      for (const rule of [...new Set([...rows.map(row => row.rule), ...now.keys(), ...after.keys(), ...most.keys()])].sort()) {
        const counts = [rowsOf(rule), ...[now, after, most].map(of => of.get(rule) ?? 0)];
        if (counts.some(count => count > 0))
          console.log(`  ${rule.padEnd(28)} ${counts.map(count => String(count).padStart(5)).join(' ')}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
