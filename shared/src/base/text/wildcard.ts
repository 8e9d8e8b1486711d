/** Whether a text has wildcards of Kyverno. */
export function hasWildcard(text: string): boolean {
  return text.includes('*') || text.includes('?');
}

/** Whether a whole text matches a pattern in which `*` means any characters and `?` for one. Costs at most the product of their lengths. */
export function matchesWildcard(pattern: string, text: string): boolean {
  if (!hasWildcard(pattern)) return pattern === text;
  let [p, t, star, mark] = [0, 0, -1, 0];
  while (t < text.length) {
    if (p < pattern.length && pattern[p] !== '*' && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (pattern[p] === '*') {
      star = p++;
      mark = t;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
