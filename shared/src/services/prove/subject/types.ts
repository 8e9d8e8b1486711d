import type { Cannot, TrialSubject } from '../contract';
import type { RandomBytes } from './substitutes';

/** The file that is asked about, and what is asked of others. */
export interface SubjectRequest {
  /** Relative to the folder of the index, with `/`. */
  readonly path: string;
  readonly text: string;
  /** A service, a stage, a container of a pod, of a command; `null`: the only one, or the last stage. */
  readonly name: string | null;
  readonly random: RandomBytes;
  /** The text of another file: a Dockerfile that a service is built from, a Compose file that is included or extended. `null`: it is not there, or lies outside. */
  readonly read: (path: string) => string | null;
  /** The folder that a Dockerfile is built with, relative like `path`; `''`: the folder of the index. */
  readonly context: string;
}

/** What a trial is about, or everything that speaks against one. */
export type SubjectAnswer = TrialSubject | readonly Cannot[];

/** How a family's files become subjects. */
export interface SubjectReader {
  /** What can be asked for in a file, by name. */
  names(path: string, text: string): readonly string[];
  read(request: SubjectRequest): SubjectAnswer;
}
