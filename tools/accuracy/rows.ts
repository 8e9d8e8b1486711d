import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpusFolder } from '../corpus-folder';

/** A case of a peer's own test suite: what the peer's rule says about a text. */
export interface Row {
  readonly id: string;
  readonly family: string;
  readonly peer: string;
  /** The peer's own id of the rule. */
  readonly rule: string;
  readonly expect: 'hit' | 'clean';
  readonly text: string;
  /** 1-based; `null` where the case has none. */
  readonly line: number | null;
  /** The catalogue's checks that the row is about, or rules of ours, where the row names them. */
  readonly checks: readonly string[];
  /** Everything else that the row says: its configuration, its marks. */
  readonly marks: Readonly<Record<string, unknown>>;
}

/** A row that shows what a peer's own fixing does: the text before and, for some, after. */
export interface FixRow {
  readonly id: string;
  readonly peer: string;
  readonly rule: string;
  readonly checks: readonly string[];
  readonly before: string;
  readonly after: string | null;
  readonly marks: Readonly<Record<string, unknown>>;
}

const sources: readonly (readonly [string, string])[] = [
  ['dockerfile', 'hadolint'],
  ['dockerfile', 'buildkit'],
  ['dockerfile', 'trivy'],
  ['dockerfile', 'tally'],
  ['kubernetes', 'trivy'],
  ['kubernetes', 'kube-linter'],
  ['kubernetes', 'kube-score'],
  ['kubernetes', 'polaris'],
  ['kubernetes', 'kubeaudit'],
  ['compose', 'dclint'],
  ['compose', 'semgrep'],
  ['workflow', 'zizmor'],
  ['workflow', 'actionlint'],
  ['workflow', 'poutine'],
  ['workflow', 'checkov'],
  ['workflow', 'semgrep'],
  ['gitlab', 'glsec'],
  ['policy', 'policy-controller'],
];

/** The lines of a JSON Lines file of the corpus; none where it is absent. */
export function readJsonLines(path: string): readonly Readonly<Record<string, unknown>>[] {
  const file = join(corpusFolder, 'corpus', path);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter(line => line !== '').map(line => JSON.parse(line) as Record<string, unknown>);
}

const strings = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === 'string');

/** All rows that carry a verdict. */
export function readRows(): readonly Row[] {
  return sources.flatMap(([family, peer]) =>
    readJsonLines(`${family}/${peer}.jsonl`).flatMap(raw => {
      const { id, rule, expect, text, line, check, ...marks } = raw;
      if ((expect !== 'hit' && expect !== 'clean') || typeof text !== 'string') return [];
      return [
        {
          id: String(id),
          family,
          peer,
          rule: String(rule),
          expect,
          text,
          // checkov calls the whole of a file line 0
          line: typeof line === 'number' && line > 0 ? line : null,
          checks: strings(check),
          marks,
        },
      ];
    }),
  );
}

/** The rows about the peers' own fixing of manifests. */
export function readFixRows(): readonly FixRow[] {
  return ['polaris', 'kubeaudit'].flatMap(peer =>
    readJsonLines(`kubernetes/${peer}.jsonl`).flatMap(raw => {
      const { id, rule, before, after, check, ...marks } = raw;
      if (typeof before !== 'string') return [];
      return [
        {
          id: String(id),
          peer,
          rule: String(rule),
          checks: strings(check),
          before,
          after: typeof after === 'string' ? after : null,
          marks,
        },
      ];
    }),
  );
}
