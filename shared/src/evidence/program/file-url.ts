/**
 * The file that a path or a URL of an embedded database names: `sqlite:////srv/app.db`, `jdbc:h2:file:./data/shop`; `null`: none.
 * @param isUrl whether it is nothing but a URL
 */
export function fileOfUrl(text: string, isUrl: boolean): string | null {
  if (/:memory:|^mem:|mode=memory|^sqlite[\w+]*:\/\/$/.test(text)) return null;
  const [scheme] = /^(?:jdbc:)?(?:sqlite[\w+]*|file|duckdb|h2(?::file)?):(?:\/\/\/?(?=.))?/.exec(text) ?? [];
  if (scheme !== undefined) return text.slice(text.startsWith('file:///') ? 'file://'.length : scheme.length).split(/[?;]/, 1)[0]!;
  return isUrl || /^[a-z][a-z\d+.-]+:/i.test(text) ? null : text;
}
