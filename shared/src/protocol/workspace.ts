/**
 * Client to server: the files of a folder that may be ours, by their names, as the command line finds them: without what version control ignores, and without
 * folders of packages. Of a folder that is on no disk, as the client's own search finds them.
 */
export const findCandidatesMethod = 'bulkhead/findCandidates';

/** Where to look; no more than `limit` files are wanted. */
export interface FindCandidatesParams {
  /** URI of the folder. */
  readonly folder: string;
  readonly limit: number;
}

/** URIs of files, sorted; `complete` is false where there may be more, or part of the folder could not be read. */
export interface FindCandidatesResult {
  readonly uris: readonly string[];
  readonly complete: boolean;
}
