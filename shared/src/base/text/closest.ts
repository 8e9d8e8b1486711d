/** Longer names are not compared, nor are more candidates: the work grows with the square. */
const longest = 64;
const most = 200;

/** The candidate within an edit distance of two, if one is closest and none is the name itself; `''` otherwise, and where there are too many to compare. */
export function closest(name: string, candidates: Iterable<string>): string {
  let best = '';
  if (name.length > longest) return best;
  let left = most;
  let bestDistance = Math.min(3, name.length);
  for (const candidate of candidates) {
    if (left-- === 0) return '';
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = editDistance(name, candidate);
    if (distance === 0) return '';
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** The number of insertions, removals, replacements and swaps of neighbours that make one short text of another; `limit + 1` where it is more than `limit`. */
export function editDistance(a: string, b: string, limit = Infinity): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    before = last;
    last = row;
  }
  return last[b.length]!;
}
