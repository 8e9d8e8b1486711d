/** What an entry of a folder is. `link`: a symbolic link, not followed; `other`: a socket, a device and the like. */
export type EntryKind = 'file' | 'folder' | 'link' | 'other';

/** One entry of a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: EntryKind;
}

/** What stands at a path, links followed. */
export interface FileStat {
  readonly kind: Exclude<EntryKind, 'link'>;
  /** Bytes. */
  readonly size: number;
}

/** Why the file system did not give what was asked for. */
export type FileProblem = 'not-found' | 'no-permission' | 'broken-link' | 'link-loop' | 'is-folder' | 'not-folder' | 'other';

/** A value, or why there is none: `message` is a short English phrase without the path and without a final full stop. */
export type FileResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: FileProblem; readonly message: string };

/** Reads files. Paths are absolute, with `/`. Nothing throws: what goes wrong is a value. */
export interface FileSystem {
  stat(path: string): Promise<FileResult<FileStat>>;
  /** The bytes of a file; at most `limit` of them, from the start, where a limit is given. */
  read(path: string, limit?: number): Promise<FileResult<Uint8Array>>;
  /** The entries of a folder, sorted by name. */
  list(path: string): Promise<FileResult<readonly FolderEntry[]>>;
  /** The path with all links resolved. */
  realPath(path: string): Promise<FileResult<string>>;
}
