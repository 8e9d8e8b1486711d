import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { stageWrites } from '../../../shared/src/evidence/program/programs';
import { createIndexOnDemand } from '../../../shared/src/workspace/index-on-demand';
import { keepsFolder, mayHaveFacts } from '../../../shared/src/workspace/paths';
import type { WorkspaceIndex } from '../../../shared/src/workspace/types';
import { plainContext } from '../../../tools/lint-context';

/** All rules. */
export const engine = createEngine(rules);

/** The files of a repository, by path. */
export type Files = Readonly<Record<string, string>>;

/** An index that is told of Dockerfiles and YAML, and reads programs when an image starts them. */
export function indexOf(files: Files): WorkspaceIndex {
  const paths = Object.keys(files);
  return createIndexOnDemand({
    files: () => ({ paths: paths.filter(path => mayHaveFacts(path.slice(path.lastIndexOf('/') + 1))), complete: true }),
    text: path => files[path] ?? null,
    program: path => files[path] ?? null,
    holds: path => paths.some(one => one === path || (one.startsWith(`${path}/`) && !keepsFolder(one.slice(path.length + 1)))),
    facts: (path, text) => engine.open({ path, text }).facts(),
  }).index;
}

/** `path`, or `path (filled)`, of what the last stage of `Dockerfile` writes; behind it what it writes next to its sources. */
export function written(files: Files): readonly string[] {
  const path = Object.keys(files).find(one => one.endsWith('Dockerfile'))!;
  const index = indexOf(files);
  const stage = index.stageOf(path, null)!;
  const { folders, doubt, unread } = stageWrites(stage, index);
  return [...folders.map(one => one.path + (one.filled ? ' (filled)' : '')), ...[doubt ?? unread].filter(each => each !== null)];
}

/** What harden makes of one of them. */
export const hardened = (path: string, files: Files): string =>
  engine.open({ path, text: files[path]! }).harden({ ...plainContext(), workspace: indexOf(files) }).text;

/** A Dockerfile of Python. */
export const python = (...lines: readonly string[]): string => ['FROM python:3.13-slim', 'WORKDIR /app', ...lines, ''].join('\n');
/** A program that makes a folder. */
export const makes = "import os\nos.makedirs('spool', exist_ok=True)\n";

const starters: readonly (readonly [file: RegExp, program: string])[] = [
  [/\.py$/, 'python'],
  [/\.[cm]?[jt]sx?$/, 'node'],
  [/\.rb$/, 'ruby'],
  [/\.php$/, 'php'],
  [/\.pl$/, 'perl'],
];

/** What a program of one file writes that an image starts in /app, `~` in front where that is below the home directory of its user, and what is asked of it. */
export function writtenBy(path: string, lines: readonly string[], more: Files = {}): readonly string[] {
  const [, program] = starters.find(([file]) => file.test(path)) ?? [];
  const Dockerfile = `FROM example.com/base\nWORKDIR /app\nCOPY . .\nCMD [${program ? `"${program}", ` : ''}"${path}"]\n`;
  return written({ Dockerfile, [path]: lines.join('\n'), ...more });
}
