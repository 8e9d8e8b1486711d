/**
 * Patterns of the shell in `${v#p}`, `${v%p}` and `${v/p/r}`, as BuildKit reads them. What stands between two stars has one length, so that
 * the next place where it fits is as good as any other: nothing is tried twice.
 */
export type PatternOperator = '#' | '##' | '%' | '%%' | '/' | '//';

/** A character, or `null` for `?`. */
type Token = string | null;
/** A pattern, cut at its stars. */
type Segments = readonly (readonly Token[])[];

/** Longer work than this, in characters of the pattern times those of the value, is not begun. */
const longestWork = 1 << 14;

/** The value after an operator; `null` where this implementation would rather not say, or BuildKit rejects the pattern. */
export function applyPattern(value: string, operator: PatternOperator, pattern: string, replacement: string): string | null {
  const segments = readPattern(pattern);
  if (segments === null || (pattern.length + 1) * value.length > longestWork) return null;
  const characters = [...value];
  switch (operator) {
    case '/':
    case '//':
      return replace(characters, segments, replacement, operator === '//');
    case '#':
    case '##':
      return characters.slice(matchAt(characters, segments, 0, operator === '##') ?? 0).join('');
    case '%':
    case '%%': {
      const reversed = segments.map(segment => [...segment].reverse()).reverse();
      const end = matchAt([...characters].reverse(), reversed, 0, operator === '%%') ?? 0;
      return characters.slice(0, characters.length - end).join('');
    }
  }
}

function readPattern(pattern: string): Segments | null {
  const segments: Token[][] = [[]];
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i]!;
    if (character === '*') segments.push([]);
    else if (character === '\\') {
      const next = characters[++i] ?? '';
      if (next === '' || !'*?\\}/'.includes(next)) return null;
      segments.at(-1)!.push(next);
    } else segments.at(-1)!.push(character === '?' ? null : character);
  }
  return segments;
}

function fits(value: readonly string[], segment: readonly Token[], at: number): boolean {
  return (
    at + segment.length <= value.length && segment.every((token, i) => (token === null ? value[at + i] !== '\n' : value[at + i] === token))
  );
}

/** The end of the shortest or longest match that starts at a place. A star takes no line break. */
function matchAt(value: readonly string[], [head = [], ...others]: Segments, start: number, longest: boolean): number | null {
  if (!fits(value, head, start)) return null;
  let end = start + head.length;
  others.forEach((segment, i) => {
    if (end < 0) return;
    const feed = value.indexOf('\n', end);
    const last = Math.min(feed < 0 ? value.length : feed, value.length - segment.length);
    let at = longest && i === others.length - 1 ? last : end;
    const step = at === end ? 1 : -1;
    while (at >= end && at <= last && !fits(value, segment, at)) at += step;
    end = at >= end && at <= last ? at + segment.length : -1;
  });
  return end < 0 ? null : end;
}

/** Replaces the first match, or all of them, from the left, each as long as can be; as Go does, none that is empty behind another. */
function replace(value: readonly string[], segments: Segments, replacement: string, all: boolean): string {
  let out = '';
  let at = 0;
  let behind = -1;
  while (at <= value.length) {
    const end = matchAt(value, segments, at, true);
    if (end !== null && !(end === at && at === behind)) {
      out += replacement;
      behind = end;
      if (!all) return out + value.slice(end).join('');
    }
    if (end !== null && end > at) at = end;
    else {
      const next = end === null ? nextStart(value, segments, at) : at + 1;
      out += value.slice(at, next).join('');
      at = next;
    }
  }
  return out;
}

/** Where to go on behind a place where nothing starts: what is missing behind the first star is missing for the rest of the line. */
function nextStart(value: readonly string[], [head = [], ...others]: Segments, at: number): number {
  if (others.length === 0 || !fits(value, head, at)) return at + 1;
  const feed = value.indexOf('\n', at + head.length);
  return feed < 0 ? value.length + 1 : Math.max(at + 1, feed + 1 - head.length);
}
