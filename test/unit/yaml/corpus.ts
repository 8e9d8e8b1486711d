import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The folder beside the project that holds the corpus; `BULKHEAD_SHARED` says where else. */
const shared = process.env['BULKHEAD_SHARED'] ?? resolve(import.meta.dirname, '../../../../shared');

/** A file of the corpus. */
export interface CorpusFile {
  readonly name: string;
  readonly text: string;
}

/** The YAML files of corpus folders (`kubernetes`, `compose`, ...), with a line on the console where the corpus is absent. */
export function corpusFiles(...folders: readonly string[]): readonly CorpusFile[] {
  const root = join(shared, 'corpus', 'real');
  if (!existsSync(root)) {
    console.warn(`skipped: no corpus at ${root}`);
    return [];
  }
  return folders.flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => /\.(?:ya?ml|tpl)$/.test(name))
      .sort()
      .map(name => ({ name: `${folder}/${name}`, text: readFileSync(join(root, folder, name), 'utf8') })),
  );
}
