import { range, type Range } from './range';

/** A text to look for. */
export interface Needle {
  readonly text: string;
  /** How many characters at its start are context and stay: `-p` of `-phunter2`. */
  readonly keep: number;
  /** Whether it counts only as a word of its own: no letter or digit beside it. */
  readonly whole: boolean;
}

/** Shorter needles are not looked for. */
export const shortestNeedle = 6;
/** So much of a longer one is compared; what follows goes on to the next blank. */
const compared = 256;
/** So many needles may share their first characters; from then on whatever starts so counts, up to the next blank. */
const crowd = 32;

/** Finds any of a set of texts. */
export interface NeedleFinder {
  /** Whether there is nothing to look for. */
  readonly empty: boolean;
  /** Where needles stand in a text: in order, without overlaps. In a text that was cut (`…`, or its end) the start of one counts too. */
  find(text: string): readonly Range[];
}

const isWord = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code > 191;
const isBlank = (code: number): boolean => code <= 32 || Number.isNaN(code);

const nothing: NeedleFinder = { empty: true, find: () => [] };

/** Builds a finder. Time to find is in proportion to the text, however many needles there are. */
export function createNeedles(needles: Iterable<Needle>): NeedleFinder {
  const buckets = new Map<string, Needle[]>();
  const seen = new Set<string>();
  for (const needle of needles) {
    const { text } = needle;
    if (text.length < shortestNeedle || seen.has(text)) continue;
    seen.add(text);
    const key = text.slice(0, shortestNeedle);
    const bucket = buckets.get(key);
    if (bucket === undefined) buckets.set(key, [needle]);
    else if (bucket.length <= crowd) bucket.push(needle);
  }
  if (buckets.size === 0) return nothing;
  // most places of a text are done with this: the first two characters, hashed
  const starts = new Uint8Array(4096);
  const slot = (a: number, b: number): number => (a * 31 + b) & 4095;
  for (const [key, bucket] of buckets) {
    starts[slot(key.charCodeAt(0), key.charCodeAt(1))] = 1;
    bucket.sort((a, b) => b.text.length - a.text.length);
  }

  const matchAt = (text: string, at: number): Range | null => {
    const bucket = buckets.get(text.slice(at, at + shortestNeedle));
    if (bucket === undefined) return null;
    if (bucket.length > crowd) return range(at, wordEnd(text, at + shortestNeedle));
    let cut: Range | null = null;
    for (const { text: needle, keep, whole } of bucket) {
      const length = Math.min(needle.length, compared);
      let same = shortestNeedle;
      while (same < length && text.charCodeAt(at + same) === needle.charCodeAt(same)) same++;
      const stop = at + same;
      if (same < length) {
        // the start of it, where the text was cut
        if (!whole && same > keep && isCut(text, stop)) cut ??= range(at + keep, stop);
        continue;
      }
      if (whole && (isWord(text.charCodeAt(at - 1)) || isWord(text.charCodeAt(stop)))) continue;
      return range(at + keep, needle.length > compared ? wordEnd(text, stop) : stop);
    }
    return cut;
  };

  return {
    empty: false,
    find: text => {
      const found: Range[] = [];
      for (let at = 0; at + shortestNeedle <= text.length; at++) {
        if (starts[slot(text.charCodeAt(at), text.charCodeAt(at + 1))] === 0) continue;
        const match = matchAt(text, at);
        if (match === null || match.end <= match.start) continue;
        found.push(match);
        at = match.end - 1;
      }
      return found;
    },
  };
}

function wordEnd(text: string, at: number): number {
  while (at < text.length && !isBlank(text.charCodeAt(at))) at++;
  return at;
}

function isCut(text: string, at: number): boolean {
  const char = text.charAt(at);
  return char === '' || char === '…' || ((char === '"' || char === "'") && at - 1 > 0);
}
