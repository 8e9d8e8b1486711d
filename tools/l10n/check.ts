import { columns } from '../../shared/src/output/report/printable';
import { skeletonOf } from './pages';

/** A term of the field: what it is in Japanese, and what it is never called. */
export interface Term {
  readonly en: string;
  readonly ja: string;
  /** Words that say the same and are not used. */
  readonly not: readonly string[];
  /** Whether a text whose English has the term needs the Japanese one. */
  readonly must?: boolean;
}

/** A text and its translation. */
export interface Pair {
  readonly en: string;
  readonly ja: string;
}

/** So much longer a translation may be, in columns; a short one by so many columns. */
const longest = 1.8;
const shortText = 20;
const slack = 16;

const japanese = String.raw`[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}ー々]`;
/** What is searched for in every text, and what to do about it. */
const forms: readonly (readonly [pattern: RegExp, what: string])[] = [
  [
    new RegExp(`${japanese}[A-Za-z0-9{\`]|[A-Za-z0-9}\`]${japanese}`, 'u'),
    'put a half-width space between Japanese and Latin letters, digits, places or code',
  ],
  [/[（）：；！？％＂＇［］｛｝]/u, 'write ( ) : ; ! ? % and brackets half-width'],
  [/[Ａ-Ｚａ-ｚ０-９]/u, 'write Latin letters and digits half-width'],
  [/[ｦ-ﾟ]/u, 'write katakana full-width'],
  [/\u3000/u, 'write no full-width space'],
  [/[、。] | [、。]/u, 'write no space beside 、 and 。'],
  // what is indented below a comment is YAML
  [/^(?!#).*\S {2,}\S/u, 'write one space, not several'],
  [/[“”„]/u, 'write quotes as in English: "…"'],
];

const sorted = (texts: readonly string[]): string => [...texts].sort().join(' ');
const all = (pattern: RegExp, text: string): readonly string[] => [...text.matchAll(pattern)].map(([found]) => found);

/** What has to be the same in both languages. */
const kept: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['places', /\{[A-Za-z0-9]+\}/g],
  ['icons', /\$\([a-z~-]+\)/g],
  ['markup', /<\/?[a-z][^>]*>/g],
  ['code', /`[^`\n]+`/g],
  ['options', /(?<![\w-])--[a-z][a-z-]+/g],
];

/** What is wrong with a translation of a text, each in one sentence; none: nothing. `terms`: the glossary. */
export function problemsOf({ en, ja }: Pair, terms: readonly Term[]): readonly string[] {
  if (ja.trim() === '') return ['it is empty'];
  const problems: string[] = [];
  for (const [what, pattern] of kept) {
    const [there, here] = [all(pattern, en), all(pattern, ja)];
    // a place may be said twice in one language
    const same = what === 'places' ? sorted([...new Set(there)]) === sorted([...new Set(here)]) : sorted(there) === sorted(here);
    if (!same) problems.push(`the ${what} differ: English has ${there.join(' ') || 'none'}, Japanese ${here.join(' ') || 'none'}`);
  }
  if (en.split('\n').length !== ja.split('\n').length)
    problems.push(`it has ${ja.split('\n').length} lines instead of ${en.split('\n').length}`);
  const [most, width] = [columns(en) < shortText ? columns(en) + slack : Math.floor(columns(en) * longest), columns(ja)];
  if (width > most) problems.push(`it is ${width} columns wide, and may be ${most}`);
  if (/(?:[a-z]+ ){3}/i.test(en) && en === ja) problems.push('it is still English');
  return [...problems, ...endProblems(en, ja), ...formProblems({ en, ja }, terms)];
}

/** A sentence ends as one, a title does not. */
function endProblems(en: string, ja: string): readonly string[] {
  const last = /[.:?…]$/.exec(en.trim())?.[0] ?? '';
  const wanted = last === '.' ? (en.endsWith('...') ? '...' : '。') : last;
  if (wanted === '') return ja.endsWith('。') ? ['it ends with 。, and the English has no full stop'] : [];
  return ja.trim().endsWith(wanted) || (wanted === '…' && ja.trim().endsWith('...'))
    ? []
    : [`it has to end with ${wanted} as the English does`];
}

function formProblems({ en, ja }: Pair, terms: readonly Term[]): readonly string[] {
  // code and addresses are as they are; a place without a blank before it gets a suffix that begins with punctuation
  const suffixes = new Set(all(/(?<=[\w})"])\{\w+\}(?=$|[.;,{])/g, en));
  const prose = ja
    .replace(/`[^`\n]*`/g, '`c`')
    .replace(/\]\([^)\n]*\)/g, ']')
    .replace(/\{\w+\}/g, place => (suffixes.has(place) ? '' : place));
  const problems = forms.flatMap(([pattern, what]) => {
    const found = pattern.exec(prose);
    return found ? [`${what}: "${prose.slice(Math.max(0, found.index - 6), found.index + 8)}"`] : [];
  });
  for (const term of terms) {
    const variant = term.not.find(word => (word.includes(term.ja) ? prose : prose.replaceAll(term.ja, '')).includes(word));
    if (variant !== undefined) problems.push(`"${term.en}" is ${term.ja}, not ${variant}`);
    const words = new RegExp(`(?<![\\w-])${term.en}s?(?![\\w-])`, 'i');
    if (term.must === true && words.test(en.replace(/`[^`\n]*`|--[\w-]+|"[^"]*"/g, ' ')) && !ja.includes(term.ja))
      problems.push(`"${term.en}" is ${term.ja}, which is not in it`);
  }
  return problems;
}

/** The same of a page: headings, words over blocks and blocks are those of the English one. */
export function pageProblems({ en, ja }: Pair, terms: readonly Term[]): readonly string[] {
  const [there, here] = [skeletonOf(en), skeletonOf(ja)];
  const at = there.findIndex((part, i) => part !== here[i]);
  const skeleton =
    at >= 0 || here.length > there.length
      ? [
          `headings, words such as **Reported** and {1} differ from "${there[at < 0 ? there.length - 1 : at]}" on: English ${there.join(' ')}, Japanese ${here.join(' ')}`,
        ]
      : [];
  return [...skeleton, ...formProblems({ en, ja }, terms)];
}
