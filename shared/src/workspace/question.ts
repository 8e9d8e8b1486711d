import type { Facts } from './fact-tables';
import type { BuildTrait } from './sketch';
import type { ObjectFilter } from './object-filters';
import type { FileFacts, WorkspaceIndex } from './types';

/** What reads files into the facts before a question is answered from them. */
export interface FactReader {
  /** What is there so far. */
  readonly facts: Facts;
  /** Whether nothing is missing: every file has been looked at then. */
  isComplete(): boolean;
  /** Reads all objects of a sort, or until there is enough, which is asked after each file that had some. */
  readonly objects: (wanted: ObjectFilter, isEnough?: (path: string) => boolean) => void;
  /** Those of the files of a folder, without the folders in it. */
  objectsOf(folder: string, wanted: ObjectFilter): void;
  /** Those of one name, or of a name that passes. */
  named(wanted: ObjectFilter, name: string, passes?: (name: string) => boolean): void;
  /** Objects of a kind, as `filterOfKind` takes it. */
  ofKind(kind: string): ObjectFilter;
  /** Reads what says something of builds. */
  builds(what: BuildTrait): void;
  /** Reads a file. */
  file(path: string): void;
  /** Reads a file that somebody starts: no list of files has to have it. */
  program(path: string): void;
  /** Looks whether anything is at a path. */
  look(path: string): void;
  /** The files whose paths pass. Under one name the same test is meant: it is asked once. */
  files(name: string, test: (path: string) => boolean): readonly string[];
  /** Puts down the facts of a file that its name alone tells. */
  give(path: string, facts: FileFacts): void;
}

/** What an index is asked. */
type Asked = Exclude<keyof WorkspaceIndex, 'complete' | 'assuming'>;

/** How a question is answered. */
interface Question<Q extends Asked> {
  /** What has to be read before; absent: nothing. */
  readonly needs?: (read: FactReader, ...about: Parameters<WorkspaceIndex[Q]>) => void;
  readonly answer: (facts: Facts, ...about: Parameters<WorkspaceIndex[Q]>) => ReturnType<WorkspaceIndex[Q]>;
  /** Of a thing that it is about and that leads to its whole model, the members that the answer depends on. */
  readonly dependsOn?: readonly string[];
}

/** Every question, with how it is answered. */
export type Questions = { readonly [Q in Asked]: Question<Q> };

/** Any of them, whatever it is about. */
export interface AnyQuestion {
  readonly needs?: (read: FactReader, ...about: readonly unknown[]) => void;
  readonly answer: (facts: Facts, ...about: readonly unknown[]) => unknown;
  readonly dependsOn?: readonly string[];
}
