/**
 * The names under which a translation may be kept, the closest first: of `ja-JP`, and of `ja_JP.UTF-8` as systems write it, `ja-jp` and `ja`. None for English,
 * which is built in, and for what names no language.
 */
export function languageTags(language: string | null | undefined): readonly string[] {
  const tag = (language ?? '').toLowerCase().split(/[.@]/, 1)[0]!.replaceAll('_', '-');
  const [primary = ''] = tag.split('-', 1);
  if (!/^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/.test(tag) || primary === 'en') return [];
  return tag === primary ? [tag] : [tag, primary];
}

/** In a file of translated pages: what follows the first paragraph of a page that is there in English alone. */
export const englishOnly = 'english-only';

/** A page of Markdown taken apart: its prose, with a line `{1}` in the place of each fenced block, and the blocks. */
export interface Prose {
  readonly text: string;
  readonly blocks: readonly string[];
}

/** Takes a page apart. */
export function takeApart(markdown: string): Prose {
  const blocks: string[] = [];
  const out: string[] = [];
  const lines = markdown.split('\n');
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
  return { text: out.join('\n'), blocks };
}

/** Puts blocks in the place of the lines `{1}`, `{2}`, ... of a page. */
export const fillBlocks = (prose: string, blocks: readonly string[]): string =>
  prose.replace(/^\{(\d+)\}$/gm, (line, number: string) => blocks[Number(number) - 1] ?? line);

/** Pages by rule, those that are translated in their translation with the blocks of the English page, the others with a note that they are English. */
export function translatePages(
  pages: Readonly<Record<string, string>>,
  translated: Readonly<Record<string, string>> | null,
): Readonly<Record<string, string>> {
  const note = translated?.[englishOnly];
  if (!translated || note === undefined) return pages;
  const shown = ([rule, page]: readonly [string, string]): readonly [string, string] => {
    const prose = Object.hasOwn(translated, rule) ? translated[rule]! : null;
    return [rule, prose === null ? page.replace(/(^# .*\n+(?:.+\n)*.+)/, `$1 (${note})`) : fillBlocks(prose, takeApart(page).blocks)];
  };
  return Object.fromEntries(Object.entries(pages).map(shown));
}
