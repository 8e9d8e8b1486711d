import { editDistance } from './closest';

/** Which characters a text has, as bits: a character that the other lacks costs an edit. Several characters may share a bit, which only makes texts look nearer. */
function lettersOf(text: string): number {
  let letters = 0;
  for (let i = 0; i < text.length; i++) letters |= 1 << (text.charCodeAt(i) & 31);
  return letters;
}

/** How many bits are set. */
function bits(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) count++;
  return count;
}

interface Known {
  readonly lower: string;
  readonly letters: number;
}

/** Candidates are the same few hundred names again and again. */
let known = new Map<string, Known>();
const mostKnown = 4000;

function knownOf(candidate: string): Known {
  let found = known.get(candidate);
  if (found) return found;
  const lower = candidate.toLowerCase();
  found = { lower, letters: lettersOf(lower) };
  if (known.size >= mostKnown) known = new Map();
  known.set(candidate, found);
  return found;
}

/** The candidate that a mistyped word most likely meant: at most a third of its letters differ, four at most; `null` where none is near. Case does not count. */
export function suggest(word: string, candidates: Iterable<string>): string | null {
  if (word.length > 80) return null;
  let best: string | null = null;
  let least = Math.min(4, Math.max(1, Math.floor(word.length / 3))) + 1;
  const lower = word.toLowerCase();
  const letters = lettersOf(lower);
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - lower.length) >= least) continue;
    const other = knownOf(candidate);
    if (bits(letters & ~other.letters) >= least) continue;
    const cost = editDistance(lower, other.lower, least - 1);
    if (cost < least) {
      least = cost;
      best = candidate;
    }
  }
  return best;
}
