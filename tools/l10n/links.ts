import { dirname, join, relative } from 'node:path/posix';
import { docPath } from './translations';

/** A text file of the checkout by its path; `null`: there is none. */
export type ReadText = (path: string) => string | null;

/** The anchors of a page's headings as GitHub makes them, in order. */
export function anchorsOf(markdown: string): readonly string[] {
  const seen = new Map<string, number>();
  // comments of shell blocks look like headings
  const prose = markdown.replace(/^```[\s\S]*?^```/gm, '');
  return [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => {
    const anchor = heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

const englishPath = (path: string): string => (path === 'README.ja.md' ? 'README.md' : path.replace(/^docs\/ja\//, 'docs/'));

/**
 * A Japanese page whose links lead from where it is kept, to Japanese pages and to their headings where there are such. Targets may be those of the English page,
 * or those of an earlier run; what leads nowhere stays, for the test of links to name.
 * @param english the path of the page that it translates
 */
export function localizeLinks(text: string, english: string, read: ReadText): string {
  const from = dirname(docPath(english));
  return text.replace(/\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]*))?\)/g, (link: string, target: string, anchor: string | undefined) => {
    const paths = target === '' ? [english] : [join(dirname(english), target), englishPath(join(from, target))];
    const path = paths.find(one => read(one) !== null);
    if (path === undefined) return link;
    const hasPage = path.endsWith('.md') && docPath(path) !== path && read(docPath(path)) !== null;
    const page = hasPage ? docPath(path) : path;
    const at = anchor === undefined ? -1 : anchorsOf(read(path)!).indexOf(anchor);
    const heading = at < 0 ? anchor : anchorsOf(read(page)!)[at];
    return `](${target === '' ? '' : relative(from, page)}${heading === undefined ? '' : `#${heading}`})`;
  });
}
