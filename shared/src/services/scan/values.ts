/** What stands at a name of a JSON value; `undefined` where that is no object, or has nothing of its own there. */
export function at(value: unknown, ...names: readonly string[]): unknown {
  let node = value;
  for (const name of names) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return undefined;
    node = (node as Record<string, unknown>)[name];
  }
  return node;
}

/** The items of a JSON list; none where it is no list. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** So many characters of a word are kept: an id, a version, a name; of a title. */
const longestText = 300;

/** A text that is not empty, cut to a length that somebody would read; `null`: it is none. */
export function textOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.slice(0, longestText).trim();
  return text === '' ? null : text;
}

/** An address that a person may be sent to: `https:`, without user information, and without anything that could end it early. */
export function linkOf(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 1000) return null;
  return /^https:\/\/[a-z0-9][a-z0-9.-]{0,253}(?::\d{1,5})?(?:[/?#][\w\-./?#=&%+~:,;@!$]*)?$/i.test(value) ? value : null;
}

/** A time as ISO 8601 has it; `null`: it is none. */
export function timeOf(value: unknown): string | null {
  const text = textOf(value);
  if (text === null || !/^\d{4}-\d\d-\d\dT/.test(text)) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** A version number as scanners print it, without a `v`; `null`: it is none. */
export function versionOf(value: unknown): string | null {
  const [, version = null] = /^v?(\d{1,5}\.\d{1,5}(?:\.\d{1,5})?(?:[-+.][\w.+-]{1,60})?)$/.exec(textOf(value) ?? '') ?? [];
  return version;
}

/** `sha256:` and 64 digits, by themselves or behind a name and `@`; `null`: there is none. */
export function digestIn(value: unknown): string | null {
  const text = typeof value === 'string' && value.length < 1000 ? value : '';
  const digest = text.slice(text.indexOf('@') + 1);
  return /^sha256:[0-9a-f]{64}$/.test(digest) ? digest : null;
}
