import { createHash } from 'node:crypto';
import { fillBlocks, takeApart, type Prose } from '../../shared/src/output/protocol/language';

const blockLine = /^\{(\d+)\}$/;
const ofLine = /^<!-- of: ([0-9a-f]{12}) -->\n+/;

/** A page without what `npm run generate` writes into it. */
export const withoutGenerated = (markdown: string): string =>
  markdown.replace(/(<!-- generated: [\w-]+ -->)[\s\S]*?<!-- \/generated -->/g, '$1');

/** Takes a page apart. What `npm run generate` writes into it is left out. */
export function proseOf(markdown: string): Prose {
  const { text, blocks } = takeApart(withoutGenerated(markdown));
  return { text: `${text.trim()}\n`, blocks };
}

/** The first 12 digits of the hash that says which English a translation is of. */
export const hashOf = (english: string, digits = 12): string => createHash('sha256').update(english).digest('hex').slice(0, digits);

/** A translated page as it is kept; `npm run generate` fills its marks. */
export function printPage(english: string, translation: string): string {
  const text = translation.trim().replace(/<!-- generated: [\w-]+ -->(?!<!-- \/generated -->)/g, '$&<!-- /generated -->');
  return `<!-- of: ${hashOf(english)} -->\n\n${text}\n`;
}

/** What a kept page is a translation of, and its text; `null`: its first line does not say. */
export function readKeptPage(kept: string): { readonly of: string; readonly text: string } | null {
  const match = ofLine.exec(kept);
  return match && { of: match[1]!, text: kept.slice(match[0].length) };
}

/** What the words over the blocks of a rule's page are in Japanese. */
const roles: Readonly<Record<string, string>> = {
  Reported: '検出される例',
  Hardened: '強化後',
  Accepted: '検出されない例',
  Files: 'ファイル',
};

/** A translated page with the words over its blocks in Japanese. */
export const nameRoles = (translation: string): string =>
  translation.replace(/^\*\*(\w+)\*\*$/gm, (line, role: string) => (Object.hasOwn(roles, role) ? `**${roles[role]}**` : line));

/** A translated page with the blocks of the English one. */
export const fillPage = (translation: string, blocks: readonly string[]): string => fillBlocks(nameRoles(translation), blocks);

/** What has to be the same in both languages: levels of headings, words over blocks, blocks. */
export function skeletonOf(text: string): readonly string[] {
  return text.split('\n').flatMap(line => {
    const heading = /^(#+) /.exec(line);
    if (heading) return [heading[1]!];
    return blockLine.test(line) || /^\*\*(?:Reported|Hardened|Accepted|Files)\*\*$/.test(line) ? [line] : [];
  });
}
