import { isWithinPath } from '../../../knowledge/host-paths';
import type { Reason } from '../../../base/terms/evidence';
import { resolvePath } from '../../../base/text/path';
import type { BuildContext } from '../../../workspace/build-context';
import { besideDoubt, readLeftOut } from '../../../workspace/left-out';
import { chainInstructions } from './chain';
import { absolutePath, contextSources, workdirAt } from './files';
import type { Stage } from './types';

/** What the files around a Dockerfile tell of what its program writes beside itself. */
export interface WrittenBeside {
  /** Folders of the image, absolute. */
  readonly folders: readonly string[];
  /** What it writes without a folder of its own; `null`: nothing is seen. */
  readonly doubt: Reason | null;
}

/** Folders of what is installed: a volume keeps them out of the way of the host's. */
const installed = /\/(?:node_modules|vendor|\.venv|venv|bower_components|target|dist|build|\.next|\.git)(?:\/|$)/;

/**
 * What a stage's program writes beside itself, as the ignore files of its context and the volumes of its builds tell. Only where sources of the
 * context are in the image, and the folder is known that the program starts in.
 * @param mounts where volumes are mounted into its container; absolute
 */
export function writtenBeside(stage: Stage, context: BuildContext | null, mounts: readonly string[]): WrittenBeside {
  const workdir = startFolder(stage);
  if (workdir === null) return { folders: [], doubt: null };
  const folders = new Set(mounts.filter(path => path !== workdir && isWithinPath(path, workdir) && !installed.test(path)).map(resolvePath));
  let doubt: Reason | null = null;
  for (const file of [context?.untracked, context?.ignore]) {
    if (!file) continue;
    const leftOut = readLeftOut(file.text);
    for (const folder of leftOut.folders) folders.add(resolvePath(`${workdir}/${folder}`));
    if (leftOut.file !== null) doubt ??= besideDoubt(file.path, leftOut.file);
  }
  return { folders: [...folders].slice(0, most), doubt };
}

/** More folders than these are nobody's. */
const most = 10;

/** The folder that a program with its sources starts in; `null` where the stage copies none there, or the folder is not known. */
export function startFolder(stage: Stage): string | null {
  const workdir = stage.state.workdir?.value;
  if (workdir == null || workdir === '/') return null;
  const hasSources = chainInstructions(stage).some(instruction => {
    if (contextSources(instruction).length === 0) return false;
    const target = absolutePath(instruction.words.at(-1)!.text, workdirAt(instruction));
    return target !== null && (isWithinPath(target, workdir) || isWithinPath(workdir, target));
  });
  return hasSources ? resolvePath(workdir) : null;
}
