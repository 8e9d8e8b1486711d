import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The binary that test/oracle/buildkit builds; see its README. */
const oracle = process.env['BULKHEAD_BUILDKIT_ORACLE'] ?? '';

/** Whether BuildKit's parser is there to be asked. */
export const hasBuildkit = oracle !== '' && existsSync(oracle);

/** What a test says that cannot ask it. */
export const noBuildkit = (what: string): string => `skipped: ${what} needs BULKHEAD_BUILDKIT_ORACLE (test/oracle/buildkit)`;

/** An instruction as BuildKit reads it. */
export interface OracleNode {
  readonly keyword: string;
  readonly start: number;
  readonly end: number;
  readonly original: string;
  readonly flags: readonly string[] | null;
  readonly args: readonly string[];
  readonly json: boolean;
  readonly heredocs: readonly { name: string; expand: boolean; chomp: boolean; content: string }[] | null;
  /** Names and values of ENV and LABEL by turns, expanded with what was set before; the author of MAINTAINER. */
  readonly values?: readonly string[] | null;
  readonly error: string;
}

/** A file as BuildKit reads it. */
export interface OracleFile {
  readonly file: string;
  readonly error: string;
  readonly nodes: readonly OracleNode[] | null;
}

/** What BuildKit makes of Dockerfiles, in their order. */
export function askBuildkit(texts: readonly string[]): readonly OracleFile[] {
  const folder = mkdtempSync(join(tmpdir(), 'buildkit-'));
  try {
    const files = texts.map((text, i) => {
      const file = join(folder, `${i}`);
      writeFileSync(file, text);
      return file;
    });
    const { stdout } = spawnSync(oracle, { input: `${files.join('\n')}\n`, encoding: 'utf8', maxBuffer: 1 << 30 });
    return stdout
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line) as OracleFile);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Why BuildKit refuses a file; none where it takes it. */
export function refusalsOf({ error, nodes }: OracleFile): readonly string[] {
  return [error, ...(nodes ?? []).map(node => node.error)].filter(text => text !== '');
}
