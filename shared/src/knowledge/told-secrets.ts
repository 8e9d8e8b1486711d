import type { Needle } from '../text/needles';
import { findSecrets } from './secrets';
import { toldByCommands } from './told-commands';
import { toldByNames } from './told-names';
import { toldByObjects } from './told-objects';
import { isDistinctive, isMaskable, needlesOf } from './told-values';
import type { ToldValue } from './told-reader';

/** `user:password@host` without a scheme in front, as drivers of databases take it. */
const bareLogin = /:([^\s:@/'"`,;]{6,200})@(?!sha(?:256|512):)(?:tcp\(|unix\(|[\w.-]{1,200}[:/]|[\w-]{1,63}\.[\w.-]{1,200})/g;

/**
 * What in a text must stand in no output: secrets that show by their form, and what looks like a credential by the name, the option or the place that it
 * has, whether any rule reports it or not. Reads the text as it is, of whatever family, broken or not; never throws; linear.
 */
export function findToldSecrets(text: string): readonly Needle[] {
  const needles: Needle[] = [];
  const seen = new Set<string>();
  for (const { range } of findSecrets(text)) needles.push(...needlesOf(text.slice(range.start, range.end), true));
  const add = (values: readonly ToldValue[]): void => {
    for (const { text: value } of values) {
      if (seen.has(value)) continue;
      seen.add(value);
      needles.push(...needlesOf(value));
    }
  };
  add(toldByNames(text));
  add(toldByObjects(text));
  for (const value of toldByCommands(text)) {
    add([value]);
    // a plain word that is glued to its option: `-psunflower`
    const before = text.slice(value.start - 2, value.start);
    // of its first line alone: no mask takes a line break along
    const line = /^[^\r\n]*/.exec(value.text)![0];
    if (/^-[A-Za-z]$/.test(before) && isMaskable(line) && !isDistinctive(line)) needles.push({ text: before + line, keep: 2, whole: true });
  }
  for (const match of text.matchAll(bareLogin)) add([{ start: match.index + 1, text: match[1]! }]);
  return needles;
}

const naming =
  /(?:\b(?:image|name|kind|namespace|service|host|user|username|database)["']?:[ \t]{1,8}["']?|\b(?:FROM|from|AS|as)[ \t]{1,8}(?:--[^\s]{1,80}[ \t]{1,8})?)([A-Za-z][\w.-]{4,100})/g;

/** Without plain words that also name an image, an object or a stage of the file: a mask would make every sentence about that unreadable. */
export function withoutNames(needles: readonly Needle[], text: string): readonly Needle[] {
  if (!needles.some(isPlainWord)) return needles;
  const names = new Set(Array.from(text.matchAll(naming), match => match[1]!));
  return needles.filter(needle => !isPlainWord(needle) || !names.has(needle.text.slice(needle.keep)));
}

function isPlainWord({ text, whole }: Needle): boolean {
  return whole && /^(?:-[A-Za-z])?[a-z][a-z0-9.-]*$/.test(text);
}
