/** Translations of texts that are their own keys: English templates, their places numbered (`{0}`). */
export type Phrases = Readonly<Record<string, string>>;

/** A process speaks one language, and a bundle may have this file twice: what is spoken is kept where both find it. */
const slot = Symbol.for('bulkhead.phrases');

/** The translations from now on; `null`: English. */
export function speak(phrases: Phrases | null): void {
  (globalThis as { [slot]?: Phrases | null })[slot] = phrases;
}

/** What `speak` was given last. */
export function spoken(): Phrases | null {
  return (globalThis as { [slot]?: Phrases | null })[slot] ?? null;
}

/** The key of a template: its pieces with numbered places between them. White space around it belongs to no language. */
export function phraseKey(pieces: readonly string[]): string {
  return pieces.reduce((key, piece, i) => `${key}{${i - 1}}${piece}`).trim();
}

/** Letters and punctuation between which no blank is written. */
const full = /[\u3000-\u30ff\u3400-\u9fff]/;

/**
 * Fills the places of a template. A translation has blanks around its places, as for Latin names: one that would separate two full-width letters is dropped, as
 * is one after a full stop of full width.
 * @param place matches a place; its first group is what `valueOf` gets, which gives `null` to leave the text as it is
 */
export function fillPlaces(template: string, place: RegExp, valueOf: (name: string) => string | null): string {
  // an English text keeps its blanks, whatever the names in it are written in
  if (!full.test(template)) return template.replace(place, (whole: string, name: string) => valueOf(name) ?? whole);
  let filled = '';
  let at = 0;
  const add = (text: string): void => {
    if (full.test(filled.at(-1) ?? '') && text.startsWith(' ') && (/[、。]$/.test(filled) || full.test(text[1] ?? '')))
      text = text.slice(1);
    else if (filled.endsWith(' ') && full.test(filled.at(-2) ?? '') && full.test(text[0] ?? '')) filled = filled.slice(0, -1);
    filled += text;
  };
  for (const match of template.matchAll(place)) {
    add(template.slice(at, match.index));
    add(valueOf(match[1]!) ?? match[0]);
    at = match.index + match[0].length;
  }
  add(template.slice(at));
  return filled;
}

/** A template in the language that is spoken, filled. */
export function phrase(pieces: readonly string[], values: readonly (string | number)[]): string {
  const phrases = spoken();
  const key = phrases && phraseKey(pieces);
  const translated = key === null || !Object.hasOwn(phrases!, key) ? undefined : phrases![key];
  if (translated === undefined) return String.raw({ raw: pieces }, ...values);
  const start = /^\s*/.exec(pieces[0]!)![0];
  const last = pieces.at(-1)!;
  const end = pieces.length === 1 && start === last ? '' : last.slice(last.trimEnd().length);
  return start + fillPlaces(translated, /\{(\d+)\}/g, at => (Number(at) in values ? String(values[Number(at)]) : null)) + end;
}

/** A template of fewer letters joins names (`{0} and {1}`): of anything else, a text could be made of it by chance. */
const fewestLetters = 6;
/** No error is longer. */
const longestText = 1000;
let templates: { readonly of: Phrases; readonly pieces: readonly (readonly string[])[] } | null = null;

function templatesOf(phrases: Phrases): readonly (readonly string[])[] {
  if (templates?.of !== phrases) {
    const pieces = Object.keys(phrases)
      .filter(key => key.includes('{0}') && /[A-Za-z]/.test(key.replace(/\{\d+\}/g, '')))
      .map(key => key.split(/\{\d+\}/))
      // the one that says most of a text by itself is the one that it was made of
      .sort((a, b) => b.join('').length - a.join('').length);
    templates = { of: phrases, pieces };
  }
  return templates.pieces;
}

/** Where the second of two places that touch begins: what follows a name without a word between is a suffix (`; did you mean "x"?`, `, not a list`), or nothing. */
function suffixAt(text: string): number {
  const at = text.search(/; |, not /);
  return at < 0 ? text.length : at;
}

/** What the places of a template hold, if a text can have been made of it. */
function valuesIn(text: string, pieces: readonly string[]): readonly string[] | null {
  const [first = '', ...rest] = pieces;
  const last = rest.pop() ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return null;
  const end = text.length - last.length;
  const values: string[] = [];
  let at = first.length;
  for (const piece of rest) {
    const next = piece === '' ? at + suffixAt(text.slice(at, end)) : text.indexOf(piece, at);
    if (next < 0 || next + piece.length > end) return null;
    values.push(text.slice(at, next));
    at = next + piece.length;
  }
  return [...values, text.slice(at, end)];
}

/**
 * A finished English text in the language that is spoken: an error, a reason, what a rule calls a thing. It keeps what it was made with. Of a single word it is
 * not known whether it is one of ours: it stays as it is.
 */
export function translated(text: string): string {
  const phrases = spoken();
  const core = text.trim();
  if (phrases === null || core.length > longestText || !core.includes(' ')) return text;
  const at = text.indexOf(core);
  const found = Object.hasOwn(phrases, core) ? phrases[core]! : recognised(core, phrases);
  return found === null ? text : text.slice(0, at) + found + text.slice(at + core.length);
}

const lettersIn = (pieces: readonly string[]): number => pieces.join('').replace(/[^A-Za-z]/g, '').length;
/** Without blanks, or names that are joined themselves. */
const isName = (value: string): boolean => value !== '' && (!value.includes(' ') || translated(value) !== value);

function recognised(text: string, phrases: Phrases): string | null {
  for (const pieces of templatesOf(phrases)) {
    const values = valuesIn(text, pieces);
    if (values && (lettersIn(pieces) >= fewestLetters || values.every(isName))) return phrase(pieces, values.map(translated));
  }
  return null;
}
