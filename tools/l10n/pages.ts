import { createHash } from 'node:crypto';

/** A page of Markdown taken apart: its prose, with a line `{1}` in the place of each fenced block, and the blocks. */
export interface Prose {
  readonly text: string;
  readonly blocks: readonly string[];
}

const blockLine = /^\{(\d+)\}$/;
const ofLine = /^<!-- of: ([0-9a-f]{12}) -->\n+/;

/** Takes a page apart. What `npm run generate` writes into it is left out. */
export function proseOf(markdown: string): Prose {
  const blocks: string[] = [];
  const out: string[] = [];
  const lines = markdown.replace(/(<!-- generated: ([\w-]+) -->)[\s\S]*?<!-- \/generated -->/g, '$1').split('\n');
  for (let i = 0; i < lines.length; i++) {
    const fence = /^ *(`{3,})/.exec(lines[i]!);
    const end = fence ? lines.findIndex((line, at) => at > i && line.trim() === fence[1]) : -1;
    if (end < 0) out.push(lines[i]!);
    else {
      blocks.push(lines.slice(i, end + 1).join('\n'));
      out.push(`{${blocks.length}}`);
      i = end;
    }
  }
  return { text: `${out.join('\n').trim()}\n`, blocks };
}

/** The first 12 digits of the hash that says which English a translation is of. */
export const hashOf = (english: string, digits = 12): string => createHash('sha256').update(english).digest('hex').slice(0, digits);

/** A translated page as it is kept. */
export const printPage = (english: string, translation: string): string => `<!-- of: ${hashOf(english)} -->\n\n${translation.trim()}\n`;

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

/** A translated page with the blocks of the English one. */
export function fillPage(translation: string, blocks: readonly string[]): string {
  return translation
    .split('\n')
    .map(line => {
      const block = blockLine.exec(line);
      if (block) return blocks[Number(block[1]) - 1] ?? line;
      const role = /^\*\*(\w+)\*\*$/.exec(line)?.[1];
      return role !== undefined && Object.hasOwn(roles, role) ? `**${roles[role]}**` : line;
    })
    .join('\n');
}

/** What has to be the same in both languages: levels of headings, words over blocks, blocks. */
export function skeletonOf(text: string): readonly string[] {
  return text.split('\n').flatMap(line => {
    const heading = /^(#+) /.exec(line);
    if (heading) return [heading[1]!];
    return blockLine.test(line) || /^\*\*(?:Reported|Hardened|Accepted|Files)\*\*$/.test(line) ? [line] : [];
  });
}
