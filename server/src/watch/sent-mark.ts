import type { Working } from '../../../shared/src/output/protocol/messages';
import type { Marker } from './watch';

/** Sends marks to whoever watches where memory cannot be shared; they leave at once, however long the work takes. */
export function createSentMarker(send: (mark: Working | null) => void): Marker {
  const stack: Working[] = [];
  return {
    begin: mark => {
      stack.push(mark);
      send(mark);
    },
    end: () => {
      stack.pop();
      send(stack.at(-1) ?? null);
    },
  };
}

/** For hosts where nobody watches. */
export const silentMarker: Marker = { begin: () => {}, end: () => {} };
