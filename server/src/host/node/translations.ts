import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of texts by key. */
export type Texts = Readonly<Record<string, string>>;

/** Reads texts that lie beside the bundle; `null`: they do not, or are not what they should be. */
function readBeside(...path: readonly string[]): Texts | null {
  try {
    return JSON.parse(readFileSync(join(__dirname, ...path), 'utf8')) as Texts;
  } catch {
    return null;
  }
}

/** The translation of the closest language that there is one of: beside the bundle in the npm package, a folder above in the extension. `null`: none. */
export function readTranslation(tags: readonly string[], prefix = ''): Texts | null {
  for (const tag of tags) {
    const texts = readBeside('l10n', `${prefix}${tag}.json`) ?? readBeside('..', 'l10n', `${prefix}${tag}.json`);
    if (texts) return texts;
  }
  return null;
}

/** The pages of the rules in the closest language that there are some in; `null`: none. */
export function readTranslatedPages(tags: readonly string[]): Texts | null {
  for (const tag of tags) {
    const pages = readBeside(`rules.${tag}.json`);
    if (pages) return pages;
  }
  return null;
}
