/** What `npm run fuzz` was asked for. */
export interface FuzzOptions {
  readonly seconds: number;
  /** How many cases are enough, however fast the machine is. */
  readonly cases: number;
  readonly seed: number;
}

/** A case that went wrong. */
export interface FuzzFailure {
  /** What is wrong, in a few words each. */
  readonly flaws: readonly string[];
  /** The case as it was made small: JSON, so that it can become a seed in test/fuzz/seeds. */
  readonly input: unknown;
}

/** What a target gave: how many cases it tried, and the first that went wrong. */
export interface FuzzResult {
  readonly cases: number;
  readonly failure: FuzzFailure | null;
}

/** Something that is fed with cases for as long, or as often, as it is told. */
export type FuzzTarget = (options: FuzzOptions) => Promise<FuzzResult>;
