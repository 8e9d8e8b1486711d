/** Tells the time. */
export interface Clock {
  /** Milliseconds from some fixed moment, for measuring. */
  now(): number;
  /** Today in UTC as an ISO date, such as `2026-11-24`. */
  today(): string;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  today: () => new Date().toISOString().slice(0, 10),
};
