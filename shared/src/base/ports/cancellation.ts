/** Says that nobody waits for a result any more. */
export interface Cancellation {
  readonly cancelled: boolean;
  /** Calls `listener` once when it happens, at once where it has; gives what takes the listener away again. */
  onCancel(listener: () => void): () => void;
}

/** Never happens. */
export const neverCancelled: Cancellation = { cancelled: false, onCancel: () => () => undefined };

/** A cancellation and what sets it off. */
export function createCancellation(): Cancellation & { cancel(): void } {
  const listeners = new Set<() => void>();
  let cancelled = false;
  return {
    get cancelled() {
      return cancelled;
    },
    onCancel: listener => {
      if (cancelled) listener();
      else listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    cancel: () => {
      if (cancelled) return;
      cancelled = true;
      for (const listener of listeners) listener();
      listeners.clear();
    },
  };
}
