import type { Finding } from '../../shared/src/rule/finding/types';
import { createEngine } from '../../shared/src/engine/create-engine';
import type { Rule } from '../../shared/src/rule/define-rule';
import type { CorpusFile } from '../corpus-folder';
import { plainContext } from '../lint-context';
import { answersOf, type Answer, type Mapping } from './mapping';
import { readJsonLines } from './rows';

/** What one rule of a peer found on real files, beside what ours find there. */
export interface RealCount {
  readonly peer: string;
  /** The peer's id of the rule. */
  readonly rule: string;
  /** The rules of ours that the catalogue maps it to; none: it has no counterpart. */
  readonly answers: readonly Answer[];
  /** Findings of the peer and the files that they are in: of zizmor those of its default persona, the others in `more`. */
  readonly theirs: number;
  readonly theirFiles: number;
  readonly more: number;
  /** Ours at the default profile and at the strictest. */
  readonly ours: number;
  readonly ourFiles: number;
  readonly strict: number;
  /** Files in which the peer, at any persona, and we at the strictest profile both report. */
  readonly shared: number;
}

/** A peer's findings of one rule in one file. */
export interface RealRow {
  readonly peer: string;
  readonly rule: string;
  /** Relative to `corpus/real`. */
  readonly file: string;
  readonly count: number;
  /** Those that the peer gives by default. */
  readonly regular: number;
}

const peers = ['zizmor', 'actionlint', 'poutine', 'checkov'];

/** What engines of peers said of the real workflows of the corpus. */
export function readRealRows(): readonly RealRow[] {
  return peers.flatMap(peer =>
    readJsonLines(`workflow/${peer}-real.jsonl`).map(({ rule, file, count, findings }) => {
      const all = typeof count === 'number' ? count : 1;
      const personas = Array.isArray(findings) ? (findings as readonly { readonly persona?: string }[]) : [];
      const regular = peer === 'zizmor' ? personas.filter(({ persona }) => persona === 'regular').length : all;
      return { peer, rule: String(rule), file: String(file).replace(/^real\//, ''), count: all, regular };
    }),
  );
}

/** Compares what peers found on real files with what our rules find there. */
export function compareRealRows(rules: readonly Rule[], mapping: Mapping, files: readonly CorpusFile[]): readonly RealCount[] {
  const engine = createEngine(rules);
  const written = new Set(rules.map(({ id }) => id));
  const found = files.map(file => {
    const opened = engine.open(file);
    const of = (profile: 'recommended' | 'strict'): readonly Finding[] =>
      opened.lint(plainContext(profile)).findings.filter(({ suppression }) => suppression === null);
    return { path: file.path, usual: of('recommended'), strict: of('strict') };
  });
  const groups = new Map<string, RealRow[]>();
  for (const row of readRealRows()) {
    const key = `${row.peer} ${row.rule}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  return [...groups.values()].map((rows): RealCount => {
    const { peer, rule } = rows[0]!;
    const answers = mapping({ family: 'workflow', peer, rule, checks: [] }).filter(answer => written.has(answer.rule));
    const counts = found.map(({ path, usual, strict }) => ({
      path,
      usual: usual.filter(finding => answersOf(answers, finding)).length,
      strict: strict.filter(finding => answersOf(answers, finding)).length,
    }));
    const regular = sum(rows.map(row => row.regular));
    return {
      peer,
      rule,
      answers,
      theirs: regular,
      theirFiles: rows.filter(row => row.regular > 0).length,
      more: sum(rows.map(row => row.count)) - regular,
      ours: sum(counts.map(({ usual }) => usual)),
      ourFiles: counts.filter(({ usual }) => usual > 0).length,
      strict: sum(counts.map(({ strict }) => strict)),
      shared: counts.filter(({ path, strict }) => strict > 0 && rows.some(row => row.file === path)).length,
    };
  });
}
