/** The edit distance of two strings (insert, delete, replace, swap of neighbours), or `limit + 1` where it is larger than `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}

/** The candidate that a mistyped word most likely meant: at most a third of its letters differ, four at most; `null` where none is near. Case does not count. */
export function suggest(word: string, candidates: Iterable<string>): string | null {
  if (word.length > 80) return null;
  let best: string | null = null;
  let least = Math.min(4, Math.max(1, Math.floor(word.length / 3))) + 1;
  const lower = word.toLowerCase();
  for (const candidate of candidates) {
    const cost = distance(lower, candidate.toLowerCase(), least - 1);
    if (cost < least) {
      least = cost;
      best = candidate;
    }
  }
  return best;
}
