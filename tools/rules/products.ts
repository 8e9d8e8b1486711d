import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { root, ruleFile, ruleIds, rulePath } from './files';
import { englishOnly } from '../../shared/src/output/protocol/language';
import { nameRoles, readKeptPage } from '../l10n/pages';
import { parsePage } from './page';

/** The list of all rules: a build product, ignored by git. Its types are in the `index.d.ts` beside, so that checking types needs no build. */
const indexPath = `${root}shared/src/families/generated/index.js`;

/** Writes the list of all rules from the files that are there. Whatever loads the list calls this first: builds, tests, tools. */
export function writeIndexFile(): void {
  const ids = ruleIds();
  const local = (id: string): string => id.replace(/[/-]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const text = [
    '// Made from the files of the rules by builds, tests and tools: see tools/rules/products.ts.',
    ...ids.map(id => `import { rule as ${local(id)} } from '${rulePath(id).replace('shared/src/families', '..')}';`),
    '',
    `export const rules = [${ids.map(id => `\n  ${local(id)},`).join('')}\n];`,
    '',
  ].join('\n');
  // written only where it changes, since watchers and caches go by the time of a file
  if (existsSync(indexPath) && readFileSync(indexPath, 'utf8') === text) return;
  mkdirSync(dirname(indexPath), { recursive: true });
  // in one step, since others may be reading it
  const temporary = `${indexPath}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, indexPath);
}

/** The pages that are translated, by the rule's id, without the blocks that they share with the English ones; and the note for those that are not. */
export function translatedPages(): Readonly<Record<string, string>> {
  const pages = ruleIds().flatMap(id => {
    const file = ruleFile(id, '.ja.md');
    const kept = existsSync(file) ? readKeptPage(readFileSync(file, 'utf8')) : null;
    return kept ? [[id, nameRoles(kept.text)] as const] : [];
  });
  return { [englishOnly]: '英語のみ', ...Object.fromEntries(pages) };
}

/** What docs and hover show of each rule's page, by the rule's id. */
export function shownPages(): Readonly<Record<string, string>> {
  return Object.fromEntries(ruleIds().map(id => [id, parsePage(readFileSync(ruleFile(id, '.md'), 'utf8')).shown]));
}
