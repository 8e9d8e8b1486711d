// of its own: what needs the generated index of the rules cannot be loaded before that is made
import { editorTexts } from '../../server/src/lsp/editor-texts';
import { groups } from '../../shared/src/families/registry';
import { englishWords } from '../../shared/src/output/report/words';
import type { Rule } from '../../shared/src/rule/define-rule';
import { extractAll } from './extract';
import { placedWords, valuesInMessages } from './values';

/** Texts by their keys. */
export type Table = Readonly<Record<string, string>>;

/** A table of texts in English, and where its translation is kept. */
export interface TableFiles {
  /** What it is called in an exported file: its keys begin with that and a colon. */
  readonly name: 'words' | 'cli' | 'client' | 'manifest';
  readonly english: string;
  readonly japanese: string;
}

export const tables: readonly TableFiles[] = [
  { name: 'words', english: 'l10n/en.json', japanese: 'l10n/ja.json' },
  { name: 'cli', english: 'l10n/cli.en.json', japanese: 'l10n/cli.ja.json' },
  { name: 'client', english: 'l10n/bundle.l10n.json', japanese: 'l10n/bundle.l10n.ja.json' },
  { name: 'manifest', english: 'package.nls.json', japanese: 'package.nls.ja.json' },
];

/** What the translations were made of: a hash of the English for each key of each table. It is not shipped. */
export const sourcesPath = 'l10n/ja.of.json';

const byThemselves = (texts: readonly string[]): Table => Object.fromEntries(texts.map(text => [text, text]));

/** The English tables that follow from the source, by path. */
export function englishTables(rules: readonly Rule[]): Readonly<Record<string, Table>> {
  const { editor, cli, client } = extractAll();
  const ofRules = englishWords(rules, groups);
  const named = new Set(Object.values(ofRules));
  const values = valuesInMessages().filter(value => !named.has(value));
  const ofEditor = Object.fromEntries(Object.entries(editorTexts).map(([key, text]) => [`editor/${key}`, text]));
  return {
    'l10n/en.json': { ...ofRules, ...ofEditor, ...placedWords, ...byThemselves([...new Set([...editor, ...values])].sort()) },
    'l10n/cli.en.json': byThemselves(cli.filter(text => !named.has(text))),
    'l10n/bundle.l10n.json': byThemselves(client),
  };
}

/** A table as it is written. */
export const printTable = (table: unknown): string => `${JSON.stringify(table, null, 2)}\n`;
