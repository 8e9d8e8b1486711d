import { readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { attempt } from './files';

/** A file that a walk came across, or something that it could not read. Paths are absolute. */
export type Walked = { readonly path: string; readonly problem: string | null };

/** Folders that hold other people's files or none that we check. */
const skipped = new Set(['.git', '.hg', '.svn', 'node_modules']);

/** The rules of one `.gitignore`, which speak of paths below `base`. */
interface IgnoreFile {
  readonly base: string;
  readonly rules: Ignore;
}

/**
 * Walks a folder and gives the files whose name is `wanted`. What `.gitignore` files name is left out, those above the folder (up to `top`, the root of the repository)
 * included, unless the folder itself is one of the things they name: then it was asked for. Links to folders are not followed, so that no loop can be; links to files are,
 * once for each file.
 */
export function* walk(folder: string, top: string | null, wanted: (name: string) => boolean): Generator<Walked> {
  const above = ignoreFilesAbove(folder, top);
  const inherited = isIgnored(folder, true, above) ? [] : above;
  const stack: { folder: string; ignores: readonly IgnoreFile[] }[] = [{ folder, ignores: inherited }];
  const linked: string[] = [];
  const seen = new Set<string>();
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { folder: current } = next;
    const listed = attempt(current, () => readdirSync(current, { withFileTypes: true }));
    if (!listed.ok) {
      yield { path: current, problem: listed.message };
      continue;
    }
    const entries = listed.value;
    const own = entries.some(entry => entry.name === '.gitignore') ? readIgnoreFile(current, join(current, '.gitignore')) : null;
    const ignores = own ? [...next.ignores, own] : next.ignores;
    for (const entry of entries) {
      const path = join(current, entry.name);
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name) && !isIgnored(path, true, ignores)) stack.push({ folder: path, ignores });
      } else if (wanted(entry.name) && !isIgnored(path, false, ignores)) {
        if (entry.isFile()) {
          seen.add(path);
          yield { path, problem: null };
        } else if (entry.isSymbolicLink()) linked.push(path);
      }
    }
  }
  const root = attempt(folder, () => realpathSync(folder));
  for (const path of linked) {
    const target = attempt(path, () => ({ real: realpathSync(path), stat: statSync(path) }));
    if (!target.ok) yield { path, problem: target.message };
    else if (target.value.stat.isFile()) {
      // the path under which the walk would have met the file
      const inside = root.ok ? join(folder, relative(root.value, target.value.real)) : target.value.real;
      if (seen.has(inside)) continue;
      seen.add(inside);
      yield { path, problem: null };
    }
  }
}

function ignoreFilesAbove(folder: string, top: string | null): readonly IgnoreFile[] {
  if (top === null) return [];
  const files: IgnoreFile[] = [];
  const exclude = readIgnoreFile(top, join(top, '.git', 'info', 'exclude'));
  if (exclude) files.push(exclude);
  const folders: string[] = [];
  for (let at = folder; at !== top && at !== dirname(at); at = dirname(at)) folders.unshift(dirname(at));
  for (const parent of folders) {
    const file = readIgnoreFile(parent, join(parent, '.gitignore'));
    if (file) files.push(file);
  }
  return files;
}

function readIgnoreFile(base: string, path: string): IgnoreFile | null {
  const text = attempt(path, () => readFileSync(path, 'utf8'));
  if (!text.ok) return null;
  const ignorecase = process.platform === 'win32' || process.platform === 'darwin';
  const rules = attempt(path, () => ignore({ ignorecase }).add(text.value));
  return rules.ok ? { base, rules: rules.value } : null;
}

/** Whether git would leave the path out: the innermost file that says something decides. */
function isIgnored(path: string, folder: boolean, files: readonly IgnoreFile[]): boolean {
  for (let i = files.length - 1; i >= 0; i--) {
    const { base, rules } = files[i]!;
    const below = relative(base, path).replace(/\\/g, '/');
    if (below === '' || below.startsWith('../')) continue;
    const verdict = rules.test(folder ? `${below}/` : below);
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}
