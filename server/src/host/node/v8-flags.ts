import { setFlagsFromString } from 'node:v8';

/**
 * The version of Node, as flags go: V8 complains of flags that it does not have. None in Electron, whose V8 is another one than that of its Node, and ends the
 * process where its flags are frozen.
 */
const node = process.versions['electron'] === undefined ? process.versions.node.split('.', 1)[0]! : '';

/** How much code must have run before V8 optimizes it, by the version of Node, for those on which that was measured: 2.5 times what V8 takes. */
export const patience: Readonly<Record<string, string>> = {
  20: '--interrupt-budget=170000',
  22: '--invocation-count-for-turbofan=8000',
  24: '--invocation-count-for-turbofan=8000',
};

/**
 * Has V8 optimize later than it would, for the rest of the process and its workers: half of the processor time of a run, and a quarter of that of the first edits in
 * a server, went into optimizing, on other threads, what hardly ran again (docs/performance.md, "Start").
 */
export function optimizeLater(): void {
  if (node in patience) setFlagsFromString(patience[node]!);
}

/**
 * Has V8 collect what is old when that has grown by a third, and not by as much again or more: over tens of thousands of files a third of the memory, for a twentieth of
 * the time (docs/performance.md, "A tree of files"). Gives what switches it off again: V8 refuses code that was kept under other flags.
 */
export function collectSooner(): () => void {
  if (!(node in patience)) return () => {};
  setFlagsFromString('--heap-growing-percent=30');
  return () => setFlagsFromString('--heap-growing-percent=0');
}
