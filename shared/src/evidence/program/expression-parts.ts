/** A part of an expression, and the signs in front of it. */
export interface Part {
  readonly kind: 'text' | 'name';
  readonly value: string;
  readonly before: string;
  /** Where it begins in the expression. */
  readonly at: number;
}

/** More characters of one expression are not read. */
const longest = 300;

/** Quotes of strings. */
const quotes = '"\'`';

const isWord = (char: string): boolean => /[\w$@]/.test(char);

/** The strings and names of an expression up to where it ends: at a comma, semicolon or bracket that is not its own. */
export function partsOf(text: string): readonly Part[] {
  const parts: Part[] = [];
  let before = '';
  let depth = 0;
  const end = Math.min(text.length, longest);
  for (let at = 0; at < end; at++) {
    const char = text[at]!;
    if (quotes.includes(char)) {
      let to = at + 1;
      while (to < end && text[to] !== char) to += text[to] === '\\' ? 2 : 1;
      parts.push({ kind: 'text', value: text.slice(at + 1, to), before, at });
      [before, at] = ['', to];
    } else if (isWord(char)) {
      let to = at + 1;
      while (to < end) {
        // a `#` begins the name of a private field of JavaScript
        const sign = isWord(text[to]!) ? 1 : (/^(?:\.#?|\?\.#?|::|->)(?=[A-Za-z_])/.exec(text.slice(to, to + 4))?.[0].length ?? 0);
        if (sign === 0) break;
        to += sign;
      }
      // letters in front of a string say how it is read: f"", r''
      if (!(to < end && quotes.includes(text[to]!) && to - at <= 2)) {
        parts.push({ kind: 'name', value: text.slice(at, to), before, at });
        before = '';
      }
      at = to - 1;
    } else if ('([{'.includes(char)) {
      depth++;
      before += char;
    } else if (')]}'.includes(char)) {
      if (--depth < 0) break;
      before += char;
    } else if ((char === ',' || char === ';') && depth === 0) break;
    else if (char === '#' || (char === '/' && text[at + 1] === '/')) break;
    else if (char !== ' ') before += char;
  }
  return parts;
}
