/** Put in by the build. */
declare const BULKHEAD_VERSION: string | undefined;

/** The version of the product; `0.0.0` where the code runs unbuilt. */
export const version: string = typeof BULKHEAD_VERSION === 'string' ? BULKHEAD_VERSION : '0.0.0';
