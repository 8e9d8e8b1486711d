import { toOriginal } from '../engine/hunks';
import type { HardenResult, Left } from '../engine/types';
import type { SourceFamily } from '../source/types';
import { createLineTable, type Position } from '../text/line-table';
import { sortEdits, type TextEdit } from '../text/edits';
import { jsonChange } from './json';
import { plural } from './text';
import type { Words } from './words';

/** What harden did to one file. */
export interface HardenedFile {
  /** Relative to the working directory, with `/`. */
  readonly path: string;
  readonly family: SourceFamily;
  /** The text before. */
  readonly text: string;
  readonly result: HardenResult;
  /** Whether the file, or standard output in its place, has the hardened text now: places are given in that text then. */
  readonly written: boolean;
  /** Whether the hardened text was to be written and was not. */
  readonly refused?: boolean;
}

/** Everything that a report of `harden` is made of. Files are sorted by path. */
export interface HardenReport {
  readonly version: string;
  readonly profile: string;
  /** Such as `1.37`. */
  readonly kubernetesVersion: string;
  /** ISO date. */
  readonly today: string;
  readonly durationMs: number;
  readonly files: readonly HardenedFile[];
  readonly words: Words;
}

/** All edits of a result against the text before, sorted. */
export function allEdits({ groups }: HardenResult): readonly TextEdit[] {
  return sortEdits(groups.flatMap(group => group.edits));
}

/** Maps the ranges of what is left to the text that the reader of the report has before them. */
function placeOf({ text, result, written }: HardenedFile): (left: Left) => { start: Position; end: Position } {
  const lines = createLineTable(written ? result.text : text);
  if (written) return left => lines.positions(left.finding.range);
  const hunks = allEdits(result).map(edit => ({ ...edit, units: new Set<number>() }));
  return ({ finding: { range } }) => {
    const start = toOriginal(hunks, range.start);
    return lines.positions({ start, end: Math.max(start, toOriginal(hunks, range.end)) });
  };
}

/** The report of `harden` for programs; ends with a line break. See docs/cli.md. */
export function hardenJson({ version, profile, kubernetesVersion, today, durationMs, files, words }: HardenReport): string {
  const reported = files.map(file => {
    const { path, family, text, result, written } = file;
    const lines = createLineTable(text);
    const place = placeOf(file);
    const changed = result.text !== text;
    return {
      path,
      family,
      changed,
      written,
      applied: result.applied.map(({ finding, fix }) => ({
        rule: finding.rule,
        messageId: finding.messageId,
        message: words.message(finding),
        fix: {
          id: fix.id,
          title: words.fixTitle(finding.rule, fix),
          class: fix.class,
          assumes: fix.assumes.map(assumption => words.assumption(finding.rule, assumption)),
        },
      })),
      left: result.left.map(left => ({
        rule: left.finding.rule,
        messageId: left.finding.messageId,
        severity: left.finding.severity,
        message: words.message(left.finding),
        range: place(left),
        reasonId: left.reason,
        reason: words.reason(left.reason),
      })),
      changes: changed ? [jsonChange(path, allEdits(result), lines)] : [],
      snippets: result.snippets,
    };
  });
  const summary = {
    files: files.length,
    changed: reported.filter(file => file.changed).length,
    applied: reported.reduce((sum, file) => sum + file.applied.length, 0),
    left: reported.reduce((sum, file) => sum + file.left.length, 0),
    durationMs,
  };
  return JSON.stringify({ schemaVersion: 1, version, profile, kubernetesVersion, today, files: reported, summary }, null, 2) + '\n';
}

/** What a person should know beside the diff: what the fixes take for granted, and what is left to them, a line each. */
export function hardenNotes({ files, words }: HardenReport): readonly string[] {
  const out: string[] = [];
  for (const { path, result, refused } of files) {
    if (result.applied.length === 0 || refused) continue;
    out.push(`${path}: ${plural(result.applied.length, 'finding')} fixed`);
    const assumptions = new Set(result.applied.flatMap(({ finding, fix }) => fix.assumes.map(a => words.assumption(finding.rule, a))));
    for (const assumption of assumptions) out.push(`  assumes: ${assumption}`);
  }
  const left = files.flatMap(file => {
    const place = placeOf(file);
    return file.result.left.map(item => {
      const { line, character } = place(item).start;
      return `  ${file.path}:${line + 1}:${character + 1}: ${words.message(item.finding)} [${item.finding.rule}]: ${words.reason(item.reason)}`;
    });
  });
  if (left.length > 0) out.push('left to you:', ...left);
  for (const { path, result } of files) {
    for (const { text } of result.snippets)
      out.push('', `${path} is a template and is left as it is; instead:`, ...text.trimEnd().split('\n'));
  }
  return out;
}
