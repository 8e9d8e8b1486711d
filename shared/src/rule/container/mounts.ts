import type { Mount } from './types';

/** A volume in the short syntax; offsets are in the text. */
export interface ParsedVolume {
  readonly kind: Mount['kind'];
  readonly source: string | null;
  readonly target: string | null;
  readonly options: readonly string[];
  /** Where the source ends; `0` where there is none. */
  readonly sourceEnd: number;
  /** Where the options begin; the text's length where there are none. */
  readonly optionsStart: number;
}

/** Words of the short syntax that set how mounts spread. */
export const propagationWords: ReadonlySet<string> = new Set([
  'shared',
  'rshared',
  'slave',
  'rslave',
  'private',
  'rprivate',
  'unbindable',
  'runbindable',
]);

/** Variables that are the user's own folders, whatever they hold. */
const knownFolders: readonly (readonly [RegExp, string])[] = [
  [/^~(?=$|\/)/, '~'],
  [/^\$(?:HOME(?![A-Za-z0-9_])|\{HOME\})/, '~'],
  [/^(?:\$(?:PWD(?![A-Za-z0-9_])|\{PWD\})|\$\(pwd\)|`pwd`|\$\{?CURDIR\}?|%cd%)/i, '.'],
];

/** A path of the host with the home folder as `~` and the current folder as `.`; `null` where a variable decides what it is. */
export function hostPath(text: string): string | null {
  for (const [pattern, name] of knownFolders) {
    const match = pattern.exec(text);
    if (match) {
      const rest = text.slice(match[0].length);
      return /[$`]/.test(rest) ? (rest.startsWith('/') ? name + rest.slice(0, rest.search(/[$`]/)) : null) : name + rest;
    }
  }
  return /[$`]/.test(text) ? null : text;
}

/** Whether a source is a path of the host and no name of a volume: what the engines and Compose ask. */
export function isHostPath(source: string): boolean {
  return /^[./~\\]/.test(source) || /^[A-Za-z]:[\\/]/.test(source);
}

/** Reads `[SOURCE:]TARGET[:OPTIONS]`. A drive letter of Windows is part of its path; variables stay in the text. */
export function parseVolume(text: string): ParsedVolume {
  const colons: number[] = [];
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (character === '{' || character === '(') depth++;
    else if ((character === '}' || character === ')') && depth > 0) depth--;
    else if (character === ':' && depth === 0 && !isDrive(text, i, colons)) colons.push(i);
  }
  const [first, second] = colons;
  if (first === undefined)
    return { kind: 'anonymous', source: null, target: known(text), options: [], sourceEnd: 0, optionsStart: text.length };
  const written = text.slice(0, first);
  const source = hostPath(written);
  const targetEnd = second ?? text.length;
  const last = text.slice(first + 1, targetEnd);
  const options = second === undefined ? [] : text.slice(second + 1).split(',');
  // `/data:ro` names a target and its mode
  if (second === undefined && !last.startsWith('/') && !/^[A-Za-z]:/.test(last) && /^(?:ro|rw|z|Z|nocopy)(?:,|$)/.test(last))
    return { kind: 'anonymous', source: null, target: known(written), options: last.split(','), sourceEnd: 0, optionsStart: first + 1 };
  const kind = source === null ? 'other' : isHostPath(source) ? 'bind' : 'volume';
  return { kind, source, target: known(last), options, sourceEnd: first, optionsStart: second === undefined ? text.length : second + 1 };
}

function known(text: string): string | null {
  return /[$`]/.test(text) ? null : text;
}

function isDrive(text: string, at: number, colons: readonly number[]): boolean {
  const start = colons.length === 0 ? 0 : colons.at(-1)! + 1;
  return at === start + 1 && /[A-Za-z]/.test(text[start]!) && /[\\/]/.test(text[at + 1] ?? '');
}

/** A field of `--mount`, with its place in the text. */
export interface MountField {
  readonly key: string;
  /** `null`: a word alone, such as `readonly`. */
  readonly value: string | null;
  readonly start: number;
  readonly end: number;
  /** Where the value begins; `end` where there is none. */
  readonly valueStart: number;
}

/** The fields of `--mount`: comma-separated, a field with a comma in double quotes, keys in lower case. */
export function mountFields(text: string): readonly MountField[] {
  const fields: MountField[] = [];
  for (let at = 0; at < text.length;) {
    const quoted = text[at] === '"';
    let end = quoted ? text.indexOf('"', at + 1) : text.indexOf(',', at);
    if (end < 0) end = text.length;
    const start = quoted ? at + 1 : at;
    const field = text.slice(start, end);
    const equals = field.indexOf('=');
    const key = (equals < 0 ? field : field.slice(0, equals)).trim().toLowerCase();
    const value = equals < 0 ? null : field.slice(equals + 1);
    fields.push({ key, value, start, end, valueStart: equals < 0 ? end : start + equals + 1 });
    const comma = quoted ? text.indexOf(',', end) : end;
    at = comma < 0 ? text.length : comma + 1;
  }
  return fields;
}
