import type { ScanImagesParams } from './scan';

/**
 * Address of the page of a rule, for editors and reports that cannot show the page that ships.
 * @param pages the folder of the pages, with a final slash; `null`: the product's manifest names no repository
 * @param rule a rule id such as `kubernetes/privileged`; the engine's own findings (`bulkhead/...`) and rules of a configuration (`custom/...`) have no page
 * @returns `null` where there is no address
 */
export function ruleAddress(pages: string | null, rule: string): string | null {
  return pages === null || !/^(?!(?:bulkhead|custom)\/)[a-z]+\/[a-z0-9-]+$/.test(rule) ? null : `${pages}${rule}.md`;
}

/** Client to server: the rules that a name stands for, of ours, another tool's or a standard's; and all rules with their names. */
export const findRulesMethod = 'bulkhead/findRules';

/** `name`: what a person wrote, for `named` and `near`. */
export interface FindRulesParams {
  readonly name?: string;
}

/** Answer to `findRulesMethod`. */
export interface FindRulesResult {
  readonly rules: readonly { readonly id: string; readonly title: string; readonly names: readonly string[] }[];
  /** Ids of the rules that the name stands for. */
  readonly named: readonly string[];
  /** What was probably meant, where it stands for none. */
  readonly near: string | null;
}

/** Server to client: show the page of a rule. Gives whether it was shown. Only sent where `InitializationOptions.pages` is set. */
export const showPageMethod = 'bulkhead/showPage';

/** Which page. */
export interface ShowPageParams {
  readonly rule: string;
}

/** What a hover has beside its text where `InitializationOptions.pages` is set: no link of a page stands in a text that quotes files. */
export interface HoverPages {
  /** The rules that the hover is about and that have a page. */
  readonly pages?: readonly string[];
  /** The argument of `lookUpImages` for the image that the hover is about, where that can be looked up. */
  readonly lookUp?: ScanImagesParams;
}
