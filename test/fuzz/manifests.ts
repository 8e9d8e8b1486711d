import type { Finding } from '../../shared/src/rule/finding/types';
import { createEngine } from '../../shared/src/engine/create-engine';
import type { InputFile, LintContext } from '../../shared/src/engine/types';
import { parseStream } from '../../shared/src/syntax/yaml/parse';
import { rules } from '../../shared/src/families/generated/index';
import type { Fix } from '../../shared/src/rule/fix/types';
import { applyEdits, haveConflict } from '../../shared/src/base/text/edits';
import type { Range } from '../../shared/src/base/text/range';
import { createWorkspaceIndex } from '../../shared/src/workspace/workspace-index';
import { plainContext } from '../../tools/lint-context';

/** Every Kubernetes rule. */
export const engine = createEngine(rules.filter(rule => rule.family === 'kubernetes'));

const context = plainContext('strict');

/** The context in which a file is all that its folder holds. Reads the facts of the file. */
export function alone(file: InputFile): LintContext {
  const facts = createWorkspaceIndex({ complete: false });
  facts.update(file.path, engine.open(file).facts());
  facts.settle(true);
  return { ...context, workspace: facts.index };
}

/** How many things the YAML parser objects to. */
export function problemsOf(text: string): number {
  return parseStream(text, new Map()).reduce((sum, { document }) => sum + document.problems.length, 0);
}

/**
 * What is wrong with the findings of a file whose folder holds nothing else, in a few words each: an exception, a place outside of the
 * text, a fix that breaks the parse.
 * @param seen fixes that need not be tried again, by rule, message and place: for texts of which one begins as the other
 */
export function flaws(file: InputFile, seen = new Set<string>()): readonly string[] {
  const found: string[] = [];
  const { text } = file;
  const opened = engine.open(file);
  const { findings } = opened.lint(alone(file));
  const before = problemsOf(text);
  // what stands well above the cut was tried already
  const isSeen = (key: string, { end }: Range): boolean => end < text.length - 2000 && seen.has(key);
  const keyOf = ({ rule, messageId, range }: Finding, fix: Fix): string => `${rule} ${messageId} ${fix.id} ${range.start} ${range.end}`;
  const rendered = opened.renderAll(findings.filter(finding => finding.fixes.some(fix => !isSeen(keyOf(finding, fix), finding.range))));
  /** By text: many fixes come to the same. */
  const known = new Map<string, boolean>();
  const isBroken = (changed: string): boolean => {
    const broken = known.get(changed) ?? problemsOf(changed) > before;
    known.set(changed, broken);
    return broken;
  };
  const name = ({ rule, messageId, data }: Finding): string => `${rule}/${messageId} ${JSON.stringify(data)}`;
  for (const finding of findings) {
    const { rule, range, related } = finding;
    if (rule === 'bulkhead/internal-error') found.push(name(finding));
    for (const place of [range, ...related.filter(r => (r.path ?? file.path) === file.path).map(r => r.range)])
      if (!(place.start >= 0 && place.start <= place.end && place.end <= text.length)) found.push(`${name(finding)} is outside`);
    for (const [index, fix] of finding.fixes.entries()) {
      const key = keyOf(finding, fix);
      if (isSeen(key, range)) continue;
      seen.add(key);
      const own = rendered.get(finding)?.[index];
      if (!own?.ok) continue;
      if (haveConflict(own.edits)) found.push(`${name(finding)}: edits of ${fix.id} overlap`);
      else if (isBroken(applyEdits(text, own.edits))) found.push(`${name(finding)}: ${fix.id} breaks the file`);
    }
  }
  return found;
}

/** What is wrong with a file once it is hardened. Slow: it tries all fixes to a fixed point. */
export function hardenFlaws(file: InputFile): readonly string[] {
  const { edits, text } = engine.open(file).harden(alone(file));
  if (haveConflict(edits)) return ['edits of harden overlap'];
  return [
    ...(applyEdits(file.text, edits) === text ? [] : ['harden gives another text than its edits']),
    ...(problemsOf(text) > problemsOf(file.text) ? ['harden breaks the file'] : []),
  ];
}
