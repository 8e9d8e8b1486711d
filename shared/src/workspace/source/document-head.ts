/** What the top level of one YAML (or JSON) document says. */
export interface DocumentHead {
  /** Top-level keys in order, those that merge keys bring in behind them; empty for a root that is no map. */
  readonly keys: readonly string[];
  /** The text of `apiVersion` and `kind`; `null` where the key is absent. */
  readonly apiVersion: string | null;
  readonly kind: string | null;
  /** Whether the root is a sequence. */
  readonly sequence: boolean;
  /** The first key of the first item, where the root is a sequence. */
  readonly itemKey: string | null;
}

/** The API group of a document's `apiVersion`, `''` for the core group; `null` where the document has no `apiVersion` and `kind`. */
export function groupOf({ apiVersion, kind }: DocumentHead): string | null {
  if (apiVersion === null || kind === null) return null;
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
