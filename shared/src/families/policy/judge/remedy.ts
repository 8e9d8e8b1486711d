import { hasWildcard } from '../../../base/text/wildcard';
import { removeNode, setValue, type YamlValue } from '../../../syntax/yaml/operations';
import { isArray, isObject, type Json } from '../../../syntax/jmespath/values';
import type { Path } from '../../../syntax/yaml/types';
import { rangeOf } from './leaf';
import { anchorOf } from './pattern';
import { judge, type Judged, type Policy } from './policies';
import type { Subject } from './subject';
import { afterOperations, leadsOn } from './changed';
import type { Operation } from '../../../rule/fix/types';

/** What would satisfy a policy: a value somewhere, or nothing there. */
export interface Change {
  readonly path: Path;
  /** `undefined`: the key goes away. */
  readonly value: YamlValue | undefined;
}

/** The one value that a value of a pattern asks for, or the least; `undefined`: there are many, or none. */
function wantedText(pattern: string): YamlValue | undefined {
  for (const way of pattern.split('|').map(each => each.trim())) {
    if (way === '' || way.includes('&') || hasWildcard(way) || way.startsWith('!') || /^[<>](?!=)/.test(way)) continue;
    const range = rangeOf(way);
    const text = range ? (range.outside ? null : range.low) : way.replace(/^[<>]=/, '').trim();
    if (text === null || text === '') continue;
    if (text === 'true' || text === 'false') return text === 'true';
    return /^(?:0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
  }
  return undefined;
}

/** What a pattern asks for as it would be written; conditions of anchors ask for nothing. */
function wantedValue(pattern: Json | undefined): YamlValue | undefined {
  if (typeof pattern === 'string') return wantedText(pattern);
  if (typeof pattern === 'boolean' || typeof pattern === 'number') return pattern;
  if (pattern === undefined || !isObject(pattern)) return undefined;
  const entries: (readonly [string, YamlValue])[] = [];
  for (const [key, item] of pattern) {
    const { sign } = anchorOf(String(key));
    if (sign === '=' || sign === 'X') continue;
    const value = sign === null && !isArray(item) ? wantedValue(item) : undefined;
    if (value === undefined) return undefined;
    entries.push([String(key), value]);
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Keys whose value `true`, or `false`, takes protection away: no one is offered that, whatever a policy asks for. */
const weakens: Readonly<Record<string, YamlValue>> = {
  privileged: true,
  allowPrivilegeEscalation: true,
  hostNetwork: true,
  hostPID: true,
  hostIPC: true,
  shareProcessNamespace: true,
  runAsNonRoot: false,
  readOnlyRootFilesystem: false,
  runAsUser: 0,
  runAsGroup: 0,
};

function isWeakening(key: string, value: YamlValue | undefined): boolean {
  if (Object.hasOwn(weakens, key) && weakens[key] === value) return true;
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).some(([name, item]) => isWeakening(name, item))
  );
}

/** Whether one of two ways leads on from the other. */
const isOneWay = (a: Path, b: Path): boolean => leadsOn(a, b) || leadsOn(b, a);

/** What a change makes of a rule that an object broke: whether the object passes, or breaks the rule elsewhere, where another change is needed. */
function outcomeAfter({ rule, path }: Judged, judged: readonly Judged[]): 'passes' | 'skipped' | null {
  const after = judged.filter(outcome => outcome.rule === rule);
  const isElsewhere = (outcome: Judged): boolean => outcome.is === 'fail' && path.length > 0 && !isOneWay(outcome.path, path);
  if (after.length === 0) return null;
  if (after.every(outcome => outcome.is === 'pass' || isElsewhere(outcome))) return 'passes';
  return after.every(outcome => outcome.is === 'skip' || outcome.is === 'pass' || isElsewhere(outcome)) ? 'skipped' : null;
}

/** The change that makes an object pass where a pattern asks for one value, or for nothing; found again by judging what it would make. */
export function changeFor(outcome: Judged, subject: Subject): Change | null {
  const { path, wants, negated, policy } = outcome;
  const value = negated ? undefined : wantedValue(wants);
  if ((!negated && value === undefined) || path.length === 0 || isWeakening(String(path.at(-1)), value)) return null;
  const after = afterOperations(subject, [], [value === undefined ? removeNode(path) : setValue(path, value)]);
  return after && outcomeAfter(outcome, judge(policy, after)) === 'passes' ? { path, value } : null;
}

/** An object as some fixes leave it, and what policies say of it then. */
interface Trial {
  readonly subject: Subject;
  readonly judged: Map<Policy, readonly Judged[]>;
}

/** Says whether the operations of some fixes on the document of an object, which is at `root`, make it pass a rule that it broke. */
export type Tries = (outcome: Judged, fixes: readonly (readonly Operation[])[]) => boolean;

/** Tries fixes on an object: it is changed once for all the policies that it breaks. */
export function triesOn(subject: Subject, root: Path): Tries {
  const numbers = new Map<readonly Operation[], number>();
  const trials = new Map<string, Trial | null>();
  const numberOf = (fix: readonly Operation[]): number => {
    if (!numbers.has(fix)) numbers.set(fix, numbers.size);
    return numbers.get(fix)!;
  };
  const trialOf = (fixes: readonly (readonly Operation[])[]): Trial | null => {
    const key = fixes.map(numberOf).join();
    let trial = trials.get(key);
    if (trial === undefined) {
      const after = afterOperations(subject, root, fixes.flat());
      trials.set(key, (trial = after && { subject: after, judged: new Map<Policy, readonly Judged[]>() }));
    }
    return trial;
  };
  return (outcome, fixes) => {
    const trial = trialOf(fixes);
    if (!trial) return false;
    const { policy } = outcome;
    let judged = trial.judged.get(policy);
    if (!judged) trial.judged.set(policy, (judged = judge(policy, trial.subject)));
    return outcomeAfter(outcome, judged) !== null;
  };
}
