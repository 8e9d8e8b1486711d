import { automatonOf, endsOf, literally, type Automaton, type Step, type Takes } from '../../../base/text/automaton';

/** Patterns of the shell in `${v#p}`, `${v%p}` and `${v/p/r}`, as BuildKit reads them. */
export type PatternOperator = '#' | '##' | '%' | '%%' | '/' | '//';

/** Longer work than this, in characters of the pattern times those of the value, is not begun. */
const longestWork = 1 << 14;

/** The value after an operator; `null` where this implementation would rather not say, or BuildKit rejects the pattern. */
export function applyPattern(value: string, operator: PatternOperator, pattern: string, replacement: string): string | null {
  const steps = readPattern(pattern);
  if (steps === null || (pattern.length + 1) * value.length > longestWork) return null;
  const isLongest = operator.length === 2;
  switch (operator) {
    case '/':
    case '//':
      return replace(value, steps, replacement, isLongest);
    case '#':
    case '##':
      return value.slice(endOf(automatonOf(steps), value, 0, isLongest) ?? 0);
    case '%':
    case '%%':
      return value.slice(0, value.length - (endOf(automatonOf([...steps].reverse()), reversed(value), 0, isLongest) ?? 0));
  }
}

/** Neither a star nor a question mark takes a line break. */
const inLine: Takes = char => char !== '\n';

function readPattern(pattern: string): readonly Step[] | null {
  const steps: Step[] = [];
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i]!;
    if (character === '*') steps.push({ is: 'many', takes: inLine });
    else if (character === '?') steps.push({ is: 'one', takes: inLine });
    else if (character !== '\\') steps.push(...literally(character));
    else {
      const next = characters[++i] ?? '';
      if (next === '' || !'*?\\}/'.includes(next)) return null;
      steps.push(...literally(next));
    }
  }
  return steps;
}

const reversed = (text: string): string => [...text].reverse().join('');

/** The end of the shortest or longest match that starts at a place. */
function endOf(automaton: Automaton, value: string, start: number, isLongest: boolean): number | null {
  return endsOf(automaton, value, start).ends.at(isLongest ? -1 : 0) ?? null;
}

/** Replaces the first match, or all of them, from the left, each as long as can be; as Go does, none that is empty behind another. */
function replace(value: string, steps: readonly Step[], replacement: string, all: boolean): string {
  const automaton = automatonOf(steps);
  // where matches may start, all at once and from the end: to try each place would cost the square of a long line
  const fromTheEnd = automatonOf([{ is: 'many', takes: () => true }, ...[...steps].reverse()]);
  const starts = new Set(endsOf(fromTheEnd, reversed(value)).ends.map(end => value.length - end));
  let out = '';
  let at = 0;
  let behind = -1;
  while (at <= value.length) {
    const end = starts.has(at) ? endOf(automaton, value, at, true) : null;
    const isMatch = end !== null && !(end === at && at === behind);
    if (isMatch) {
      out += replacement;
      behind = end;
      if (!all) return out + value.slice(end);
    }
    if (end !== null && end > at) at = end;
    else {
      const next = at + String.fromCodePoint(value.codePointAt(at) ?? 0).length;
      out += value.slice(at, next);
      at = next;
    }
  }
  return out;
}
