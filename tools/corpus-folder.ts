import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './rules/files';

/** The folder of real files, other tools' tests and facts beside the checkout; absent on a plain clone. `BULKHEAD_CORPUS` says where else. */
export const corpusFolder = process.env['BULKHEAD_CORPUS'] ?? join(root, '..', 'shared');

/** Whether that folder is there. */
export const hasCorpus = existsSync(join(corpusFolder, 'corpus', 'real'));

/** What a test says when it skips for want of that folder. */
export const noCorpus = 'skipped: the corpus is not here (../shared, or BULKHEAD_CORPUS)';

/** A file of the corpus of real files. */
export interface CorpusFile {
  /** Relative to `corpus/real`, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** The real files below one folder of the corpus (`dockerfile`, `kubernetes`, ...); none where the corpus is absent. */
export function corpusFiles(folder: string): readonly CorpusFile[] {
  const base = join(corpusFolder, 'corpus', 'real', folder);
  if (!existsSync(base)) return [];
  return readdirSync(base, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
    .map(path => ({ path: `${folder}${path.slice(base.length)}`.replace(/\\/g, '/'), text: readFileSync(path, 'utf8') }));
}

/** The rows of a `.jsonl` file of that folder. */
export function corpusRows<T>(path: string): readonly T[] {
  return readFileSync(join(corpusFolder, path), 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as T);
}
