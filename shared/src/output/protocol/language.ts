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

/** Pages by rule, those that are translated in their translation, the others with a note that they are English. */
export function translatePages(
  pages: Readonly<Record<string, string>>,
  translated: Readonly<Record<string, string>> | null,
): Readonly<Record<string, string>> {
  const note = translated?.[englishOnly];
  if (!translated || note === undefined) return pages;
  const noted = ([rule, page]: readonly [string, string]): readonly [string, string] => [
    rule,
    page.replace(/(^# .*\n+(?:.+\n)*.+)/, `$1 (${note})`),
  ];
  const { [englishOnly]: _, ...others } = translated;
  return { ...Object.fromEntries(Object.entries(pages).map(noted)), ...others };
}
