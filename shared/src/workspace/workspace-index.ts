import { emptyFacts } from './fact-kind';
import { createFactStore, type Facts } from './fact-tables';
import { fileQuestions } from './file-questions';
import { imageQuestions } from './image-questions';
import { kustomizationQuestions } from './kustomization-questions';
import { objectQuestions } from './object-questions';
import type { AnyQuestion, Questions } from './question';
import { podQuestions } from './pod-questions';
import type { FileFacts, WorkspaceIndex } from './types';

/** The facts of a workspace's files, kept up to date file by file. */
export interface WorkspaceFacts {
  /** What rules are given. Its answers follow every update. */
  readonly index: WorkspaceIndex;
  /** Sets the facts of a file; tells whether they differ from those before. */
  update(path: string, facts: FileFacts): boolean;
  /** Forgets a file; tells whether it had facts. */
  remove(path: string): boolean;
  /** Says whether the files are by now all those of the folder. */
  settle(complete: boolean): void;
}

/** Everything that an index is asked, but for `complete` and `assuming`. */
const questions: Questions = { ...objectQuestions, ...podQuestions, ...kustomizationQuestions, ...imageQuestions, ...fileQuestions };

/** A question to an index as plain data: what is asked, and about what. */
export type IndexQuestion = readonly [what: string, ...about: unknown[]];

/** Makes an index of what answers questions. */
export function indexOf(answer: (question: IndexQuestion) => unknown, assuming: WorkspaceIndex['assuming']): WorkspaceIndex {
  const index: Record<string, unknown> = { assuming };
  Object.defineProperty(index, 'complete', { get: () => answer(['complete']), configurable: true, enumerable: true });
  for (const what of Object.keys(questions)) index[what] = (...about: unknown[]) => answer([what, ...about]);
  return index as unknown as WorkspaceIndex;
}

/** An index that puts every question through `ask`: what records questions, or puts them to an index that comes later. */
export function askedIndex(
  ask: <T>(question: (index: WorkspaceIndex) => T) => T,
  assuming: WorkspaceIndex['assuming'] = (_path, _facts, run) => run(),
): WorkspaceIndex {
  return indexOf(question => ask(index => answerOf(index, question)), assuming);
}

/** The answer to a question as plain data. */
export function answerOf(index: WorkspaceIndex, [what, ...about]: IndexQuestion): unknown {
  const asked = (index as unknown as Readonly<Record<string, unknown>>)[what];
  return typeof asked === 'function' ? (asked as (...about: readonly unknown[]) => unknown)(...about) : asked;
}

/** How a question is answered; `undefined`: it is none that is answered from tables. */
export function questionOf(what: string): AnyQuestion | undefined {
  return (questions as unknown as Readonly<Record<string, AnyQuestion | undefined>>)[what];
}

/** The answer that facts have to a question. */
export function answerFrom(facts: Facts, [what, ...about]: IndexQuestion): unknown {
  return what === 'complete' ? facts.complete : questionOf(what)!.answer(facts, ...about);
}

/**
 * Creates an empty index.
 * @param options.complete whether the files will be those of a whole folder, so that what no file says is absent
 */
export function createWorkspaceIndex(options: { readonly complete: boolean }): WorkspaceFacts {
  const { facts, set, assuming, settle } = createFactStore(options.complete);
  const index = indexOf(question => answerFrom(facts, question), assuming);
  return { index, update: set, remove: path => set(path, emptyFacts), settle };
}

/** A workspace of which nothing is known: a lone file, or standard input. */
export const emptyWorkspace: WorkspaceIndex = createWorkspaceIndex({ complete: false }).index;
