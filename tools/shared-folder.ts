import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './rules/files';

/** The folder of research and test data that lies beside a workplace's checkout; absent on a plain clone. */
export const sharedFolder = process.env['BULKHEAD_SHARED'] ?? join(root, '..', 'shared');

/** Whether that folder is there. */
export const hasShared = existsSync(join(sharedFolder, 'corpus', 'real'));

/** What a test says when it skips for want of that folder. */
export const noShared = 'skipped: the corpus (../shared) is not here';

/** A file of the corpus of real files. */
export interface CorpusFile {
  /** Relative to `corpus/real`, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** The real files below one folder of the corpus (`dockerfile`, `kubernetes`, ...); none where the corpus is absent. */
export function corpusFiles(folder: string): readonly CorpusFile[] {
  const base = join(sharedFolder, 'corpus', 'real', folder);
  if (!existsSync(base)) return [];
  return readdirSync(base, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
    .map(path => ({ path: `${folder}${path.slice(base.length)}`.replace(/\\/g, '/'), text: readFileSync(path, 'utf8') }));
}
