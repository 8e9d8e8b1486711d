import type { CelProblem, CelToken } from './types';

const signs = ['===', '!==', '&&', '||', '<=', '>=', '==', '!=', ...'()[]{}.,:?<>+-*/%!&|=;'];

const number = /0[xX][0-9a-fA-F]+[uU]?|\d*\.\d+(?:[eE][+-]?\d+)?|\d+(?:[eE][+-]?\d+|[uU])?/y;
const word = /[A-Za-z_][A-Za-z0-9_]*|`[A-Za-z0-9_./ -]*`/y;
const blank = /[ \t\n\r\f]+|\/\/[^\n]*/y;

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

/** The tokens of an expression with what ends it, or what cannot be one. Linear. */
export function celTokens(text: string): { readonly tokens: readonly CelToken[]; readonly problem: CelProblem | null } {
  const tokens: CelToken[] = [];
  let problem: CelProblem | null = null;
  let at = 0;
  const push = (is: CelToken['is'], length: number): void => {
    tokens.push({ is, text: text.slice(at, at + length), start: at, end: at + length });
    at += length;
  };
  while (at < text.length && !problem) {
    const gap = match(blank, text, at).length;
    if (gap > 0) {
      at += gap;
      continue;
    }
    const quote = /^(?:[rRbB]{0,2})(?="|')/.exec(text.slice(at, at + 3))?.[0];
    if (quote !== undefined) {
      const length = stringLength(text, at, quote);
      if (length === null || length < 0) {
        const end = length === null ? text.length : at - length;
        problem = {
          range: { start: length === null ? at : end - 1, end: Math.min(end + (length === null ? 0 : 1), text.length) },
          id: 'text',
          found: '',
          instead: null,
        };
      } else push('string', length);
      continue;
    }
    const digits = match(number, text, at).length;
    const letters = digits > 0 ? 0 : match(word, text, at).length;
    const sign = digits + letters > 0 ? undefined : signs.find(each => text.startsWith(each, at));
    if (digits > 0) push('number', digits);
    else if (letters > 0) push('name', letters);
    else if (sign !== undefined) push('sign', sign.length);
    else problem = { range: { start: at, end: at + 1 }, id: 'unexpected', found: text.charAt(at), instead: null };
  }
  tokens.push({ is: 'end', text: '', start: text.length, end: text.length });
  return { tokens, problem };
}

const escapes = /\\(?:[abfnrtv"'`\\?]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})/y;

/** How long the literal is that begins at a place; `null`: it does not end. Below 0, how far a bad escape is, for which the number stands. */
function stringLength(text: string, start: number, prefix: string): number | null {
  const raw = /r/i.test(prefix);
  let at = start + prefix.length;
  const sign = text.charAt(at);
  const triple = text.startsWith(sign.repeat(3), at);
  const end = triple ? sign.repeat(3) : sign;
  at += end.length;
  while (at < text.length) {
    if (text.startsWith(end, at)) return at + end.length - start;
    if (text[at] === '\n' && !triple) return null;
    if (text[at] !== '\\' || raw) at++;
    else {
      const length = match(escapes, text, at).length;
      if (length === 0) return -(at - start + 1);
      at += length;
    }
  }
  return null;
}

/** The text of a literal of plain characters; what is escaped stays as it is written. */
export function literalText(token: string): string {
  const inner = token.replace(/^[rRbB]{0,2}/, '');
  const quotes = /^("""|'''|"|')/.exec(inner)?.[0].length ?? 0;
  return inner.slice(quotes, inner.length - quotes);
}
