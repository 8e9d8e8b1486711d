/** Lets actions begin in order, at most some of them at a time. */
export type Turns = <T>(action: () => Promise<T>) => Promise<T>;

/** Creates turns for `size` actions at a time. */
export function createTurns(size: number): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async action => {
    if (running >= size) await new Promise<void>(resolve => waiting.push(resolve));
    else running++;
    try {
      return await action();
    } finally {
      const next = waiting.shift();
      // the next one takes this place over
      if (next) next();
      else running--;
    }
  };
}
