import { existsSync, readdirSync } from 'node:fs';
import type { Rule } from '../../shared/src/rule/define-rule';
import type { Problem } from '../rules/catalogue';
import { root, ruleIds, rulePath } from '../rules/files';
import { parsePage } from '../rules/page';
import { pageProblems, problemsOf, type Pair, type Term } from './check';
import { fillPage, hashOf, printPage, proseOf, readKeptPage, withoutGenerated } from './pages';
import { englishTables, printTable, sourcesPath, tables, type Table, type TableFiles } from './tables';

/** Where files are read and written, relative to a checkout. */
export interface Store {
  /** `null`: there is none. */
  read(path: string): string | null;
  write(path: string, text: string): void;
}

/** A text in both languages. */
export interface Entry {
  /** `words:kubernetes/host-pid/title`, `page:kubernetes/host-pid`, `doc:README.md`. */
  readonly key: string;
  /** Where the translation is kept. */
  readonly file: string;
  readonly en: string;
  /** `null`: not translated. */
  readonly ja: string | null;
  /** Whether the English has changed since. */
  readonly isStale: boolean;
}

/** The Japanese page of a page of docs; those of README and of the walkthrough (under the name that VS Code looks for) are beside them. */
export const docPath = (path: string): string =>
  path === 'README.md'
    ? 'README.ja.md'
    : path.startsWith('images/')
      ? path.replace(/\.md$/, '.nls.ja.md')
      : path.replace(/^docs\//, 'docs/ja/');

const parse = (text: string | null): Table => (text === null ? {} : (JSON.parse(text) as Table));

/** The key of a text of which the English is not its key: a changed English is another key otherwise. */
const sourceKey = (table: TableFiles, key: string): string => `${table.name}:${key}`;

function entriesOfTable(table: TableFiles, english: Table, store: Store): readonly Entry[] {
  const kept = parse(store.read(table.japanese));
  const sources = parse(store.read(sourcesPath));
  return Object.entries(english).map(([key, en]) => {
    const ja = Object.hasOwn(kept, key) ? kept[key]! : null;
    const isStale = ja !== null && key !== en && sources[sourceKey(table, key)] !== hashOf(en, 8);
    return { key: `${table.name}:${key}`, file: table.japanese, en, ja, isStale };
  });
}

function entryOfPage(key: string, english: string, file: string, store: Store): Entry {
  const { text: en, blocks } = proseOf(english);
  const kept = store.read(file);
  if (kept === null) return { key, file, en, ja: null, isStale: false };
  const page = readKeptPage(kept);
  const text = page?.text ?? kept;
  if (!isDoc({ key })) return { key, file, en, ja: text, isStale: page?.of !== hashOf(en) };
  // what people read as it lies there has its blocks in it
  const ja = proseOf(text).text;
  return { key, file, en, ja, isStale: page?.of !== hashOf(en) || fillPage(ja, blocks).trim() !== withoutGenerated(text).trim() };
}

const isDoc = ({ key }: Pick<Entry, 'key'>): boolean => key.startsWith('doc:');

/** The worst first that most people see: errors and warnings of the usual profile. */
function byUse(rules: readonly Rule[]): readonly string[] {
  const weight = ({ profile, severity }: Rule): number =>
    (profile === 'strict' ? 4 : 0) + ['error', 'warning', 'info', 'hint'].indexOf(severity);
  const ids = [...rules].sort((a, b) => weight(a) - weight(b)).map(({ id }) => id);
  return [...ids, ...ruleIds().filter(id => !ids.includes(id))];
}

/** The pages that people read in the repository or the walkthrough, each with its English path. */
function docs(): readonly string[] {
  const folders = ['docs', 'images/walkthrough'].flatMap(folder =>
    (existsSync(root + folder) ? readdirSync(root + folder) : [])
      .filter(name => /^[\w-]+\.md$/.test(name))
      .map(name => `${folder}/${name}`),
  );
  return ['README.md', ...folders];
}

/** Those of which there is a Japanese page. */
export const translatedDocs = (): readonly string[] => docs().filter(path => existsSync(root + docPath(path)));

/** Everything that is translated or could be. Pages of docs count where a translation was begun. */
export function entriesOf(rules: readonly Rule[], store: Store): readonly Entry[] {
  const english = englishTables(rules);
  return [
    ...tables.flatMap(table => entriesOfTable(table, english[table.english] ?? parse(store.read(table.english)), store)),
    ...byUse(rules).map(id =>
      entryOfPage(`page:${id}`, parsePage(store.read(`${rulePath(id)}.md`) ?? '').shown, `${rulePath(id)}.ja.md`, store),
    ),
    ...docs().map(path => entryOfPage(`doc:${path}`, store.read(path) ?? '', docPath(path), store)),
  ];
}

const isPage = ({ key }: Entry): boolean => /^(?:page|doc):/.test(key);

/** What is wrong with a translation. */
export function entryProblems(entry: Entry, terms: readonly Term[]): readonly string[] {
  if (entry.ja === null) return [];
  const pair: Pair = { en: entry.en, ja: entry.ja };
  return isPage(entry) ? pageProblems(pair, terms) : problemsOf(pair, terms);
}

/** The glossary. */
export const readTerms = (store: Store): readonly Term[] => JSON.parse(store.read('l10n/terms.ja.json') ?? '[]') as readonly Term[];

/** What is wrong with the translations that are there: of a table that was begun, every text has to be; of pages those that are. */
export function checkTranslations(rules: readonly Rule[], store: Store): readonly Problem[] {
  const terms = readTerms(store);
  const entries = entriesOf(rules, store);
  const titles = new Map(entries.map(({ key, ja }) => [key, ja]));
  const begun = new Set(tables.map(({ japanese }) => japanese).filter(path => store.read(path) !== null));
  const problems = entries.flatMap(entry => {
    const say = (what: string): Problem => ({ file: entry.file, what: `${entry.key}: ${what}` });
    if (entry.ja === null) return begun.has(entry.file) ? [say('it is not translated')] : [];
    const title = titles.get(`${entry.key.replace(/^page:/, 'words:')}/title`);
    return [
      ...(entry.isStale ? [say('its English has changed: translate it again')] : []),
      ...(entry.key.startsWith('page:') && title && !entry.ja.startsWith(`# ${title}\n`)
        ? [say(`its heading has to be the title, ${title}`)]
        : []),
      ...entryProblems(entry, terms).map(say),
    ];
  });
  return [...problems, ...leftOver(entries, store)];
}

/** Translations whose English is gone. */
function leftOver(entries: readonly Entry[], store: Store): readonly Problem[] {
  const known = new Set(entries.map(({ key }) => key));
  return tables.flatMap(({ name, japanese }) =>
    Object.keys(parse(store.read(japanese)))
      .filter(key => !known.has(`${name}:${key}`))
      .map(key => ({ file: japanese, what: `${name}:${key}: its English is gone: npm run l10n -- prune` })),
  );
}

/** How many rules have their page in Japanese. */
export function countPages(): number {
  return ruleIds().filter(id => existsSync(`${root}${rulePath(id)}.ja.md`)).length;
}

/** What translators get, by key. */
export type Sheet = Readonly<Record<string, Pair>>;

/** What they give back: the same, or translations alone, of the English as it is now. Keys of `words` need no part. */
export type FilledSheet = Readonly<Record<string, Pair | string>>;

/** Takes over what is right; gives what is wrong. */
export function importSheet(
  rules: readonly Rule[],
  sheet: FilledSheet,
  store: Store,
): { readonly taken: number; readonly problems: readonly string[] } {
  const terms = readTerms(store);
  const entries = new Map(entriesOf(rules, store).map(entry => [entry.key, entry]));
  const problems: string[] = [];
  const accepted: Entry[] = [];
  for (const [key, given] of Object.entries(sheet)) {
    const entry = entries.get(key) ?? entries.get(`words:${key}`);
    const pair = typeof given === 'string' ? { en: entry?.en ?? '', ja: given } : given;
    if (!entry) problems.push(`${key}: there is no such text (any more)`);
    else if (typeof pair?.ja !== 'string') problems.push(`${key}: "ja" is missing`);
    else if (pair.ja.trim() === '') continue;
    else if (pair.en.trim() !== entry.en.trim())
      problems.push(`${key}: its English has changed meanwhile; it is now ${JSON.stringify(entry.en)}`);
    else {
      const wrong = entryProblems({ ...entry, ja: pair.ja }, terms);
      if (wrong.length > 0) problems.push(...wrong.map(what => `${key}: ${what}`));
      else accepted.push({ ...entry, ja: pair.ja });
    }
  }
  keep(accepted, [...entries.values()], store);
  return { taken: accepted.length, problems };
}

/** Writes what was accepted, in the order of the English. */
function keep(accepted: readonly Entry[], all: readonly Entry[], store: Store): void {
  const news = new Map(accepted.map(entry => [entry.key, entry]));
  for (const entry of accepted.filter(isPage)) {
    const text = isDoc(entry) ? fillPage(entry.ja!, proseOf(store.read(entry.key.slice('doc:'.length))!).blocks) : entry.ja!;
    store.write(entry.file, printPage(entry.en, text));
  }
  const sources: Record<string, string> = {};
  const before = parse(store.read(sourcesPath));
  for (const { name, japanese } of tables) {
    const texts: Record<string, string> = {};
    for (const entry of all.filter(({ key }) => key.startsWith(`${name}:`))) {
      const key = entry.key.slice(name.length + 1);
      const ja = news.get(entry.key)?.ja ?? entry.ja;
      if (ja === null) continue;
      texts[key] = ja;
      if (key === entry.en) continue;
      const of = news.has(entry.key) ? hashOf(entry.en, 8) : before[entry.key];
      if (of !== undefined) sources[entry.key] = of;
    }
    if (Object.keys(texts).length > 0) store.write(japanese, printTable(texts));
  }
  store.write(sourcesPath, printTable(sources));
}

/** Drops the translations whose English is gone. */
export const prune = (rules: readonly Rule[], store: Store): void => keep([], entriesOf(rules, store), store);

/** The sheet for translators: `only` those without a translation, or of an English that has changed, or both; of some `parts` alone. */
export function exportSheet(
  rules: readonly Rule[],
  store: Store,
  { only, parts }: { readonly only: readonly string[]; readonly parts: readonly string[] },
): Sheet {
  const entries = entriesOf(rules, store).filter(({ key, ja, isStale }) => {
    const state = ja === null ? 'missing' : isStale ? 'stale' : 'done';
    return (only.length === 0 || only.includes(state)) && (parts.length === 0 || parts.includes(key.split(':', 1)[0]!));
  });
  return Object.fromEntries(entries.map(({ key, en, ja }) => [key, { en, ja: ja ?? '' }]));
}
