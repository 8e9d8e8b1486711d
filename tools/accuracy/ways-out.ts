import { createEngine } from '../../shared/src/engine/create-engine';
import type { Engine, OpenedFile } from '../../shared/src/engine/engine';
import type { RenderedFix } from '../../shared/src/engine/types';
import type { Finding } from '../../shared/src/rule/finding/types';
import type { Fix, Operation } from '../../shared/src/rule/fix/types';
import type { Rule } from '../../shared/src/rule/define-rule';
import { atLeast } from '../../shared/src/base/terms/types';
import { applyEdits, type TextEdit } from '../../shared/src/base/text/edits';
import type { CorpusFile } from '../corpus-folder';
import { plainContext } from '../lint-context';

/** What files of the corpus are linted with: the defaults, each file by itself. */
const context = plainContext();

/** How many findings of a rule a click gets rid of. */
export interface WaysOut {
  all: number;
  /** By an edit as it is: applied alone, the finding is gone, no other of its severity or a worse one has come, and nothing was only deleted. */
  edited: number;
  /** By one that has places to fill (measured with values of the right form), or that asks a registry. */
  asking: number;
  /** Why the others have none, with how many. */
  readonly reasons: Map<string, number>;
}

/** By rule, the findings of many files. */
export type WaysOutByRule = Map<string, WaysOut>;

/** What a click does about findings: about warnings and errors, and about those of lesser severity. */
export interface WaysOutBySeverity {
  readonly severe: WaysOutByRule;
  readonly lesser: WaysOutByRule;
}

/** Counts over many files; `left` is told of each finding without an edit, and why. */
export function measureWaysOut(
  rules: readonly Rule[],
  files: readonly CorpusFile[],
  left: (path: string, finding: Finding, reason: string) => void = () => undefined,
): WaysOutBySeverity {
  const engine = createEngine(rules);
  const measured: WaysOutBySeverity = { severe: new Map(), lesser: new Map() };
  for (const file of files) countWaysOut(engine, file, measured, (finding, reason) => left(file.path, finding, reason));
  return measured;
}

/** Counts what one file adds. */
function countWaysOut(
  engine: Engine,
  file: CorpusFile,
  { severe, lesser }: WaysOutBySeverity,
  left: (finding: Finding, reason: string) => void,
): void {
  const opened = engine.open(file);
  const found = opened.lint(context).findings.filter(({ suppression }) => suppression === null);
  const rendered = opened.renderAll(found);
  for (const finding of found) {
    const into = atLeast(finding.severity, 'warning') ? severe : lesser;
    let count = into.get(finding.rule);
    if (!count) into.set(finding.rule, (count = { all: 0, edited: 0, asking: 0, reasons: new Map() }));
    count.all++;
    const outcomes = rendered.get(finding) ?? [];
    const helps = (edits: readonly TextEdit[]): boolean => isGone(engine, file, found, finding, edits);
    if (finding.fixes.some((fix, index) => isEdit(fix, outcomes[index]!) && helps(outcomes[index].edits))) count.edited++;
    else if (
      finding.fixes.some(({ needsDigest }) => needsDigest !== undefined) ||
      outcomes.some(outcome => outcome.ok && outcome.input && helps(outcome.input.sample))
    )
      count.asking++;
    else {
      const reason = finding.left?.reason ?? refusalIn(outcomes) ?? 'no-fix';
      count.reasons.set(reason, (count.reasons.get(reason) ?? 0) + 1);
      left(finding, reason);
    }
  }
}

function refusalIn(outcomes: ReturnType<OpenedFile['renderAll']> extends ReadonlyMap<Finding, infer O> ? O : never): string | undefined {
  const refused = outcomes.find(outcome => !outcome.ok);
  return refused && !refused.ok ? (refused.detail === 'the fix changes nothing' ? 'manual' : refused.reason) : undefined;
}

/** An edit that does more than to delete a whole instruction, rule or volume. */
function isEdit(fix: Fix, outcome: RenderedFix): outcome is Extract<RenderedFix, { readonly ok: true }> {
  return outcome.ok && outcome.edits.length > 0 && !fix.operations().every(isDeletion);
}

function isDeletion(operation: Operation): boolean {
  if (operation.type === 'dockerfile.remove-instruction') return true;
  if (operation.type !== 'yaml.remove') return false;
  const [list, item] = operation.path.slice(-2);
  return typeof item === 'number' && (list === 'volumes' || list === 'rules');
}

/** Whether a text with edits has a finding less of the rule, and no more of any other that is as bad. */
function isGone(
  engine: Engine,
  file: CorpusFile,
  before: readonly Finding[],
  { rule, severity }: Finding,
  edits: readonly TextEdit[],
): boolean {
  const after = engine.open({ ...file, text: applyEdits(file.text, edits) }).lint(context).findings;
  const count = (findings: readonly Finding[]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const one of findings)
      if (one.suppression === null && (one.rule === rule || atLeast(one.severity, severity)))
        counts.set(one.rule, (counts.get(one.rule) ?? 0) + 1);
    return counts;
  };
  const known = count(before);
  const now = count(after);
  return (now.get(rule) ?? 0) < (known.get(rule) ?? 0) && [...now].every(([id, number]) => number <= (known.get(id) ?? 0));
}
