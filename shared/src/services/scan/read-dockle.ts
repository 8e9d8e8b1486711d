import type { ImageCheck, ScanReport } from './types';
import { at, itemsOf, textOf } from './values';

/** What only the built image shows; the rest of Dockle's codes is what our rules see in the Dockerfile. */
const seenInImages: ReadonlySet<string> = new Set(['CIS-DI-0008', 'CIS-DI-0010', 'DKL-LI-0001', 'DKL-LI-0002', 'DKL-LI-0003']);
const levels = ['fatal', 'warn', 'info'] as const;
const mostChecks = 100;

/**
 * Reads the JSON of `dockle -f json`. Its alerts may quote what they warn of, so that only their number is kept. `null`: it is no such report.
 * Codes and levels: Dockle's CHECKPOINT.md.
 */
export function readDockle(json: unknown): ScanReport | null {
  if (typeof at(json, 'summary', 'fatal') !== 'number') return null;
  const artifact = textOf(at(json, 'image')) ?? '';
  const checks = itemsOf(at(json, 'details')).flatMap((entry): ImageCheck | [] => {
    const code = textOf(at(entry, 'code'));
    const said = textOf(at(entry, 'level'))?.toLowerCase();
    const level = levels.find(known => known === said);
    if (code === null || level === undefined || !seenInImages.has(code)) return [];
    return { code, title: textOf(at(entry, 'title')) ?? code, level, count: itemsOf(at(entry, 'alerts')).length };
  });
  return {
    scanner: 'dockle',
    version: null,
    artifact,
    names: [],
    digest: null,
    architecture: null,
    os: null,
    vulnerabilities: [],
    hidden: [],
    checks: checks.slice(0, mostChecks),
    secrets: 0,
    databaseAt: null,
    cut: checks.length > mostChecks,
  };
}
