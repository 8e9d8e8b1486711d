import { diffLines } from 'diff';
import { createEngine } from '../../shared/src/engine/create-engine';
import { defaultConfig } from '../../shared/src/config/effective';
import type { LintContext } from '../../shared/src/engine/types';
import type { Rule } from '../../shared/src/rule/define-rule';
import { emptyWorkspace } from '../../shared/src/workspace/workspace-index';
import { today } from './judge';
import { answersOf, type Mapping } from './mapping';
import { readFixRows, type FixRow } from './rows';

/** What our harden makes of a manifest that a peer's fixing is tested on. */
export interface Pair {
  readonly row: FixRow;
  /** Whether nothing is left that the peer's check is about. */
  readonly reached: boolean;
  /** What is left: rule, message and why. */
  readonly left: readonly string[];
  /** Lines that differ from those before; `theirs` is `null` where the peer's result is not known whole. */
  readonly ours: number;
  readonly theirs: number | null;
  readonly text: string;
}

/** How many lines of `after` differ from `before`: removed and added ones. */
function changedLines(before: string, after: string): number {
  return diffLines(before, after).reduce((sum, part) => sum + (part.added || part.removed ? part.count : 0), 0);
}

/** Hardens every manifest of the peers' own before-and-after tests. */
export function measurePairs(rules: readonly Rule[], mapping: Mapping): readonly Pair[] {
  const engine = createEngine(rules);
  const context: LintContext = { config: { ...defaultConfig, profile: 'strict' }, today, workspace: emptyWorkspace, digest: () => null };
  return readFixRows().flatMap(row => {
    const answers = mapping({ family: 'kubernetes', peer: row.peer, rule: row.rule, checks: row.checks });
    if (answers.length === 0) return [];
    const file = { path: 'row.yaml', text: row.before };
    // what the peer's check is about, and nothing else: so the changes can be compared
    const { text, left } = engine.applyFixes(
      file,
      context,
      (finding, fix) => answersOf(answers, finding) && (fix.class === 'safe' || fix.class === 'review'),
    );
    const remaining = left.filter(({ finding }) => answersOf(answers, finding));
    return [
      {
        row,
        reached: remaining.length === 0,
        left: remaining.map(({ finding, reason }) => `${finding.rule}/${finding.messageId} (${reason})`),
        ours: changedLines(row.before, text),
        theirs: row.after === null ? null : changedLines(row.before, row.after),
        text,
      },
    ];
  });
}
