/** How the server reaches files that no document of the editor holds. All names are URIs: nothing assumes a disk. */
export interface WorkspaceFiles {
  /** The text of a file; `null` where there is none, it is no file, or it has more than `maxBytes` bytes. Never rejects. */
  read(uri: string, maxBytes: number): Promise<string | null>;
  /** Whether a file or folder is there. Never rejects. */
  exists(uri: string): Promise<boolean>;
  /** The files below a folder that may hold facts for the workspace index, ignored ones left out; at most `limit`. Never rejects. */
  find(folder: string, limit: number): Promise<FoundFiles>;
}

/** Files that were found; `complete` is false where there may be more. */
export interface FoundFiles {
  readonly uris: readonly string[];
  readonly complete: boolean;
}

/** What a search gives that could not be made. */
export const nothingFound: FoundFiles = { uris: [], complete: false };
