/** Something that the files of an image say. */
export interface FileFact<T> {
  readonly value: T;
  /** Whether it rests on layers that were read whole, and hash to what the manifest and the configuration name. */
  readonly whole: boolean;
  /** Why it may be otherwise, as the end of a sentence; `null`: it is so. */
  readonly doubt: string | null;
}

/** Who the user of an image is, by its `/etc/passwd` and `/etc/group`. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  /** `null`: it has no entry. */
  readonly home: string | null;
  readonly shell: string | null;
}

/** A user of an image, by name. */
export interface NamedUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The system in an image, as its os-release says. */
export interface System {
  /** `debian`. */
  readonly id: string;
  /** `12`; empty where it has none. */
  readonly version: string;
  /** For people. */
  readonly name: string;
}

/** Whose a file is, and who may do what with it. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  readonly isFolder: boolean;
}

/** A script that is started. */
export interface StartScript {
  /** The words after `#!`. */
  readonly interpreter: string;
  /** Whether a line of it runs something as another user. */
  readonly drops: boolean;
  /** Whether it ends by becoming the command that it is given: `exec "$@"`. */
  readonly handsOn: boolean;
}

/** The file of a program that an image starts. */
export interface StartedFile {
  /** Where it is, links followed. */
  readonly path: string;
  readonly owner: Owner;
  /** What it carries as file capabilities; `null`: they cannot be read. */
  readonly capabilities: readonly string[] | null;
  /** `null`: it is none. */
  readonly script: StartScript | null;
}

/** What the layers of an image say, as far as it was asked for. */
export interface ImageFiles {
  /** `value: null`: the image has no such user. */
  readonly account: FileFact<Account | null>;
  /** Its users, the first of them; `value: null`: it has no `/etc/passwd`. */
  readonly users: FileFact<readonly NamedUser[] | null>;
  readonly system: FileFact<System | null>;
  /** Its working directory, its volumes, and what else was asked for, by path; `value: null`: it is not there. */
  readonly paths: Readonly<Record<string, FileFact<Owner | null>>>;
  /** Programs by name, and where they are; `value: null`: the image has none. */
  readonly programs: Readonly<Record<string, FileFact<string | null>>>;
  /** What it starts, in that order: its entry point, and the command that a script may become; by the words that name them. */
  readonly starts: readonly (FileFact<StartedFile | null> & { readonly word: string })[];
  /** What it took. */
  readonly read: { readonly bytes: number; readonly layers: number; readonly problem: string | null };
}

/** The programs that are looked for: shells, what health checks ask with, what starts others. */
export const lookedForPrograms = ['sh', 'bash', 'curl', 'wget', 'tini', 'gosu', 'su-exec'] as const;
