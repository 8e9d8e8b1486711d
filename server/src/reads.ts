import type { WorkspaceIndex } from '../../shared/src/workspace/types';
import { askedIndex } from '../../shared/src/workspace/workspace-index';

/** What a check asked the workspace index, with the answers that it got. */
export interface Reads {
  /** Whether `index` would give the same answers. */
  fresh(index: WorkspaceIndex): boolean;
}

/** Wraps an index so that each question and its answer are remembered. */
export function recordReads(index: WorkspaceIndex): { readonly workspace: WorkspaceIndex; readonly reads: Reads } {
  const answers: { readonly ask: (index: WorkspaceIndex) => unknown; readonly answer: string }[] = [];
  /** Answers under assumptions say nothing about the workspace as it is. */
  let assumed = false;
  const workspace = askedIndex(
    ask => {
      const answer = ask(index);
      if (!assumed) answers.push({ ask, answer: JSON.stringify(answer) ?? '' });
      return answer;
    },
    (path, facts, run) => {
      assumed = true;
      try {
        return index.assuming(path, facts, run);
      } finally {
        assumed = false;
      }
    },
  );
  return { workspace, reads: { fresh: i => answers.every(({ ask, answer }) => (JSON.stringify(ask(i)) ?? '') === answer) } };
}
