import type { WorkspaceIndex } from '../../shared/src/workspace/types';

/** What a check asked the workspace index, with the answers that it got. */
export interface Reads {
  /** Whether `index` would give the same answers. */
  fresh(index: WorkspaceIndex): boolean;
}

/** Wraps an index so that each question and its answer are remembered. */
export function recordReads(index: WorkspaceIndex): { readonly workspace: WorkspaceIndex; readonly reads: Reads } {
  const answers = new Map<string, { readonly ask: (index: WorkspaceIndex) => unknown; readonly answer: string }>();
  const record = <T>(key: string, ask: (index: WorkspaceIndex) => T): T => {
    const answer = ask(index);
    answers.set(key, { ask, answer: JSON.stringify(answer) ?? '' });
    return answer;
  };
  return {
    workspace: {
      get complete() {
        return record('complete', i => i.complete);
      },
      serviceAccount: (namespace, name) => record(`account ${namespace ?? ''}/${name}`, i => i.serviceAccount(namespace, name)),
      bindingsOf: (namespace, name) => record(`bindings ${namespace ?? ''}/${name}`, i => i.bindingsOf(namespace, name)),
    },
    reads: { fresh: i => [...answers.values()].every(({ ask, answer }) => (JSON.stringify(ask(i)) ?? '') === answer) },
  };
}
