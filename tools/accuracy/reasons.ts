import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../rules/files';
import type { Row } from './rows';

/** Why we differ from a row and mean to: the peer errs; the matter is not ours; the catalogue's entry decides otherwise; we decided otherwise without it. */
export type ReasonKind = 'peer-bug' | 'out-of-scope' | 'catalogue' | 'deliberate';

/** The reason for one row, or for all whose id begins with what stands before a final `*`. */
export interface Reason {
  readonly row: string;
  readonly kind: ReasonKind;
  readonly reason: string;
  /** The words of the catalogue that decide it, where the reason rests on them. */
  readonly words?: string;
}

const folder = join(root, 'tools/accuracy/reasons');

/** Every listed reason, from `reasons/<family>/<rule>.json`. */
export function readReasons(): readonly Reason[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.json'))
    .flatMap(entry => JSON.parse(readFileSync(join(entry.parentPath, entry.name), 'utf8')) as readonly Reason[]);
}

/** The reason that holds for a row. */
export function reasonFor(reasons: readonly Reason[], row: Pick<Row, 'id'>): Reason | undefined {
  return reasons.find(({ row: id }) => (id.endsWith('*') ? row.id.startsWith(id.slice(0, -1)) : row.id === id));
}

/** Why rules stay in the default profile although they report in many well-kept images: rule to reason. */
export function readFrequent(): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(join(root, 'tools/accuracy/frequent.json'), 'utf8')) as Record<string, string>;
}
