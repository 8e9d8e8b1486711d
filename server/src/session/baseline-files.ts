import { type Baseline, parseBaseline } from '../../../shared/src/index';
import type { Unread } from '../documents/build-context';
import { maxSideBytes } from '../decisions/limits';
import type { WorkspaceFiles } from '../lsp/files';
import { baseName, joinUri, relativePath } from '../lsp/uri';

/** The baseline that a setting names, where it holds, or why it could not be read. */
export interface FoundBaseline {
  readonly baseline: Baseline | null;
  readonly unread: Unread | null;
}

const none: FoundBaseline = { baseline: null, unread: null };

/**
 * Reads the baseline that a user's setting names. What is in it is named by paths of its own project: it holds there and nowhere else, since another project has
 * a `Dockerfile` too.
 * @param named relative to the folder that the paths in a baseline are relative to; or absolute, or below the home folder (`~/`)
 * @param base that folder
 * @param home the user's home folder, where the host has one
 */
export async function readBaseline(
  named: string,
  base: string,
  { files, home }: { readonly files: WorkspaceFiles; readonly home: string | null },
): Promise<FoundBaseline> {
  const path = named.replaceAll('\\', '/').replace(/^[A-Za-z]:\//, drive => `/${drive.toLowerCase()}`);
  const isOwn = path.startsWith('/') || path.startsWith('~/');
  const uri = path.startsWith('~/') ? home && joinUri(home, path.slice(2)) : joinUri(base, path);
  if (uri === null || relativePath(base, uri) === null) return none;
  const read = await files.read(uri, { root: base, maxBytes: maxSideBytes });
  const unread = (problem: string): FoundBaseline => ({ baseline: null, unread: { name: baseName(uri), problem } });
  // a relative name is one for all projects, and most have no baseline
  if (read.text === null) return read.problem === null ? (isOwn ? unread('does not exist') : none) : unread(read.problem);
  const parsed = parseBaseline(read.text);
  return parsed.ok ? { baseline: parsed.value, unread: null } : unread(parsed.message);
}

/** Files that are watched, as a glob: a baseline of another name is read again once settings or configurations change. */
export const baselineGlob = '**/*baseline*.json';

/** Whether a change of this file may change what a baseline says. */
export function concernsBaselines(uri: string): boolean {
  const name = baseName(uri);
  return name.includes('baseline') && name.endsWith('.json');
}
