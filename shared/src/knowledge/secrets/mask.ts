import { maskSlice, maskText } from '../../base/text/mask';
import { copied } from '../../base/limits/copy';
import type { Range } from '../../base/text/range';
import { createNeedles, type Needle, type NeedleFinder } from '../../base/text/needles';
import { findSecrets, isSecretLiteral, isSecretName } from './detect';
import { secretsInCommands } from './in-commands';
import { secretsByName } from './by-name';
import { secretsInObjects } from './in-objects';
import { isDistinctive, isMaskable, needlesOf } from './maskable';
import type { FoundValue } from './read-values';

/** `user:password@host` without a scheme in front, as drivers of databases take it. */
const bareLogin = /:([^\s:@/'"`,;]{6,200})@(?!sha(?:256|512):)(?:tcp\(|unix\(|[\w.-]{1,200}[:/]|[\w-]{1,63}\.[\w.-]{1,200})/g;
/** `scheme://user:${PASSWORD:-password}@host`. */
const defaultLogin = /:\/\/[^\s:@/'"`]{0,80}:([^\s@'"`$]{0,80}\$[^\s@'"`]{2,300})@/g;

/**
 * What in a text must stand in no output: secrets that show by their form, and what looks like a credential by the name, the option or the place that it
 * has, whether any rule reports it or not; with `everything` what else stands there, though it reads like the name of something. Reads the text as it is, of whatever family, broken or not; never throws; linear.
 */
export function findCredentials(text: string, everything = false): readonly Needle[] {
  const needles: Needle[] = [];
  const seen = new Set<string>();
  for (const { range } of findSecrets(text)) needles.push(...needlesOf(text.slice(range.start, range.end), true));
  const add = (values: readonly FoundValue[]): void => {
    for (const { text: value } of values) {
      if (seen.has(value)) continue;
      seen.add(value);
      needles.push(...needlesOf(value, everything));
    }
  };
  add(secretsByName(text));
  add(secretsInObjects(text));
  for (const value of secretsInCommands(text)) {
    add([value]);
    // a plain word that is glued to its option: `-psunflower`
    const before = text.slice(value.start - 2, value.start);
    // of its first line alone: no mask takes a line break along
    const line = /^[^\r\n]*/.exec(value.text)![0];
    if (/^-[A-Za-z]$/.test(before) && isMaskable(line) && !isDistinctive(line)) needles.push({ text: before + line, keep: 2, whole: true });
  }
  for (const match of text.matchAll(defaultLogin)) add([{ start: match.index, text: match[1]! }]);
  for (const match of text.matchAll(bareLogin)) add([{ start: match.index + 1, text: match[1]! }]);
  return needles;
}

/** What gives something a name: fields, variables for users and databases, options of engines, FROM. */
const naming =
  /(?:\b(?:image|(?:container_)?name|hostname|kind|namespace|service|host|user|username|database)["']?:[ \t]{1,8}["']?|(?:USER|USERNAME|DB|DATABASE|NAME)["']?(?:=|:[ \t]{1,8})["']?|--(?:name|hostname)[= ]|\b(?:FROM|from|AS|as)[ \t]{1,8}(?:--[^\s]{1,80}[ \t]{1,8})?)([A-Za-z][\w./-]{4,200})/g;

/** Without plain words that also name an image, an object or a stage of the file: a mask would make every sentence about that unreadable. */
export function withoutNames(needles: readonly Needle[], text: string): readonly Needle[] {
  if (!needles.some(isPlainWord)) return needles;
  const names = new Set(Array.from(text.matchAll(naming), match => match[1]!).flatMap(name => [name, ...name.split(/[/_-]/)]));
  return needles.filter(needle => !isPlainWord(needle) || !names.has(needle.text.slice(needle.keep)));
}

/** Whether a needle is a word that may as well mean something else. */
export function isPlainWord({ text, whole }: Needle): boolean {
  return whole && /^(?:-[A-Za-z])?[a-z][a-z0-9.-]*$/.test(text);
}

/** Two do for any text that is not made to need more. */
const rounds = 20;

/** Whether a text may hold more than a name: a sign or an option, and behind it something. */
const mayTell = /[\s=:"'`,[]\S[^]{5}/;

/** Where in a text stands what it tells of by itself. In order, without overlaps. */
export function credentialRanges(text: string): readonly Range[] {
  return createNeedles(findCredentials(text)).find(text);
}

/** Longer texts hardly come again. */
const longestKept = 1000;
/** Texts of their own, with what they are masked: the names and messages of a policy, an image or a user are in many findings. */
const keptMasks = new Map<string, string>();

/** A text in which what it tells of by itself is masked, and what is sought beside that. Masking twice changes nothing. */
export function maskCredentials(text: string, finder: NeedleFinder | null = null): string {
  if (finder || text.length > longestKept) return maskRounds(text, finder);
  const known = keptMasks.get(text);
  if (known !== undefined) return known;
  const masked = maskRounds(text, null);
  if (keptMasks.size >= 500) keptMasks.clear();
  keptMasks.set(copied(text), copied(masked));
  return masked;
}

function maskRounds(text: string, finder: NeedleFinder | null): string {
  let shown = text;
  // a mask may set apart what was part of a word before, and make a name tell of something else; each round leaves less
  for (let round = 0; round < rounds; round++) {
    const found = finder?.find(shown) ?? [];
    const next = found.length > 0 ? maskSlice(shown, { start: 0, end: shown.length }, found) : shown;
    const told = mayTell.test(next) ? credentialRanges(next) : [];
    if (found.length === 0 && told.length === 0) break;
    shown = maskSlice(next, { start: 0, end: next.length }, told);
  }
  return shown;
}

/** The value of a variable for whoever asks about files and folders: what is a secret in it is masked, by its name whatever it looks like. */
export function maskValue(name: string, value: string): string {
  if (isSecretName(name) && isSecretLiteral(value)) return maskText;
  const masked = maskCredentials(`${name}=${value}`);
  return masked.startsWith(`${name}=`) ? masked.slice(name.length + 1) : maskText;
}

/** The words of a command, likewise. */
export function maskWords(words: readonly string[]): readonly string[] {
  const finder = createNeedles(findCredentials(JSON.stringify(words), true));
  return finder.empty ? words : words.map(word => maskSlice(word, { start: 0, end: word.length }, finder.find(word)));
}
