import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpusFolder } from '../../../tools/corpus-folder';

const folder = join(corpusFolder, 'data/scanner-samples');

/** Whether the recorded outputs of real scanners are there: beside the checkout. */
export const hasSamples = existsSync(folder);
if (!hasSamples) console.warn('Skipped: ../shared/data/scanner-samples is absent, so that no recorded scanner output is read');

/** A recorded output. */
export function sample(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}
