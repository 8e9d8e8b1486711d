import { memoize } from '../../../base/text/memoize';
import { plainName } from '../../../syntax/shell/downloads';
import type { Instruction, Stage } from './types';
import { withoutEnd } from '../../../base/text/ends';

/** Names of what ADD unpacks or decompresses (Docker's reference of ADD); it does not know zip. */
export const unpackedByAdd = /\.(?:tar|tgz|tbz2?|tb2|tz2|taz|txz|tlz|tzst|gz|bz2|xz|lzma|lz|z|zst)$/i;

/** How surely a stage has a file of the build context. `maybe`: a glob, a folder or the whole context may bring it. */
export type Presence = 'yes' | 'maybe' | 'no';

/** What COPY, ADD and bind mounts bring into a stage itself: the first instruction that brings each name. */
interface Sources {
  readonly names: ReadonlyMap<string, number>;
  /** Those of the names that hold globs. */
  readonly globs: readonly string[];
  /** The first instruction that brings a folder, or something that variables name. */
  readonly folder: number;
}

const sourcesOf = memoize((stage: Stage): Sources => {
  const names = new Map<string, number>();
  let folder = Number.MAX_SAFE_INTEGER;
  const add = (text: string, index: number): void => {
    const name = plainName(withoutEnd(text, '/'));
    if (!names.has(name)) names.set(name, index);
    // A name without an extension is a folder as a rule, unless it is well known.
    if (name === '' || name === '.' || name.includes('$') || !/[.*?[]/.test(name)) folder = Math.min(folder, index);
  };
  for (const outer of stage.instructions) {
    const instruction = outer.trigger ?? outer;
    const { keyword, words, mounts, index } = instruction;
    if (keyword === 'COPY' || keyword === 'ADD') {
      // What another stage made may be anything.
      if (instruction.flag('from')) add(words[0]?.text ?? '', index);
      else for (const word of words.slice(0, -1)) add(word.text, index);
    }
    for (const mount of mounts) if (mount.type === 'bind') add(mount.get('source') ?? mount.get('target') ?? '.', index);
  }
  return { names, globs: [...names.keys()].filter(name => /[*?[{]/.test(name)), folder };
});

/** Whether a name with globs may be that of a file. */
function mayBe(pattern: string, name: string): boolean {
  const star = pattern.search(/[*?[{]/);
  if (star < 0) return pattern === name;
  const tail = pattern.slice(1 + Math.max(...['*', '?', ']', '}'].map(mark => pattern.lastIndexOf(mark))));
  return name.startsWith(pattern.slice(0, star)) && name.endsWith(tail);
}

/** Whether a stage has one of these files of the build context when an instruction runs. */
export function presenceOf(stage: Stage, instruction: Instruction, wanted: readonly string[]): Presence {
  let presence: Presence = 'no';
  for (let at: Stage | null = stage; at !== null; at = at.base) {
    const { names, globs, folder } = sourcesOf(at);
    const isThere = (name: string): boolean => (names.get(name) ?? Number.MAX_SAFE_INTEGER) <= instruction.index;
    if (wanted.some(isThere)) return 'yes';
    if (folder <= instruction.index || globs.some(glob => isThere(glob) && wanted.some(name => mayBe(glob, name)))) presence = 'maybe';
  }
  return presence;
}
