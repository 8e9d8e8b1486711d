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

/** The number of insertions, removals and replacements that make one text of another. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
