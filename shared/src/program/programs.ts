import { isSystemFolder, type NamedValue } from '../run-as/folders';
import { withoutScheme } from './expression';
import { isWithinPath } from '../knowledge/host-paths';
import { resolvePath } from '../text/path';
import type { ProgramWrite } from '../workspace/lone-facts';
import { folderOf, joinPath } from '../workspace/paths';
import type { StageStart } from '../workspace/stage-start';
import type { StageFact, WorkspaceIndex } from '../workspace/types';

/** A folder that the program of an image writes to, as its text tells. */
export interface ProgramFolder {
  /** Absolute, in the image. */
  readonly path: string;
  /** Whether the image has files there, or may have, which a mount would hide. */
  readonly filled: boolean;
}

/** What the program of an image writes. */
export interface ProgramWrites {
  readonly folders: readonly ProgramFolder[];
  /** What it does that no folder answers, as a sentence without a full stop: it writes beside its sources, or to a home directory; `null`: nothing is seen. */
  readonly doubt: string | null;
}

/** What a question about programs asks of an index. */
export type ProgramIndex = Pick<WorkspaceIndex, 'programAt' | 'isAbsent'>;

/** More files of one image are not asked for, and not read. */
const mostAsked = 60;
const mostRead = 20;

/** More folders of one image are not told. */
const mostFolders = 10;

/** Folders for everybody, and those that hold the ones of programs. */
const isElse = /^\/(?:(?:var\/)?tmp(?:\/.*)?|home|opt|srv|var|var\/lib|mnt|media)$/;

/** A program that was found, and where it is in the image. */
interface Found {
  readonly source: string;
  readonly image: string;
  readonly writes: readonly ProgramWrite[];
  readonly does: string | null;
}

/** The programs that an image starts, and the files of theirs that they use, as far as they lie in a folder. */
function programsIn(context: string, start: StageStart, index: ProgramIndex): readonly Found[] {
  const found: Found[] = [];
  const asked = new Set<string>();
  let queue = start.programs.map(({ source, image }) => ({ source: joinPath(context, source), image }));
  // what a program uses, and that in its turn
  for (let depth = 0; depth < 4 && queue.length > 0; depth++) {
    const next: typeof queue = [];
    for (const { source, image } of queue) {
      if (source === null || asked.has(source) || asked.size >= mostAsked || found.length >= mostRead) continue;
      asked.add(source);
      const fact = index.programAt(source);
      if (!fact) continue;
      found.push({ source, image, writes: fact.writes, does: fact.does });
      for (const used of fact.uses)
        next.push({ source: joinPath(folderOf(source), used), image: resolvePath(`${folderOf(image)}/${used}`) });
    }
    queue = next;
  }
  return found;
}

/** The folder of the image in which something is written; `null`: that depends on what nobody has set. */
function folderIn(write: ProgramWrite, base: string, value: string | undefined): string | null {
  const absolute = (path: string): string => resolvePath(path.startsWith('/') ? path : `${base}/${path}`);
  if (write.variable === null || value === undefined)
    return write.variable !== null && write.folder === '' && write.file === null ? null : absolute(write.folder);
  const named = withoutScheme(value);
  if (/^[\w+.-]+:/.test(named) || /[^\w./@+-]/.test(named) || named === '') return null;
  if (write.isFile) return folderOf(absolute(named)) || '/';
  return resolvePath(`${absolute(named)}/${write.rest}`);
}

/** Whether a path of the image may have files: something of the context is copied there, or the build may have made it. */
function isFilled(path: string, context: string, { copies, fills }: StageStart, index: ProgramIndex): boolean {
  return copies.some(({ from, to }) => {
    if (!isWithinPath(path, to)) return false;
    if (fills) return true;
    const source = joinPath(context, `${from}/${path.slice(to === '/' ? 0 : to.length)}`.replace(/\/{2,}/g, '/').replace(/^\//, ''));
    return source === null || !index.isAbsent(source);
  });
}

/**
 * What the program of an image writes, as the files of its build context tell: what it opens for writing or makes, by a path that is written down, the
 * default of a variable, or a variable that the image or its container sets.
 * @param dockerfile path in the index; the context is taken to be its folder, else one above in which a program is found
 * @param environment what is set from outside, over the image's own
 */
export function programWrites(
  start: StageStart | null,
  dockerfile: string,
  index: ProgramIndex,
  environment: readonly NamedValue[] = [],
): ProgramWrites {
  const folders = new Map<string, ProgramFolder>();
  let doubt: string | null = null;
  if (!start) return { folders: [], doubt };
  const valueOf = (name: string): string | null | undefined => {
    const set = environment.findLast(each => each.name === name);
    return set ? set.value : start.variables[name];
  };
  const own = folderOf(dockerfile);
  for (const context of new Set([own, folderOf(own), ''])) {
    const programs = programsIn(context, start, index);
    for (const program of programs) {
      const name = program.source.slice(program.source.lastIndexOf('/') + 1);
      if (program.does !== null) doubt ??= `its start script ${program.source} ${program.does}`;
      for (const write of program.writes) {
        const home = valueOf('HOME') ?? null;
        if (write.from === 'home' && home === null) {
          doubt ??= `${name} writes to the home directory of its user`;
          continue;
        }
        const base = write.from === 'home' ? home! : write.from === 'file' ? folderOf(program.image) || '/' : start.workdir;
        const value = write.variable === null ? undefined : valueOf(write.variable);
        const path = value === null ? null : folderIn(write, base, value);
        if (path === null || path === '/' || isSystemFolder(path) || isElse.test(path)) continue;
        if (programs.some(({ image }) => isWithinPath(image, path)) || isWithinPath(start.workdir, path))
          doubt ??= `${name} writes ${write.file || 'files'} beside its sources`;
        else if (folders.size < mostFolders) folders.set(path, { path, filled: isFilled(path, context, start, index) });
      }
    }
    if (programs.length > 0) break;
  }
  return { folders: [...folders.values()], doubt };
}

/** The folders that the image of a stage writes to, those that its Dockerfile tells and those that its program does; and what no folder answers. */
export function stageWrites(
  { run, path, folders }: StageFact,
  index: ProgramIndex,
  environment: readonly NamedValue[] = [],
): { readonly folders: StageFact['folders']; readonly doubt: string | null } {
  const written = programWrites(run?.start ?? null, path, index, environment);
  // of what a folder holds, the build context says more than the Dockerfile
  const known = folders.filter(folder => !written.folders.some(one => one.path === folder.path));
  return { folders: [...known, ...written.folders], doubt: written.doubt };
}
