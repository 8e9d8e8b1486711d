import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { configSchema } from '../shared/src/engine/config/schema';
import type { Rule } from '../shared/src/rule/define-rule';
import { renderArchitecture } from './architecture';
import { checkout } from './l10n/checkout';
import { localizeLinks } from './l10n/links';
import { englishTables, printTable, type Table } from './l10n/tables';
import { checkTranslations, countPages, docPath, translatedDocs } from './l10n/translations';
import { loadCatalogue, printProblems, strayPages, type Catalogue, type Problem } from './rules/catalogue';
import { checkRules, unwrittenParts } from './rules/checks';
import { countRules, renderIndexPage, renderRulePage, renderSeverityChanges } from './rules/docs';
import { root } from './rules/files';
import { fillMarked, type MarkedParts } from './rules/marked';
import { installParts } from './release/instructions';
import type { Manifest } from './release/checks';
import { writeIndexFile } from './rules/products';
import { renderStandardsPage } from './rules/standards';
import { baselinePath, checkWords, readTexts, renderBaseline, type Counts } from './words/check-words';

/**
 * `npm run generate`: everything that follows from the rule files. Offline and deterministic. Where something has to be mended first, it says
 * so for all that it finds, with exit code 1, and writes nothing. With `--check` nothing is written, and stale files are named with exit code 1.
 */
const check = process.argv.includes('--check');

const read = (path: string): string | null => (existsSync(root + path) ? readFileSync(root + path, 'utf8') : null);

/** What a link leads to; a folder has no text. */
const readLinked = (path: string): string | null => (existsSync(root + path) && statSync(root + path).isDirectory() ? '' : read(path));

/** The generated files, by path: their texts. */
function outputsOf({ rules, pages }: Catalogue): ReadonlyMap<string, string> {
  return new Map([
    ...Object.entries(englishTables(rules)).map(([path, table]) => [path, printTable(table)] as const),
    // a line for each entry, as differences are read, and no indentation, which would be a fifth of its size in the package
    ['schema/bulkhead.schema.json', printTable(configSchema(rules)).replace(/^ +/gm, '')],
    ...rules.map(rule => [`docs/rules/${rule.id}.md`, renderRulePage(rule, pages.get(rule.id)!)] as const),
    ['docs/rules/README.md', renderIndexPage(rules)],
    ['docs/standards.md', renderStandardsPage(rules)],
  ]);
}

/** The generated parts of pages that are written by hand. */
function markedPages(rules: readonly Rule[]): Readonly<Record<string, MarkedParts>> {
  const install = installParts(JSON.parse(read('package.json') ?? '') as Manifest);
  return {
    ...install,
    'README.md': { ...install['README.md'], rules: countRules(rules) },
    'CONTRIBUTING.md': { architecture: renderArchitecture() },
    'docs/severities.md': { changes: renderSeverityChanges(rules) },
    'docs/ja/severities.md': { changes: renderSeverityChanges(rules, inJapanese) },
  };
}

/** A text of the engine in Japanese, or in English where it has no translation. */
function inJapanese(text: string): string {
  japanese ??= JSON.parse(read('l10n/ja.json') ?? '{}') as Table;
  return Object.hasOwn(japanese, text) ? japanese[text]! : text;
}

let japanese: Table | null = null;

/** A page with its marks filled, and with links of its own language. */
function pageByHand(file: string, parts: MarkedParts): { file: string; text: string; problems: readonly Problem[] } {
  const { text, problems } = fillMarked(file, read(file) ?? '', parts);
  const english = translatedDocs().find(path => docPath(path) === file);
  return { file, text: english === undefined ? text : localizeLinks(text, english, readLinked), problems };
}

/** Pages of docs/rules whose rule is gone: they would stay for ever. */
function abandonedPages(outputs: ReadonlyMap<string, string>): readonly string[] {
  if (!existsSync(`${root}docs/rules`)) return [];
  return readdirSync(`${root}docs/rules`, { recursive: true, encoding: 'utf8' })
    .map(name => `docs/rules/${name.replace(/\\/g, '/')}`)
    .filter(path => path.endsWith('.md') && !outputs.has(path));
}

const pagesInJapanese = (rules: readonly Rule[]): string => `${countPages()} of ${rules.length} pages in Japanese`;

async function main(): Promise<void> {
  const catalogue = await loadCatalogue();
  const { rules } = catalogue;
  const problems: Problem[] = [...catalogue.problems, ...strayPages(), ...checkRules(rules), ...(check ? unwrittenParts(catalogue) : [])];
  const marked = markedPages(rules);
  const ours = Object.keys(marked).filter(file => !file.startsWith('docs/ja/'));
  const byHand = [...ours, ...translatedDocs().map(docPath)].map(file => pageByHand(file, marked[file] ?? {}));
  problems.push(...byHand.flatMap(page => page.problems));
  const baseline = read(baselinePath);
  const texts = readTexts();
  // without a baseline, what is there is the baseline
  const words = checkWords(texts, baseline === null ? checkWords(texts, {}).next : (JSON.parse(baseline) as Record<string, Counts>));
  problems.push(...words.problems, ...(check ? checkTranslations(rules, checkout) : []));
  if (problems.length > 0) {
    console.error(`${printProblems(problems)}\n${problems.length} thing(s) to mend; nothing is written`);
    process.exitCode = 1;
    return;
  }
  writeIndexFile();
  const outputs = new Map([
    ...outputsOf(catalogue),
    ...byHand.map(({ file, text }) => [file, text] as const),
    [baselinePath, renderBaseline(words.next)],
  ]);
  const stale = [...outputs].filter(([path, text]) => read(path) !== text).map(([path]) => path);
  const abandoned = abandonedPages(outputs);
  if (check) {
    if (stale.length + abandoned.length > 0) {
      console.error(`stale, run "npm run generate":\n${[...stale, ...abandoned].map(path => `  ${path}`).join('\n')}`);
      process.exitCode = 1;
    } else console.log(`${rules.length} rules, everything generated is up to date; ${pagesInJapanese(rules)}`);
    return;
  }
  for (const path of stale) {
    mkdirSync(dirname(root + path), { recursive: true });
    writeFileSync(root + path, outputs.get(path)!);
  }
  for (const path of abandoned) rmSync(root + path);
  console.log(`${rules.length} rules, ${stale.length + abandoned.length} file(s) written; ${pagesInJapanese(rules)}`);
}

void main();
