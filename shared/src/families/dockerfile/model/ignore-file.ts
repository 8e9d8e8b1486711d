import {
  anything,
  automatonOf,
  endsOf,
  folders,
  literally,
  matchesAbove,
  notSlash,
  readClass,
  type Automaton,
  type ClassStyle,
  type Step,
} from '../../../base/text/automaton';

/** A line of an ignore file, read as moby/patternmatcher reads it. */
export interface IgnorePattern {
  /** As it is written, without blanks at the ends. */
  readonly raw: string;
  /** `!`: what it matches is taken after all. */
  readonly negated: boolean;
  readonly automaton: Automaton;
}

/** The patterns of a `.dockerignore`, in order. Lines that are not patterns (a class without end) are left out; BuildKit refuses such a file. */
export function parseIgnoreFile(text: string): readonly IgnorePattern[] {
  const patterns: IgnorePattern[] = [];
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const raw = line.trim();
    if (line.startsWith('#') || raw === '' || raw === '!') continue;
    const negated = raw.startsWith('!');
    const steps = stepsOf(cleanPath(raw.slice(negated ? 1 : 0).trim()));
    if (steps) patterns.push({ raw, negated, automaton: automatonOf(steps) });
  }
  return patterns;
}

/** A path as Go's `filepath.Clean` makes it, relative to the context: no `.` and `..`, no slash at either end. `.` is the context itself. */
export function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!path.startsWith('/')) parts.push(part);
  }
  return parts.join('/') || '.';
}

/** A class may take a slash: BuildKit makes regular expressions of its patterns. */
const style: ClassStyle = { not: '^', slash: true, escapes: true };
const rest: Step = { is: 'many', takes: anything };

function stepsOf(pattern: string): readonly Step[] | null {
  const steps: Step[] = [];
  // Without further wildcards a leading `**` stands for any start of the path, also within a name.
  if (/^\*\*(?!\/)[^*?[\\]/.test(pattern) && !/[*?[\\]/.test(pattern.slice(2))) return [rest, ...literally(pattern.slice(2))];
  const chars = [...pattern];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at]!;
    if (char === '*' && chars[at + 1] === '*') {
      at += chars[at + 2] === '/' ? 2 : 1;
      steps.push(at + 1 < chars.length ? folders : rest);
    } else if (char === '*') steps.push({ is: 'many', takes: notSlash });
    else if (char === '?') steps.push({ is: 'one', takes: notSlash });
    else if (char === '[') {
      const set = readClass(chars, at, style);
      if (!set) return null;
      steps.push({ is: 'one', takes: set.takes });
      at = set.at - 1;
    } else steps.push(...literally(char === '\\' && at + 1 < chars.length ? chars[++at]! : char));
  }
  return steps;
}

/**
 * The pattern that keeps a path out of the build context, by itself or by a folder above it; `null` where the path is there.
 * @param path relative to the context; see `cleanPath`
 */
export function ignoredBy(patterns: readonly IgnorePattern[], path: string): IgnorePattern | null {
  let decisive: IgnorePattern | null = null;
  for (const pattern of patterns) {
    if (pattern.negated === (decisive !== null) && matchesAbove(pattern.automaton, path)) decisive = pattern.negated ? null : pattern;
  }
  return decisive;
}

/** Whether a pattern with `!` may take something of an ignored folder back in. The context itself (`.`) holds whatever any of them names. */
export function mayHoldExceptions(patterns: readonly IgnorePattern[], path: string): boolean {
  return patterns.some(({ negated, automaton }) => negated && (path === '.' || endsOf(automaton, `${path}/`).open));
}

/** Whether the patterns leave nothing of the context: `*` or `**` without exceptions. */
export function ignoresEverything(patterns: readonly IgnorePattern[]): boolean {
  return patterns.some(({ raw }) => /^\/?\*{1,2}\/?$/.test(raw)) && !patterns.some(({ negated }) => negated);
}
