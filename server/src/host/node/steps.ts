import * as fs from 'node:fs';
import { promisify } from 'node:util';

/**
 * One thing asked of the file system. What may take long has an answer for later too: the server goes on with other work meanwhile. Everything else takes microseconds, and
 * would take ten times as long by way of another thread.
 */
export interface Step<T = unknown> {
  now(): T;
  later?(): Promise<T>;
}

/** Work that asks the file system one thing after the other; who runs it decides whether it waits. */
export type Steps<T> = Generator<Step, T, unknown>;

/** Asks one thing. What goes wrong is thrown where it was asked. */
export function* ask<T>(step: Step<T>): Steps<T> {
  return (yield step) as T;
}

/** Runs to the end without letting anything else run. */
export function runNow<T>(steps: Steps<T>): T {
  let next = steps.next();
  while (!next.done) {
    let answer: unknown;
    try {
      answer = next.value.now();
    } catch (error) {
      next = steps.throw(error);
      continue;
    }
    next = steps.next(answer);
  }
  return next.value;
}

/** Runs to the end and lets others run while the file system works. */
export async function runLater<T>(steps: Steps<T>): Promise<T> {
  let next = steps.next();
  while (!next.done) {
    let answer: unknown;
    try {
      answer = next.value.later ? await next.value.later() : next.value.now();
    } catch (error) {
      next = steps.throw(error);
      continue;
    }
    next = steps.next(answer);
  }
  return next.value;
}

const read = promisify(fs.read);

/**
 * How files are opened: never through a link, and never so that the opening waits for the other end of a pipe, or makes a terminal ours. Windows has none of these.
 */
const openFlags = fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0) | (fs.constants.O_NONBLOCK ?? 0) | (fs.constants.O_NOCTTY ?? 0);

/** The file system, a step for each call. */
export const disk = {
  lstat: (path: string): Steps<fs.Stats> => ask({ now: () => fs.lstatSync(path) }),
  stat: (path: string): Steps<fs.Stats> => ask({ now: () => fs.statSync(path) }),
  readlink: (path: string): Steps<string> => ask({ now: () => fs.readlinkSync(path) }),
  realpath: (path: string): Steps<string> => ask({ now: () => fs.realpathSync.native(path) }),
  open: (path: string): Steps<number> => ask({ now: () => fs.openSync(path, openFlags) }),
  fstat: (file: number): Steps<fs.Stats> => ask({ now: () => fs.fstatSync(file) }),
  read: (file: number, into: Buffer, at: number): Steps<number> =>
    ask({
      now: () => fs.readSync(file, into, at, into.length - at, null),
      later: async () => (await read(file, into, at, into.length - at, null)).bytesRead,
    }),
  close: (file: number): Steps<void> => ask({ now: () => fs.closeSync(file) }),
};

/** How many entries of a folder are read at a time. */
const listed = 256;

/** The entries of a folder, at most `limit` and one more, in no order. */
export function* list(path: string, limit: number): Steps<readonly fs.Dirent[]> {
  const folder = yield* ask({ now: () => fs.opendirSync(path, { bufferSize: listed }) });
  try {
    const entries: fs.Dirent[] = [];
    for (let entry = folder.readSync(); entry && entries.length <= limit; entry = folder.readSync()) {
      entries.push(entry);
      if (entries.length % listed === 0) yield* pause();
    }
    return entries;
  } finally {
    folder.closeSync();
  }
}

/** Work is cut into pieces of at most this, so that nobody waits longer for an answer. */
const sliceMs = 10;
let sliceStart = 0;

/** Lets others run, where this has run for long. To be asked for every hundred entries or so: it costs a little. */
export function* pause(): Steps<void> {
  yield* ask({
    now: () => undefined,
    later: async () => {
      if (performance.now() - sliceStart < sliceMs) return;
      await new Promise<void>(resolve => setImmediate(resolve));
      sliceStart = performance.now();
    },
  });
}
