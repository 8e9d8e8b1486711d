import type { WorkspaceIndex } from './types';
import { answerOf, indexOf, questionOf, type IndexQuestion } from './workspace-index';

/** A question without what its answer does not depend on: a pod leads to its whole model. */
function plainQuestion([what, ...about]: IndexQuestion): IndexQuestion {
  const members = questionOf(what)?.dependsOn;
  const plain = about.map(each =>
    members && typeof each === 'object' && each !== null
      ? Object.fromEntries(members.map(member => [member, (each as Readonly<Record<string, unknown>>)[member]]))
      : each,
  );
  while (plain.length > 0 && plain.at(-1) === undefined) plain.pop();
  return [what, ...plain];
}

/** An index that reports every question and its answer, but for what is assumed. */
export function observedIndex(index: WorkspaceIndex, observe: (question: IndexQuestion, answer: unknown) => void): WorkspaceIndex {
  return indexOf(
    asked => {
      const question = plainQuestion(asked);
      const answer = answerOf(index, question);
      observe(question, answer);
      return answer;
    },
    (path, facts, run) => index.assuming(path, facts, run),
  );
}
