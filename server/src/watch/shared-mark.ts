import type { Working } from '../../../shared/src/output/protocol/messages';
import type { Marker } from './watch';

/**
 * Memory that a worker and its supervisor share. The first number counts the beginnings and ends of work: as long as it stays the same, the same piece of work
 * goes on, or none does. The second is the length of the mark, 0 where nothing is worked on. What follows is the mark.
 */
export type SharedMark = SharedArrayBuffer;

const header = 8;
const size = 4096;

/** Makes the memory. */
export function createSharedMark(): SharedMark {
  return new SharedArrayBuffer(size);
}

/** Writes marks; the end of a piece of work that stood in another one brings back the mark of that. */
export function createSharedMarker(memory: SharedMark): Marker {
  const numbers = new Int32Array(memory, 0, 2);
  const bytes = new Uint8Array(memory, header);
  const encoder = new TextEncoder();
  // the encoder of a browser does not write to shared memory
  const own = new Uint8Array(size - header);
  const stack: Working[] = [];
  const show = (): void => {
    const mark = stack.at(-1);
    let length = 0;
    if (mark) {
      // a name may be as long as the file's author likes
      length = encoder.encodeInto(JSON.stringify([mark.key, mark.name.slice(0, 300)]), own).written;
      bytes.set(own.subarray(0, length));
    }
    numbers[1] = length;
    Atomics.add(numbers, 0, 1);
  };
  return {
    begin: mark => {
      stack.push(mark);
      show();
    },
    end: () => {
      stack.pop();
      show();
    },
  };
}

/** What the memory says now. */
export interface MarkReading {
  /** Another one means that there has been progress. */
  readonly count: number;
  readonly mark: Working | null;
}

/** Reads the memory. Only a reading with the same count as the one before is sure to be whole: work goes on while it is read. */
export function readSharedMark(memory: SharedMark): MarkReading {
  const numbers = new Int32Array(memory, 0, 2);
  const count = Atomics.load(numbers, 0);
  const length = numbers[1]!;
  if (length === 0) return { count, mark: null };
  try {
    const [key, name] = JSON.parse(new TextDecoder().decode(new Uint8Array(memory, header).slice(0, length))) as [string, string];
    return { count, mark: { key, name } };
  } catch {
    return { count, mark: null };
  }
}
