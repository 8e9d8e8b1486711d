import type { Range } from '../../../base/text/range';
import type { Path, YamlEntry, YamlMap } from '../../../syntax/yaml/types';
import { mapOf, resolve, scalarOf, stringOf, valueRange } from '../../../syntax/yaml/values';

/** How much of a scope a token has. */
export type Level = 'none' | 'read' | 'write';

/** The scopes that `permissions` may name (docs.github.com, "Workflow syntax", 2026-08). */
export const scopes: readonly string[] = (
  'actions artifact-metadata attestations checks contents deployments discussions id-token issues models packages pages pull-requests ' +
  'repository-projects security-events statuses'
).split(' ');

/** A scope that is written in `permissions`. */
export interface ScopeEntry {
  readonly scope: string;
  readonly level: string;
  readonly entry: YamlEntry;
  /** Of key and value. */
  readonly range: Range;
}

/** A `permissions` of a workflow or a job. */
export interface Permissions {
  /** From the document's root to the value of `permissions`. */
  readonly path: Path;
  /** Of the value. */
  readonly range: Range;
  /** `read-all` or `write-all`, where one of them is all that is written; `null` for a map. */
  readonly all: 'read-all' | 'write-all' | null;
  readonly map: YamlMap | null;
  readonly scopes: readonly ScopeEntry[];
}

/** Reads a `permissions` at a path of the document; `null` where there is none, or nothing that says what the token may do. */
export function readPermissions(holder: YamlMap, holderPath: Path): Permissions | null {
  const node = resolve(holder.get('permissions'));
  if (!node) return null;
  const path = [...holderPath, 'permissions'];
  const map = mapOf(node);
  if (map) {
    const written = map.entries.flatMap(entry =>
      entry.key ? [{ scope: entry.name, level: stringOf(scalarOf(entry.value)) ?? '', entry, range: valueRange(entry) }] : [],
    );
    return { path, range: node.range, all: null, map, scopes: written };
  }
  const text = stringOf(node);
  if (text !== 'read-all' && text !== 'write-all') return null;
  return { path, range: node.range, all: text, map: null, scopes: [] };
}

/** What a token has of a scope under `permissions` that are written: what is not named there it has not. */
export function levelOf({ all, scopes: written }: Permissions, scope: string): Level {
  if (all === 'write-all') return 'write';
  if (all === 'read-all') return scope === 'id-token' ? 'none' : 'read';
  const level = written.findLast(entry => entry.scope === scope)?.level;
  return level === 'write' || level === 'read' ? level : 'none';
}
