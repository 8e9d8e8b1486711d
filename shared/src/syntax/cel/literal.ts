import { NotKnown } from '../yaml/data';
import type { Cel } from './types';
import type { CelValue } from './values';

const plain: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const escape = /\\(?:([abfnrtv])|([xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})|([0-3][0-7]{2})|([\s\S]))/g;

/** What a literal of the language means. */
export function literalValue({ value, token }: Extract<Cel, { readonly is: 'literal' }>): CelValue {
  if (typeof value === 'number') {
    if (/[uU]$/.test(token)) return { is: 'uint', value: BigInt(token.slice(0, -1)) };
    return /^(?:0[xX][0-9a-fA-F]+|\d+)$/.test(token) ? BigInt(token) : value;
  }
  if (typeof value !== 'string') return value;
  const prefix = /^[rRbB]{0,2}/.exec(token)![0].toLowerCase();
  if (prefix.includes('b')) throw new NotKnown('bytes');
  if (prefix.includes('r') || !value.includes('\\')) return value;
  return value.replace(escape, (_, letter?: string, hex?: string, octal?: string, other?: string) =>
    letter ? plain[letter]! : hex ? fromCode(parseInt(hex.slice(1), 16)) : octal ? fromCode(parseInt(octal, 8)) : other!,
  );
}

function fromCode(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
}
