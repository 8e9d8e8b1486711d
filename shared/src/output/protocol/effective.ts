import type { PositionRange } from '../../base/text/line-table';

/** Client to server: what really runs of an open document, after every merge and default. Gives `EffectiveResult`, or `null` where it describes nothing that runs. */
export const effectiveMethod = 'bulkhead/effective';

/** Which document. */
export interface EffectiveParams {
  readonly uri: string;
}

/** Two texts of one form, to be read side by side: an entry for each container, a line for each fact, and after `#` where it comes from. */
export interface EffectiveResult {
  readonly version: number;
  readonly text: string;
  /** The same of what harden makes of the document unasked. */
  readonly hardened: string;
  /** The containers by their names in the texts, in the document. */
  readonly places: readonly { readonly name: string; readonly range: PositionRange }[];
}
