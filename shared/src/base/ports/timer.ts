import type { Cancellation } from './cancellation';

/** Tells the time of day, and waits. */
export interface Timer {
  /** Milliseconds since 1970. */
  now(): number;
  /** Ends after `ms`, or as soon as nobody waits any more. */
  wait(ms: number, cancellation: Cancellation): Promise<void>;
}
