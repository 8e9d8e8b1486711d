import type { FactPlace } from './types';

/** An ignore file that names what programs write beside their sources. */
export interface LeftOutFact extends FactPlace {
  readonly type: 'left-out';
  /** The first file that has no folder of its own, as a pattern: `*.log`. */
  readonly file: string;
}

/** A step of a workflow that runs code of strangers and can write the cache that builds of the default branch and of tags read. */
export interface OpenCacheFact extends FactPlace {
  readonly type: 'open-cache';
  /** The event that starts it: `pull_request_target`. */
  readonly event: string;
}

/** A fact that stands alone: nothing is looked up by its name. */
export type LoneFact = LeftOutFact | OpenCacheFact;
