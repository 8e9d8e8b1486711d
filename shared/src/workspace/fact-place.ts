/** Where a fact stands: for related information and for the record of what a finding depends on. */
export interface FactPlace {
  readonly path: string;
  /** Range in the file's text. */
  readonly range: { readonly start: number; readonly end: number };
}
