import { join } from 'node:path';
import { masked, type MaskedText, trusted } from '../../../shared/src/early';
import { committedPath, factsIn, type FactTable, type ImageFacts, maskAlone, openCommitted } from '../../../shared/src/index';
import { shownPath } from './inputs';
import type { Reading } from './reading';

/** What a run knows of images by their configurations. */
export interface KnownFacts {
  /** What is known of an image that a file below a base folder names; `null`: nothing. */
  of(base: string | null, reference: string): ImageFacts | null;
  /** Takes in what was looked up. */
  add(table: FactTable): void;
}

/** Creates what knows the committed files of base folders. What is wrong with one is said once. */
export function createKnownFacts(reading: Reading, say: (line: MaskedText) => void): KnownFacts {
  const looked: FactTable[] = [];
  const committed = new Map<string, FactTable | null>();
  const committedIn = (base: string): FactTable | null => {
    let table = committed.get(base);
    if (table === undefined) {
      const path = join(base, committedPath);
      const text = reading.sideText(path);
      const warn = (problem: string): void => say(masked`bulkhead: ${trusted(shownPath(path))}: ${maskAlone(problem)}`);
      committed.set(base, (table = text.ok ? openCommitted(text.value, warn) : null));
    }
    return table;
  };
  return {
    of: (base, reference) => {
      const kept = base === null ? null : committedIn(base);
      return factsIn(kept ? [...looked, kept] : looked, reference);
    },
    add: table => void looked.push(table),
  };
}
