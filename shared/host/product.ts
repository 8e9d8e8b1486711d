/** Put in by the build, from package.json. */
declare const BULKHEAD_PAGES: string | null | undefined;

/** Address of the folder that holds the pages of the rules of this version; `null`: the manifest names no repository, or the code runs unbuilt. */
export const pagesAddress: string | null = typeof BULKHEAD_PAGES === 'string' ? BULKHEAD_PAGES : null;
