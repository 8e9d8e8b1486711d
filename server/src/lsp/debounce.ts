/** Something that runs once, `delayMs` after the last of several calls. */
export interface Debounced {
  (): void;
  /** Forgets a pending run. */
  cancel(): void;
}

/** Makes one run out of calls that follow each other within `delayMs`. */
export function debounce(run: () => void, delayMs: number): Debounced {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const cancel = (): void => {
    if (timer !== undefined) clearTimeout(timer);
    timer = undefined;
  };
  const call = (): void => {
    cancel();
    timer = setTimeout(() => {
      timer = undefined;
      run();
    }, delayMs);
  };
  return Object.assign(call, { cancel });
}
