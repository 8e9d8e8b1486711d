/** How the server reaches files that no document of the editor holds. All names are URIs: nothing assumes a disk. */
export interface WorkspaceFiles {
  /** The text of a file. Never rejects, and never waits for what may not come: a pipe, say. */
  read(uri: string, bounds: ReadBounds): Promise<ReadText>;
  /** Whether a file, a folder or a link is there. Never rejects. */
  exists(uri: string): Promise<boolean>;
  /** Whether a file is there, or a folder with more in it than what keeps it, as far as one can tell. Never rejects. */
  holds(uri: string): Promise<boolean>;
  /** Who has the repository with this top on its forge, as its settings say. Absent where those cannot be read. Never rejects. */
  owner?(top: string): Promise<string | null>;
  /** The files below a folder whose names are sought, ignored ones left out; at most `limit`. Never rejects. */
  find(folder: string, limit: number, sought: SoughtNames): Promise<FoundFiles>;
}

/** Names of files that a search is for. */
export interface SoughtNames {
  readonly has: (name: string) => boolean;
  /** Globs that take at least these names, for who can only search by globs. */
  readonly globs: readonly string[];
}

/** How far a reading may go. */
export interface ReadBounds {
  /** The URI of the folder that no link may lead out of. */
  readonly root: string;
  /** Files with more bytes are not read. */
  readonly maxBytes: number;
}

/** What reading a file gave; `problem` says why there is no text, `null` where there is no file. It goes on from the name of the file. */
export type ReadText = { readonly text: string } | { readonly text: null; readonly problem: string | null };

/** There is no such file, as far as one can tell. */
export const noText: ReadText = { text: null, problem: null };

/** Files that were found; `complete` is false where there may be more. */
export interface FoundFiles {
  readonly uris: readonly string[];
  readonly complete: boolean;
}

/** What a search gives that could not be made. */
export const nothingFound: FoundFiles = { uris: [], complete: false };
