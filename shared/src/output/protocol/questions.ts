import type { AnswerWord } from '../../engine/config/types';
import type { Severity } from '../../base/terms/types';
import type { PositionRange } from '../../base/text/line-table';
import type { ProveParams } from './trial';

/** Client to server: what harden asks about files, open or not. Gives `QuestionsResult`. */
export const questionsMethod = 'bulkhead/questions';

/** Which files. Of more than 16 questions are listed: asked again for the files of its places, one says all that `fix` would apply, which may be more. */
export interface QuestionsParams {
  readonly uris: readonly string[];
}

/** What is asked: the worst first. */
export interface QuestionsResult {
  readonly questions: readonly AskedQuestion[];
}

/** A question: one cause, and all containers of one image that it is about. */
export interface AskedQuestion {
  readonly id: string;
  /** "web, worker: drop all capabilities?". */
  readonly title: string;
  /** What has to be so for the answer `fix` to be right: sentences without a final full stop. */
  readonly rightIf: readonly string[];
  readonly rules: readonly string[];
  readonly severity: Severity;
  readonly findings: number;
  /** Where the first finding of each file is. */
  readonly places: readonly { readonly uri: string; readonly range: PositionRange }[];
  /** What to prove in place of an answer; `null`: a trial is not possible. */
  readonly trial: ProveParams | null;
  /** Whether the configuration can keep the answers `needed` and `later`. */
  readonly keeps: boolean;
}

/** Client to server: an answer. What it changes comes as `workspace/applyEdit`. Gives `AnswerResult`. */
export const answerMethod = 'bulkhead/answer';

/** What was answered. `fix`: it is right, and the fixes are applied; else the configuration keeps it, `needed` with its reason. */
export interface AnswerParams {
  readonly id: string;
  /** The files of the question's places. */
  readonly uris: readonly string[];
  readonly answer: 'fix' | AnswerWord;
  readonly reason?: string;
}

/** What came of an answer. */
export interface AnswerResult {
  readonly applied: boolean;
  /** Why nothing was applied, in a sentence; `null`: the question is gone, or the client refused. */
  readonly failure: string | null;
  /** The files that were changed. */
  readonly changed: readonly string[];
  readonly groups: number;
}

/** Client to server: the places that only a person can fill, after harden, of an open document. Gives `FillResult`; `null`: there are none. */
export const fillMethod = 'bulkhead/fill';

/** Which document. */
export interface FillParams {
  readonly uri: string;
}

/** Edits for one snippet session of the editor: tab stops are numbered through. */
export interface FillResult {
  readonly version: number;
  /** Sorted; in the snippet syntax of LSP. */
  readonly edits: readonly { readonly range: PositionRange; readonly snippet: string }[];
  /** How many findings they answer, and how many places are in their way until then. */
  readonly findings: number;
  readonly left: number;
}
