/** A line of an ignore file, read as moby/patternmatcher reads it. */
export interface IgnorePattern {
  /** As it is written, without blanks at the ends. */
  readonly raw: string;
  /** `!`: what it matches is taken after all. */
  readonly negated: boolean;
  readonly steps: readonly Step[];
}

/**
 * A step of a pattern: one character that `takes` allows, any number of those (`many`), any text at all (`rest`), or any folders (`folders`: none, or
 * text up to a slash).
 */
type Step =
  { readonly kind: 'one' | 'many'; readonly takes: (char: string) => boolean } | { readonly kind: 'rest' } | { readonly kind: 'folders' };

const notSlash = (char: string): boolean => char !== '/';
const rest: Step = { kind: 'rest' };

/** The patterns of a `.dockerignore`, in order. Lines that are not patterns (a class without end) are left out; BuildKit refuses such a file. */
export function parseIgnoreFile(text: string): readonly IgnorePattern[] {
  const patterns: IgnorePattern[] = [];
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const raw = line.trim();
    if (line.startsWith('#') || raw === '' || raw === '!') continue;
    const negated = raw.startsWith('!');
    const steps = stepsOf(cleanPath(raw.slice(negated ? 1 : 0).trim()));
    if (steps) patterns.push({ raw, negated, steps });
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

function stepsOf(pattern: string): readonly Step[] | null {
  const steps: Step[] = [];
  const one = (takes: (char: string) => boolean): void => void steps.push({ kind: 'one', takes });
  // Without further wildcards a leading `**` stands for any start of the path, also within a name.
  if (/^\*\*(?!\/)[^*?[\\]/.test(pattern) && !/[*?[\\]/.test(pattern.slice(2))) return [rest, ...stepsOf(pattern.slice(2))!];
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === '*' && pattern[at + 1] === '*') {
      at += pattern[at + 2] === '/' ? 2 : 1;
      steps.push(at + 1 < pattern.length ? { kind: 'folders' } : rest);
    } else if (char === '*') steps.push({ kind: 'many', takes: notSlash });
    else if (char === '?') one(notSlash);
    else if (char === '[') {
      const close = classEnd(pattern, at);
      if (close < 0) return null;
      one(classOf(pattern.slice(at + 1, close)));
      at = close;
    } else {
      if (char === '\\' && at + 1 < pattern.length) at++;
      const own = pattern.charAt(at);
      one(other => other === own);
    }
  }
  return steps;
}

/** Where the class that opens at `at` ends; -1: nowhere. */
function classEnd(pattern: string, at: number): number {
  let end = pattern[at + 1] === '^' ? at + 2 : at + 1;
  for (const first = end; end < pattern.length; end++) {
    if (pattern[end] === '\\') end++;
    else if (pattern[end] === ']' && end > first) return end;
  }
  return -1;
}

/** What a class such as `a-z` or `^0-9` takes. */
function classOf(content: string): (char: string) => boolean {
  const negated = content.startsWith('^');
  const ranges: [string, string][] = [];
  for (let at = negated ? 1 : 0; at < content.length; at++) {
    if (content[at] === '\\') at++;
    const from = content.charAt(at);
    let to = from;
    if (content[at + 1] === '-' && at + 2 < content.length) {
      at += 2;
      if (content[at] === '\\') at++;
      to = content.charAt(at);
    }
    ranges.push([from, to]);
  }
  return char => ranges.some(([from, to]) => from <= char && char <= to) !== negated;
}

/** The states of a pattern, by the steps that are next. Entering a step that may take nothing enters the one behind it too. */
function enter(steps: readonly Step[], at: number, states: Set<number>): void {
  for (let i = at; !states.has(i); i++) {
    states.add(i);
    if (steps[i] === undefined || steps[i]!.kind === 'one') return;
  }
}

function advance(steps: readonly Step[], states: ReadonlySet<number>, char: string): Set<number> {
  const next = new Set<number>();
  for (const at of states) {
    const step = steps[at];
    if (step === undefined) continue;
    if (step.kind === 'folders') {
      // Within the folders there is no way on but behind a slash.
      if (char === '/') enter(steps, at + 1, next);
      next.add(at);
    } else if (step.kind === 'rest') enter(steps, at, next);
    else if (step.takes(char)) enter(steps, step.kind === 'one' ? at + 1 : at, next);
  }
  return next;
}

/** Whether a pattern matches a path or one of the folders that it lies in; `below`: whether it may match something in it. */
function match(steps: readonly Step[], path: string): { readonly hit: boolean; readonly below: boolean } {
  let states = new Set<number>();
  enter(steps, 0, states);
  let hit = false;
  for (const char of path) {
    if (char === '/' && states.has(steps.length)) hit = true;
    states = advance(steps, states, char);
  }
  return { hit: hit || states.has(steps.length), below: advance(steps, states, '/').size > 0 };
}

/**
 * The pattern that keeps a path out of the build context, by itself or by a folder above it; `null` where the path is there.
 * @param path relative to the context; see `cleanPath`
 */
export function ignoredBy(patterns: readonly IgnorePattern[], path: string): IgnorePattern | null {
  let decisive: IgnorePattern | null = null;
  for (const pattern of patterns) {
    if (pattern.negated === (decisive !== null) && match(pattern.steps, path).hit) decisive = pattern.negated ? null : pattern;
  }
  return decisive;
}

/** Whether a pattern with `!` may take something of an ignored folder back in. The context itself (`.`) holds whatever any of them names. */
export function mayHoldExceptions(patterns: readonly IgnorePattern[], path: string): boolean {
  return patterns.some(({ negated, steps }) => negated && (path === '.' || match(steps, path).below));
}

/** Whether the patterns leave nothing of the context: `*` or `**` without exceptions. */
export function ignoresEverything(patterns: readonly IgnorePattern[]): boolean {
  return patterns.some(({ raw }) => /^\/?\*{1,2}\/?$/.test(raw)) && !patterns.some(({ negated }) => negated);
}
