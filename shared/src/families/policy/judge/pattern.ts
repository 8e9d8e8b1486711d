import { hasWildcard } from '../../../base/text/wildcard';
import { isOpenData, NotKnown } from '../../../syntax/yaml/data';
import { certain, isArray, isObject, type Json } from '../../../syntax/jmespath/values';
import type { Path } from '../../../syntax/yaml/types';
import { matchesLeaf } from './leaf';
import { matchesGlob, type Budget } from './types';

// How Kyverno compares a pattern with an object: pkg/engine/validate/validate.go and pkg/engine/anchor of kyverno/kyverno 1.19.

/** Why a pattern does not match. */
export interface Mismatch {
  /** `skip`: an anchor says that the pattern is not meant. `negated`: a key is there that must not. */
  readonly is: 'fail' | 'skip' | 'negated';
  /** Where, from the root of what the pattern is compared with. */
  readonly path: Path;
  /** What is asked for there, where it is a value. */
  readonly wants?: Json;
  /** Of `skip`: whether an anchor itself says so, and not something below it. */
  readonly direct?: boolean;
}

type Json1 = ReadonlyMap<string, Json>;

interface Anchor {
  readonly sign: '' | '<' | 'X' | '+' | '=' | '^' | null;
  readonly key: string;
}

const anchorPattern = /^([+<=X^])?\((.+)\)$/s;

/** The anchor of a key of a pattern; `sign` is `null` where it has none. */
export function anchorOf(name: string): Anchor {
  const match = anchorPattern.exec(name.trim());
  return match ? { sign: (match[1] ?? '') as Anchor['sign'], key: match[2]! } : { sign: null, key: name };
}

/** A key of a pattern, read. */
interface Key extends Anchor {
  readonly name: string;
}

/** The keys of a map of a pattern as they are asked. */
interface Keys {
  /** Those whose presence is noted. */
  readonly noted: readonly Key[];
  /** Those that are conditions, and those that are asked then. */
  readonly first: readonly Key[];
  readonly rest: readonly Key[];
  /** What the metadata of a pattern is called in it. */
  readonly metadata: Key | undefined;
}

const isFirst = ({ sign }: Anchor): boolean => sign === '' || sign === '^' || sign === '=' || sign === 'X';
const isNoted = ({ sign }: Anchor): boolean => sign === '' || sign === '^' || sign === 'X';

const keysKnown = new WeakMap<Json1, Keys>();

/** The keys of a map of a pattern, read once: most patterns are the same for every object. */
function keysOf(pattern: Json1): Keys {
  let known = keysKnown.get(pattern);
  if (!known) {
    const all = [...pattern.keys()].map((name): Key => ({ name, ...anchorOf(name) }));
    const sorted = [...all].sort((a, b) => (a.name < b.name ? -1 : 1));
    known = {
      noted: all.filter(isNoted),
      first: sorted.filter(isFirst),
      rest: inOrder(
        sorted.filter(key => !isFirst(key)),
        pattern,
      ),
      metadata: all.find(({ key }) => key === 'metadata'),
    };
    keysKnown.set(pattern, known);
  }
  return known;
}

/** One comparison of a pattern with an object. */
class Match {
  /** Keys of anchors, and whether the object has them anywhere. */
  private readonly noted = new Map<string, boolean>();

  constructor(private readonly budget: Budget) {}

  get misses(): boolean {
    return [...this.noted].some(([key, found]) => !found && anchorOf(key).sign !== 'X');
  }

  element(value: Json, pattern: Json, path: Path): Mismatch | null {
    this.budget.spend();
    certain(value);
    if (isObject(pattern)) {
      if (!isObject(value)) return { is: 'fail', path, ...(value === null && { wants: pattern }) };
      for (const { name, key } of keysOf(pattern as Json1).noted) if (this.noted.get(name) !== true) this.noted.set(name, value.has(key));
      return this.map(value as Json1, expanded(pattern as Json1, value as Json1), path);
    }
    if (isArray(pattern)) return isArray(value) ? this.list(value, pattern, path) : { is: 'fail', path };
    if (!isArray(value)) return matchesLeaf(value, pattern) ? null : { is: 'fail', path, wants: pattern };
    if (isOpenData(value)) throw new NotKnown(null);
    const wrong = value.findIndex(item => !matchesLeaf(item, pattern));
    return wrong < 0 ? null : { is: 'fail', path: [...path, wrong], wants: pattern };
  }

  private map(value: Json1, pattern: Json1, path: Path): Mismatch | null {
    const { first, rest } = keysOf(pattern);
    const skipped: Mismatch[] = [];
    let applied = 0;
    for (const key of first) {
      const wrong = this.entry(key, pattern.get(key.name)!, value, path);
      if (wrong?.is === 'skip') skipped.push(wrong);
      else if (!wrong) applied++;
      else if (!skipped.some(({ direct }) => direct)) return wrong;
    }
    if (skipped.length > 0 && (applied === 0 || skipped.some(({ direct }) => direct))) return { is: 'skip', path };
    for (const key of rest) {
      const wrong = this.entry(key, pattern.get(key.name)!, value, path);
      if (wrong) return wrong;
    }
    return null;
  }

  private entry({ name, sign, key }: Key, pattern: Json, of: Json1, path: Path): Mismatch | null {
    const local = [...path, key];
    const isThere = of.has(key);
    if (!isThere && isOpenData(of)) throw new NotKnown(null);
    const found = of.get(key) ?? null;
    switch (sign) {
      case '':
      case '<': {
        if (!isThere) return sign === '' ? { is: 'skip', path: local, direct: true } : null;
        return this.element(found, pattern, local) ? { is: 'skip', path: local, direct: true } : null;
      }
      case 'X':
        return isThere ? { is: 'negated', path: local } : null;
      case '=':
        return isThere ? this.element(found, pattern, local) : null;
      case '^':
        return isThere ? this.existence(found, pattern, local) : null;
      default: {
        // `+(key)` is not an anchor of a check: the key is taken as it is written
        const written = sign === '+' ? (of.get(name) ?? null) : found;
        if (pattern === '*') return certain(written) !== null ? null : { is: 'fail', path: local, wants: pattern };
        return this.element(written, pattern, local);
      }
    }
  }

  private existence(value: Json, pattern: Json, path: Path): Mismatch | null {
    if (!isArray(value) || !isArray(pattern)) return { is: 'fail', path };
    if (isOpenData(value)) throw new NotKnown(null);
    for (const wanted of pattern) {
      if (!isObject(wanted)) return { is: 'fail', path };
      if (!value.some((item, i) => this.element(item, wanted, [...path, i]) === null)) return { is: 'fail', path };
    }
    return null;
  }

  private list(value: readonly Json[], pattern: readonly Json[], path: Path): Mismatch | null {
    const [wanted] = pattern;
    if (wanted === undefined) return { is: 'fail', path };
    if (isOpenData(value)) throw new NotKnown(null);
    if (!isObject(wanted) && !isArray(wanted)) return this.element(value, wanted, path);
    if (isArray(wanted) && value.length < pattern.length) return { is: 'fail', path: [] };
    const pairs = isObject(wanted) ? value.map(item => [item, wanted] as const) : pattern.map((each, i) => [value[i]!, each] as const);
    let [applied, skipped] = [0, 0];
    for (const [i, [item, each]] of pairs.entries()) {
      const wrong = this.element(item, each, [...path, i]);
      if (wrong?.is === 'skip') skipped++;
      else if (wrong) return wrong;
      else applied++;
    }
    return applied === 0 && skipped > 0 ? { is: 'skip', path } : null;
  }
}

/** Keys whose values hold anchors are first. */
function inOrder(keys: readonly Key[], pattern: Json1): readonly Key[] {
  const ordered: Key[] = [];
  for (const key of keys) {
    if (key.sign === '<' || holdsAnchor(pattern.get(key.name)!)) ordered.unshift(key);
    else ordered.push(key);
  }
  return ordered;
}

function holdsAnchor(pattern: Json): boolean {
  if (isObject(pattern))
    return [...pattern].some(
      ([name, value]) => ['', '^', '=', 'X', '<'].includes(anchorOf(String(name)).sign ?? '-') || holdsAnchor(value),
    );
  return isArray(pattern) && pattern.some(holdsAnchor);
}

/** The keys of labels and annotations with wildcards, as those that the object has. */
function expanded(pattern: Json1, value: Json1): Json1 {
  const name = keysOf(pattern).metadata?.name;
  if (name === undefined) return pattern;
  const [wanted, local] = [pattern.get(name)!, value.get('metadata') ?? null];
  if (!isObject(wanted) || !isObject(local) || !hasWildcards(wanted as Json1)) return pattern;
  const metadata = new Map<string, Json>(wanted as Json1);
  for (const [key, tags] of wanted as Json1) {
    const anchor = anchorOf(key);
    const theirs = (local as Json1).get(anchor.key);
    if (!isTags(anchor) || !isObject(tags) || theirs === undefined || !isObject(theirs)) continue;
    metadata.set(key, new Map([...(tags as Json1)].map(([tag, each]) => [expandedKey(tag, theirs as Json1), each])));
  }
  return new Map<string, Json>([...pattern, [name, metadata]]);
}

const isTags = ({ key }: Anchor): boolean => key === 'labels' || key === 'annotations';

/** Whether labels or annotations of a pattern have keys with wildcards. */
function hasWildcards(metadata: Json1): boolean {
  return [...metadata].some(
    ([name, tags]) => isObject(tags) && isTags(anchorOf(name)) && [...tags.keys()].some(tag => hasWildcard(String(tag))),
  );
}

function expandedKey(name: string, local: Json1): string {
  const { sign, key } = anchorOf(name);
  const found = hasWildcard(key) ? [...local.keys()].find(each => matchesGlob(key, each)) : undefined;
  const full = found ?? key.replace(/[*?]/g, '0');
  return sign === null ? (hasWildcard(key) ? full : key) : `${sign}(${hasWildcard(key) ? full : key})`;
}

/** What comes of a pattern: `null` where the object matches it. `error`: Kyverno says neither yes nor no. */
export function matchPattern(value: Json, pattern: Json, budget: Budget): (Mismatch & { readonly isError?: boolean }) | null {
  const match = new Match(budget);
  const found = match.element(value, pattern, []);
  if (!found || found.is !== 'fail') return found;
  return match.misses ? { ...found, isError: true } : found;
}
