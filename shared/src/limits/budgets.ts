/**
 * Every budget of the engine. All are counted, none is a clock: the same text gives the same answer on every machine. What a budget leaves
 * out is said by a finding `bulkhead/incomplete`; docs/limits.md lists them for users.
 */
export const budgets = {
  /** UTF-16 units of a text, where no setting says otherwise: 1 MiB. */
  textLength: 1 << 20,
} as const;
