import { existsSync, readFileSync, readdirSync } from 'node:fs';
import type { Problem } from '../rules/catalogue';
import { root } from '../rules/files';
import { unwanted } from './glossary';

/** How often a file has each unwanted word. */
export type Counts = Readonly<Record<string, number>>;

/** What is known of files: those that are there, and what a stranger reads in them. */
export type Texts = ReadonlyMap<string, string>;

/** The unwanted words of today, by file. A file may lose some, and never gain one; `npm run generate` keeps count. */
export const baselinePath = 'tools/words/baseline.json';

const any = new RegExp(`\\b(?:${unwanted.map(({ pattern }) => pattern.source).join('|')})\\b`, 'g');

/** A line as it is compared: names taken apart, in small letters. */
const plain = (line: string): string =>
  line
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]/g, ' ')
    .toLowerCase();

/** What to write instead of a word that was found. */
function sayInstead(word: string): string {
  return unwanted.find(({ pattern }) => new RegExp(`^(?:${pattern.source})$`).test(word))!.say;
}

/** The unwanted words of a text, each with the number of its line. */
function wordsOf(text: string): readonly { readonly word: string; readonly line: number }[] {
  return text.split('\n').flatMap((line, at) => [...plain(line).matchAll(any)].map(([word]) => ({ word, line: at + 1 })));
}

function countsOf(text: string): Counts {
  const counts: Record<string, number> = {};
  for (const { word } of wordsOf(text)) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** Every name, comment, message and page that is written by hand; not the words about words. */
export function readTexts(): Texts {
  const folders = ['shared/src', 'shared/host', 'server/src', 'client/src', 'tools', 'docs'].filter(folder => existsSync(root + folder));
  const inFolders = folders.flatMap(folder =>
    readdirSync(root + folder, { recursive: true, encoding: 'utf8' }).map(name => `${folder}/${name.replace(/\\/g, '/')}`),
  );
  const files = [...inFolders, ...readdirSync(root).filter(name => name !== 'CHANGELOG.md')];
  const isRead = (file: string): boolean =>
    /\.(?:ts|mjs|md)$/.test(file) && !/^(?:tools\/words|docs\/(?:ja|rules|standards|accuracy))/.test(file);
  return new Map(
    files
      .filter(isRead)
      .sort()
      .map(file => [file, readFileSync(root + file, 'utf8')]),
  );
}

/**
 * What files have more of than the baseline gives them, each with its line and what to write instead, and the baseline that follows. What files that are gone had may
 * be in files that are new: they were moved, or split.
 */
export function checkWords(
  texts: Texts,
  baseline: Readonly<Record<string, Counts>>,
): { problems: Problem[]; next: Record<string, Counts> } {
  const problems: Problem[] = [];
  const next: Record<string, Counts> = {};
  const moved = new Map<string, number>();
  for (const [file, counts] of Object.entries(baseline))
    if (!texts.has(file)) for (const [word, count] of Object.entries(counts)) moved.set(word, (moved.get(word) ?? 0) + count);
  for (const [file, text] of texts) {
    const counts = countsOf(text);
    if (Object.keys(counts).length > 0) next[file] = counts;
    for (const [word, count] of Object.entries(counts)) {
      let allowed = baseline[file]?.[word] ?? 0;
      if (!(file in baseline)) {
        allowed = Math.min(count, moved.get(word) ?? 0);
        moved.set(word, (moved.get(word) ?? 0) - allowed);
      }
      if (count <= allowed) continue;
      const lines = wordsOf(text).filter(found => found.word === word);
      const which = lines.map(({ line }) => line).join(', ');
      const what = `"${word}" ${count} times, ${allowed} before (lines ${which}); write: ${sayInstead(word)}`;
      problems.push({ file: `${file}:${lines.at(-1)!.line}`, what });
    }
  }
  return { problems, next };
}

/** The baseline as it is written: a line for each file. */
export function renderBaseline(baseline: Readonly<Record<string, Counts>>): string {
  const lines = Object.entries(baseline).map(([file, counts]) => {
    const words = Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
    return `  ${JSON.stringify(file)}: { ${words.map(([word, count]) => `${JSON.stringify(word)}: ${count}`).join(', ')} }`;
  });
  return `{\n${lines.join(',\n')}\n}\n`;
}
