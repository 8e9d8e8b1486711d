import { diffLines } from 'diff';
import { createEngine } from '../../shared/src/engine/create-engine';
import { defaultConfig } from '../../shared/src/engine/config/effective';
import type { Left, LintContext } from '../../shared/src/engine/types';
import type { FixDefaults, Rule } from '../../shared/src/rule/define-rule';
import type { FixClass } from '../../shared/src/base/terms/types';
import { plainContext } from '../lint-context';
import { answersOf, type Mapping } from './mapping';
import { readFixRows, type FixRow } from './rows';

/** What our fixes make of a manifest that a peer's fixing is tested on. */
export interface Pair {
  readonly row: FixRow;
  /**
   * Whether nothing is left that the peer's check is about: after harden, after the quick fixes that ask a person first (`confirmed`), or
   * not at all.
   */
  readonly reached: 'hardened' | 'confirmed' | 'no';
  /** What is left: rule, message and why. */
  readonly left: readonly string[];
  /** Lines that differ from those before; `theirs` is `null` where the peer's result is not known whole. */
  readonly ours: number;
  readonly theirs: number | null;
}

/** How many lines of `after` differ from `before`: removed and added ones. */
function changedLines(before: string, after: string): number {
  return diffLines(before, after).reduce((sum, part) => sum + (part.added || part.removed ? part.count : 0), 0);
}

/** The values that a user's configuration would give; without them no fix invents any. */
const defaults: FixDefaults = { ...defaultConfig.defaults, memoryLimit: '256Mi', memoryRequest: '128Mi', cpuRequest: '100m' };

/** Fixes every manifest of the peers' own before-and-after tests, for what the peer's check is about and nothing else. */
export function measurePairs(rules: readonly Rule[], mapping: Mapping): readonly Pair[] {
  const engine = createEngine(rules);
  const config = { ...defaultConfig, profile: 'strict' as const, defaults };
  const context: LintContext = { ...plainContext(), config };
  return readFixRows().flatMap(row => {
    const answers = mapping({ family: 'kubernetes', peer: row.peer, rule: row.rule, checks: row.checks });
    if (answers.length === 0) return [];
    const file = { path: 'row.yaml', text: row.before };
    const fixed = (classes: readonly FixClass[]): { readonly text: string; readonly remaining: readonly Left[] } => {
      const { text, left } = engine
        .open(file)
        .applyFixes(context, (finding, fix) => answersOf(answers, finding) && classes.includes(fix.class));
      return { text, remaining: left.filter(({ finding }) => answersOf(answers, finding)) };
    };
    const hardened = fixed(['safe', 'review']);
    const confirmed = hardened.remaining.length === 0 ? hardened : fixed(['safe', 'review', 'attended']);
    return [
      {
        row,
        reached: hardened.remaining.length === 0 ? 'hardened' : confirmed.remaining.length === 0 ? 'confirmed' : 'no',
        left: confirmed.remaining.map(({ finding, reason }) => `${finding.rule}/${finding.messageId} (${reason})`),
        ours: changedLines(row.before, confirmed.text),
        theirs: row.after === null ? null : changedLines(row.before, row.after),
      },
    ];
  });
}
