import type { FileFact, ImageFiles, StartScript } from './image-files';

/**
 * How far facts of an image can be relied on. `verified`: the bytes of index, manifest and configuration hash to the digest that the reference carries.
 * `as-served`: a registry served them for a tag, which it may move. `claimed`: anybody can write them: history, labels, annotations, files of a repository.
 */
export type FactLevel = 'verified' | 'as-served' | 'claimed';

/** What an image says of itself, as rules use it: the configuration of one platform. */
export interface ImageFacts {
  readonly level: FactLevel;
  /** What the bytes hash to: of the index, where the image has several platforms. */
  readonly digest: string;
  /** `linux/amd64`. */
  readonly platform: string;
  /** As it is written: `node`, `1000:1000`; empty where there is none, which is root. */
  readonly user: string;
  /** The number of a user by name, as the history tells it, which is a claim whatever the level; `null`: it tells none. */
  readonly claimedUid: number | null;
  /** The images that it was built on, as far as its labels, variables and history tell, which is a claim whatever the level. */
  readonly bases: readonly string[];
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** Absolute; `/` where none is set. Of Windows as it is written. */
  readonly workdir: string;
  /** `8080/tcp`. */
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  /** The names of its variables; their values may be credentials. */
  readonly variables: readonly string[];
  /** The words of its health check, `NONE` among them; `null`: it has none. */
  readonly health: readonly string[] | null;
  readonly stopSignal: string | null;
  /** What its files say; absent: no layer was read. */
  readonly files?: ImageFiles;
}

/** Levels from the one that can be relied on most. */
export const factLevels: readonly FactLevel[] = ['verified', 'as-served', 'claimed'];

/** The facts that can be relied on more; those of `a` where both can as much. */
export function betterFacts(a: ImageFacts | null, b: ImageFacts | null): ImageFacts | null {
  if (a === null || b === null) return a ?? b;
  return factLevels.indexOf(b.level) < factLevels.indexOf(a.level) ? b : a;
}

type PickFile<T> = (files: ImageFiles) => FileFact<T> | null | undefined;

/** What files say, whatever their level: enough for a finding, a question, or a value to propose. `null`: it is not known. */
export function servedFile<T>(facts: ImageFacts | null, pick: PickFile<T>): FileFact<T> | null {
  const fact = facts?.files ? pick(facts.files) : null;
  return fact && fact.doubt === null ? fact : null;
}

/** The same where it is verified: its layers hash, and so does what leads to them from the digest of the reference. */
export function verifiedFile<T>(facts: ImageFacts | null, pick: PickFile<T>): FileFact<T> | null {
  const fact = servedFile(facts, pick);
  return fact?.whole && facts?.level === 'verified' ? fact : null;
}

/** The number of a user by name, by the files of its image; `null`: not known. */
export function fileUid(facts: ImageFacts | null, name: string): number | null {
  return servedFile(facts, files => files.users)?.value?.find(user => user.name === name)?.uid ?? null;
}

/** Whether the files of an image have a program; `null`: not known. */
export function hasProgram(facts: ImageFacts | null, name: string): boolean | null {
  const fact = servedFile(facts, ({ programs }) => (Object.hasOwn(programs, name) ? programs[name] : null));
  return fact && fact.value !== null;
}

/**
 * Whether an image has a program: that it does counts where it is verified, that it does not at any level; `null`: what is known of its name decides.
 */
export function bringsProgram(facts: ImageFacts | null, name: string): boolean | null {
  const has = hasProgram(facts, name);
  return has === true && verifiedFile(facts, ({ programs }) => programs[name]) === null ? null : has;
}

/**
 * What the files of the programs carry that an image starts: its entry point, or its command where that is a script which becomes it; `null`: not all of them were read.
 * @param get `verifiedFile` or `servedFile`
 */
export function startedCapabilities(facts: ImageFacts | null, get: typeof verifiedFile): readonly string[] | null {
  for (const start of facts?.files?.starts ?? []) {
    const file = get(facts, () => start)?.value;
    if (!file || file.capabilities === null) return null;
    // those of a script do not count
    if (file.script === null) return file.capabilities;
    if (!file.script.handsOn) return null;
  }
  return null;
}

/** Whether a program that an image starts is set-user-ID, as far as that is known. */
export function startsSetuid(facts: ImageFacts | null): boolean {
  return (facts?.files?.starts ?? []).some(start => ((servedFile(facts, () => start)?.value?.owner.mode ?? 0) & 0o4000) !== 0);
}

/** The script that an image starts first; `null`: it is none, or not known. */
export function startedScript(facts: ImageFacts | null, get: typeof verifiedFile): StartScript | null {
  const [start] = facts?.files?.starts ?? [];
  return (start && get(facts, () => start)?.value?.script) ?? null;
}
