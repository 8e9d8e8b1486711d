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
}

/** Levels from the one that can be relied on most. */
export const factLevels: readonly FactLevel[] = ['verified', 'as-served', 'claimed'];

/** The facts that can be relied on more; those of `a` where both can as much. */
export function betterFacts(a: ImageFacts | null, b: ImageFacts | null): ImageFacts | null {
  if (a === null || b === null) return a ?? b;
  return factLevels.indexOf(b.level) < factLevels.indexOf(a.level) ? b : a;
}
