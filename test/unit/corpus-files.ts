import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The folder of shared test input: beside the project, or where `BULKHEAD_SHARED` says. */
export const sharedFolder = process.env['BULKHEAD_SHARED'] ?? resolve(import.meta.dirname, '../../../shared');

/** Whether the real corpus is there. Prints one line where it is not. */
export function hasCorpus(): boolean {
  const there = existsSync(join(sharedFolder, 'corpus/real/INDEX.tsv'));
  if (!there) console.log('skipped: no corpus (set BULKHEAD_SHARED)');
  return there;
}

/** A file of the corpus; `path` is relative to its folder. */
export interface CorpusFile {
  readonly path: string;
  readonly text: string;
}

/** All files of one folder of `corpus/real`, sorted. Texts are decoded as UTF-8. */
export function corpusFiles(folder: string): CorpusFile[] {
  const root = join(sharedFolder, 'corpus/real', folder);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
    .map(file => ({ path: file.slice(root.length + 1), text: readFileSync(file, 'utf8') }));
}

/** The rows of a `.jsonl` file of the shared folder. */
export function sharedRows<T>(path: string): T[] {
  return readFileSync(join(sharedFolder, path), 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as T);
}
