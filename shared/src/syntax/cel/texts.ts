import { NotKnown, tooMuch } from '../yaml/data';
import { findMatch } from '../regex/match';
import { parseRegex } from '../regex/parse';
import { showAddress } from '../scalars/network';
import { spend, type Run } from './run';
import { CelError, isList, isMap, known, numeric, objectOf, typeName, type CelValue } from './values';

type TextFunction = (args: readonly CelValue[], run: Run) => CelValue;

/** A text of which some functions ask for characters, not for UTF-16 units. */
const characters = (text: string): readonly string[] => (/[\ud800-\udfff]/.test(text) ? [...text] : text.split(''));

/** Longer texts are not made. */
const longest = 1 << 20;

/** Stops before a text is made that is too long. */
export function mayMake(length: number): void {
  if (length > longest) throw new NotKnown(tooMuch);
}

function checked(name: string, args: readonly CelValue[], kinds: string): void {
  const names: Readonly<Record<string, string>> = { s: 'string', i: 'int', l: 'list', a: '' };
  const fits = args.every((value, i) => kinds[i] !== undefined && (kinds[i] === 'a' || typeName(value) === names[kinds[i]]));
  if (!fits) throw new CelError(`no such overload: ${name}(${args.map(typeName).join(', ')})`);
}

/** A function of texts whose arguments are checked: `s` a text, `i` a whole number, `l` a list; those after `least` may be absent. */
function ofText(name: string, kinds: string, least: number, run: (...args: never[]) => CelValue): TextFunction {
  return args => {
    if (args.length < least || args.length > kinds.length) throw new CelError(`no such overload: ${name}`);
    checked(name, args, kinds);
    return run(...(args as never[]));
  };
}

function program(pattern: string): NonNullable<ReturnType<typeof parseRegex>> {
  const found = pattern.length > 2000 ? null : parseRegex(pattern);
  if (!found) throw new CelError(`error parsing regexp: ${pattern.slice(0, 60)}`);
  return found;
}

function search(text: string, pattern: string, from: number, run: Run): readonly number[] | null {
  const found = findMatch(program(pattern), text, from, run.effort);
  spend(run, 0);
  return found;
}

/** Whether a regular expression of RE2 matches somewhere in a text. */
export function matchesRegex(text: string, pattern: string, run: Run): boolean {
  return search(text, pattern, 0, run) !== null;
}

function findAll(text: string, pattern: string, most: number, run: Run): readonly string[] {
  const found: string[] = [];
  for (let at = 0; at <= text.length && (most < 0 || found.length < most);) {
    const match = search(text, pattern, at, run);
    if (!match) break;
    found.push(text.slice(match[0], match[1]));
    at = match[1]! > match[0]! ? match[1]! : match[1]! + 1;
  }
  return found;
}

function indexIn(text: string, part: string, from: bigint, isLast: boolean): CelValue {
  const chars = characters(text);
  const offset = Number(from);
  if (offset < 0 || offset > chars.length) throw new CelError(`index out of range: ${offset}`);
  const units = chars.slice(0, offset).join('').length;
  const found = isLast ? text.lastIndexOf(part, units) : text.indexOf(part, units);
  return BigInt(found < 0 ? -1 : characters(text.slice(0, found)).length);
}

function replaced(text: string, from: string, to: string, most: bigint): string {
  const parts = from === '' ? characters(text) : text.split(from);
  const limit = most < 0n ? Infinity : Number(most);
  mayMake(text.length + Math.min(limit, parts.length) * to.length);
  if (from === '') return parts.map((part, i) => (i < limit ? to : '') + part).join('') + (parts.length < limit ? to : '');
  const head = parts.slice(0, Math.min(limit, parts.length - 1) + 1).join(to);
  const tail = parts.slice(Math.min(limit, parts.length - 1) + 1);
  return [head, ...tail].join(from);
}

/** A value as `format` writes it with `%s`. */
function shown(value: CelValue): string {
  known(value);
  if (isList(value)) return `[${value.map(shown).join(', ')}]`;
  if (isMap(value))
    return `{${[...value]
      .map(([key, item]) => [shown(key), shown(item)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(pair => pair.join(': '))
      .join(', ')}}`;
  if (value === null || typeof value !== 'object') return String(value);
  const number = numeric(value);
  return number !== null ? String(number) : showLibrary([value]);
}

/** Values of libraries as texts. */
function showLibrary([value]: readonly CelValue[]): string {
  const address = objectOf(value!, 'ip');
  if (address) return showAddress(address.value);
  const network = objectOf(value!, 'cidr');
  if (network) return `${showAddress(network.value.address)}/${network.value.prefix}`;
  const text = objectOf(value!, 'url') ?? objectOf(value!, 'image');
  if (text) return text.text;
  const type = objectOf(value!, 'type');
  if (type) return type.value;
  throw new CelError(`no such overload: string(${typeName(value!)})`);
}

function format(text: string, values: readonly CelValue[]): string {
  let next = 0;
  let length = text.length;
  return text.replace(/%(%|(?:\.(\d{1,3}))?([a-zA-Z]))/g, (_, all: string, digits: string | undefined, verb: string | undefined) => {
    if (all === '%') return '%';
    const value = values[next++];
    if (value === undefined) throw new CelError('index out of range');
    const number = numeric(value);
    if (verb === 's') {
      const made = shown(value);
      mayMake((length += made.length));
      return made;
    }
    if (number === null) throw new CelError(`%${verb} of ${typeName(value)}`);
    if (verb === 'd') return String(number);
    if (verb === 'f') return Number(number).toFixed(Number(digits ?? 6));
    if (verb === 'e') return Number(number).toExponential(Number(digits ?? 6));
    if (verb === 'x' || verb === 'X') return verb === 'x' ? number.toString(16) : number.toString(16).toUpperCase();
    if (verb === 'b' || verb === 'o') return number.toString(verb === 'b' ? 2 : 8);
    throw new CelError(`unknown verb %${verb}`);
  });
}

/** Functions over texts: the language's own, the library of strings, regular expressions. */
export const textFunctions: Readonly<Record<string, TextFunction>> = {
  showLibrary,
  startsWith: ofText('startsWith', 'ss', 2, (text: string, part: string) => text.startsWith(part)),
  endsWith: ofText('endsWith', 'ss', 2, (text: string, part: string) => text.endsWith(part)),
  contains: ofText('contains', 'ss', 2, (text: string, part: string) => text.includes(part)),
  charAt: ofText('charAt', 'si', 2, (text: string, at: bigint) => {
    const chars = characters(text);
    if (at < 0n || at > BigInt(chars.length)) throw new CelError(`index out of range: ${at}`);
    return chars[Number(at)] ?? '';
  }),
  'text.indexOf': ofText('indexOf', 'ssi', 2, (text: string, part: string, from = 0n) => indexIn(text, part, from, false)),
  'text.lastIndexOf': ofText('lastIndexOf', 'ssi', 2, (text: string, part: string, from = BigInt(characters(text).length)) =>
    indexIn(text, part, from, true),
  ),
  lowerAscii: ofText('lowerAscii', 's', 1, (text: string) => text.replace(/[A-Z]+/g, part => part.toLowerCase())),
  upperAscii: ofText('upperAscii', 's', 1, (text: string) => text.replace(/[a-z]+/g, part => part.toUpperCase())),
  trim: ofText('trim', 's', 1, (text: string) => text.trim()),
  replace: ofText('replace', 'sssi', 3, (text: string, from: string, to: string, most = -1n) => replaced(text, from, to, most)),
  split: ofText('split', 'ssi', 2, (text: string, by: string, most = -1n) => {
    if (most === 0n) return [];
    const parts = by === '' ? characters(text) : text.split(by);
    if (most < 0n || BigInt(parts.length) <= most) return parts;
    return [...parts.slice(0, Number(most) - 1), parts.slice(Number(most) - 1).join(by)];
  }),
  substring: ofText('substring', 'sii', 2, (text: string, from: bigint, to?: bigint) => {
    const chars = characters(text);
    const end = to ?? BigInt(chars.length);
    if (from < 0n || end > BigInt(chars.length) || from > end) throw new CelError(`index out of range: ${from}`);
    return chars.slice(Number(from), Number(end)).join('');
  }),
  format: ofText('format', 'sl', 2, (text: string, values: readonly CelValue[]) => format(text, values)),
  'strings.quote': ofText('quote', 's', 1, (text: string) => JSON.stringify(text)),
  'text.reverse': ofText('reverse', 's', 1, (text: string) => [...text].reverse().join('')),
  find: (args, run) => {
    checked('find', args, 'ss');
    const [text, pattern] = args as readonly string[];
    const match = search(text!, pattern!, 0, run);
    return match ? text!.slice(match[0], match[1]) : '';
  },
  findAll: (args, run) => {
    checked('findAll', args, 'ssi');
    return findAll(args[0] as string, args[1] as string, Number((args[2] as bigint | undefined) ?? -1n), run);
  },
};
