import type { Refusal, Working } from '../../../shared/src/output/protocol/messages';
import { textKey } from '../../../shared/src/early';

/** A text with the name that it goes by. */
export interface WatchedFile {
  readonly path: string;
  readonly text: string;
}

/** Whom a watch tells what is being worked on, so that somebody else can say what it was that never came to an end. Calls may nest. */
export interface Marker {
  begin(mark: Working): void;
  end(): void;
}

/** Runs what may take for ever. Time is the last resort: budgets come first. */
export interface Watch {
  /** Does some work on a file, under watch; what `otherwise` gives where this very text has brought an earlier attempt down. */
  run<T>(file: WatchedFile, work: () => T, otherwise: (refusal: Refusal) => T): T;
  /** Why a text is not tried again; `null`: it may be tried. */
  refusal(file: WatchedFile): Refusal | null;
}

/** Makes a watch over a marker; `refusals` are those of earlier attempts. */
export function createWatch(marker: Marker, refusals: readonly Refusal[]): Watch {
  const refused = new Map(refusals.map(refusal => [refusal.key, refusal]));
  /** The same file is worked on many times, once for each fix of it. */
  const keys = new WeakMap<WatchedFile, string>();
  const keyOf = (file: WatchedFile): string => {
    let key = keys.get(file);
    if (key === undefined) keys.set(file, (key = textKey(file.text)));
    return key;
  };
  const refusal = (file: WatchedFile): Refusal | null => (refused.size === 0 ? null : (refused.get(keyOf(file)) ?? null));
  return {
    refusal,
    run: (file, work, otherwise) => {
      const no = refusal(file);
      if (no) return otherwise(no);
      marker.begin({ key: keyOf(file), name: file.path });
      try {
        return work();
      } finally {
        marker.end();
      }
    },
  };
}
