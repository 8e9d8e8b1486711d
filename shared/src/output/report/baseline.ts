import { visibleJson } from '../../base/text/visible';
import { isDate } from '../../engine/config/values';
import type { Finding } from '../../rule/finding/types';

/**
 * What a project has decided to live with for now: findings by file and rule, as fingerprints. A fingerprint has no line numbers, and tells equal findings of a
 * file apart by their order, so that one more of them is new.
 */
export interface Baseline {
  /** The ISO date that it was written for; `null`: it does not say. */
  readonly date: string | null;
  /** How many findings it holds. */
  readonly size: number;
  /** Whether a finding of a file is in it; `path` as rules see it. */
  has(path: string, finding: Pick<Finding, 'rule' | 'fingerprint'>): boolean;
  /** The files that it names. */
  readonly paths: readonly string[];
  /** The fingerprints that it has of a file. */
  of(path: string): readonly string[];
}

/** The findings of files, for a new baseline. */
export type BaselineEntries = ReadonlyMap<string, readonly Pick<Finding, 'rule' | 'fingerprint'>[]>;

const schemaVersion = 1;

/** Whether a finding may be in a baseline: what the engine says of itself, or was not able to check, never is. */
export function mayBeKnown({ rule, suppression }: Pick<Finding, 'rule' | 'suppression'>): boolean {
  return suppression === null && !rule.startsWith('bulkhead/');
}

/** Marks the findings of a file that a baseline has. */
export function markKnown(baseline: Baseline, path: string, findings: readonly Finding[]): readonly Finding[] {
  return findings.map(finding =>
    mayBeKnown(finding) && baseline.has(path, finding) ? { ...finding, suppression: { kind: 'baseline', reason: null } } : finding,
  );
}

/** The text of a baseline file of a day (ISO date): sorted, a line for each finding, so that a change of it can be reviewed. Ends with a line break. */
export function printBaseline(version: string, date: string, entries: BaselineEntries): string {
  // without a prototype: a file may be called __proto__
  const files = Object.create(null) as Record<string, Record<string, readonly string[]>>;
  for (const [path, findings] of [...entries].sort(([a], [b]) => compare(a, b))) {
    const rules: Record<string, string[]> = {};
    for (const { rule, fingerprint } of [...findings].sort((a, b) => compare(a.rule, b.rule) || compare(a.fingerprint, b.fingerprint)))
      (rules[rule] ??= []).push(fingerprint);
    if (findings.length > 0) files[path] = rules;
  }
  return `${visibleJson({ schemaVersion, version, date, files })}\n`;
}

/** Reads a baseline file; the message says what is wrong with it. */
export function parseBaseline(
  text: string,
): { readonly ok: true; readonly value: Baseline } | { readonly ok: false; readonly message: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, message: 'is not a baseline: it is not JSON' };
  }
  const wrong = { ok: false, message: 'is not a baseline written by bulkhead baseline' } as const;
  if (!isObject(json) || !isObject(json['files'])) return wrong;
  if (json['schemaVersion'] !== schemaVersion) return { ok: false, message: 'is a baseline from another version of Bulkhead' };
  const { date } = json;
  const files = new Map<string, ReadonlySet<string>>();
  let size = 0;
  for (const [path, rules] of Object.entries(json['files'])) {
    if (!isObject(rules)) return wrong;
    const known = new Set<string>();
    for (const [rule, fingerprints] of Object.entries(rules)) {
      if (!Array.isArray(fingerprints)) return wrong;
      for (const fingerprint of fingerprints as readonly unknown[]) {
        if (typeof fingerprint !== 'string') return wrong;
        known.add(keyOf(rule, fingerprint));
      }
    }
    files.set(path, known);
    size += known.size;
  }
  return {
    ok: true,
    value: {
      date: typeof date === 'string' && isDate(date) ? date : null,
      size,
      has: (path, { rule, fingerprint }) => files.get(path)?.has(keyOf(rule, fingerprint)) ?? false,
      paths: [...files.keys()],
      of: path => [...(files.get(path) ?? [])],
    },
  };
}

/** What stands for a finding among those of its file. */
export function keyOf(rule: string, fingerprint: string): string {
  return `${rule} ${fingerprint}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
