import type { WorkspaceIndex } from './types';
import { answerOf, emptyWorkspace, type IndexQuestion } from './workspace-index';

/** Of what questions are about whose things lead to their whole model, what the answer depends on. */
const picked: Readonly<Record<string, readonly string[]>> = {
  fillsIn: ['kind', 'name'],
  policiesFor: ['namespace', 'labels'],
  servicesFor: ['namespace', 'labels'],
  budgetsFor: ['namespace', 'labels'],
};

function plainQuestion(what: string, about: readonly unknown[]): IndexQuestion {
  const members = picked[what];
  const plain = about.map(each =>
    members && typeof each === 'object' && each !== null
      ? Object.fromEntries(members.map(member => [member, (each as Readonly<Record<string, unknown>>)[member]]))
      : each,
  );
  while (plain.length > 0 && plain.at(-1) === undefined) plain.pop();
  return [what, ...plain];
}

/** An index that tells of every question and its answer, but for what is assumed. */
export function heardIndex(index: WorkspaceIndex, hear: (question: IndexQuestion, answer: unknown) => void): WorkspaceIndex {
  const heard: Record<string, unknown> = {};
  for (const what of Object.keys(emptyWorkspace)) {
    const ask = (...about: unknown[]): unknown => {
      const question = plainQuestion(what, about);
      const answer = answerOf(index, question);
      hear(question, answer);
      return answer;
    };
    if (what === 'assuming') heard[what] = (...about: Parameters<WorkspaceIndex['assuming']>) => index.assuming(...about);
    else if (what === 'complete') Object.defineProperty(heard, what, { get: () => ask() });
    else heard[what] = ask;
  }
  return heard as unknown as WorkspaceIndex;
}
