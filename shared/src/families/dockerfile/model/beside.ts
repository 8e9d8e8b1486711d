import { isWithinPath } from '../../../knowledge/host-paths';
import { resolvePath } from '../../../text/path';
import type { BuildContext } from '../../../workspace/build-context';
import { chainInstructions } from './chain';
import { absolutePath, contextSources, workdirAt } from './files';
import type { Stage } from './types';

/** What the files around a Dockerfile tell of what its program writes beside itself. */
export interface WrittenBeside {
  /** Folders of the image, absolute. */
  readonly folders: readonly string[];
  /** What it writes without a folder of its own, as a sentence without a full stop; `null`: nothing is seen. */
  readonly doubt: string | null;
}

/** What folders are called that a program fills while it runs; those that a build fills are none. */
const telling =
  /^(?:\.?cache|data|db|database|files|instance|logs?|media|outputs?|reports?|run|sessions?|spool|storage|te?mp|uploads?|var)$/i;

/** Whether the last part of a path is what folders are called that a program fills while it runs. */
export function isFilledAtRun(path: string): boolean {
  return telling.test(path.slice(path.lastIndexOf('/') + 1));
}

/** Files that a program keeps beside itself: databases and logs, not those of package managers. */
const kept = /^(?!(?:npm|yarn|pnpm|lerna)-)(?:\*|[\w-]+)\.(?:db|sqlite3?|rdb|log)$/;

/** What an ignore file holds that was taken from a collection, whatever the program does; and what is of no meaning then. */
const collected = /^(?:npm-debug\.log\*?|\*\.py\[co\w*\]|pip-log\.txt|hs_err_pid\*)\s*$/m;
const usual = /^(?:logs?|\.cache|\.?te?mp|instance|\*\.log|db\.sqlite3)$/;

/** Folders of what is installed: a volume keeps them out of the way of the host's. */
const installed = /\/(?:node_modules|vendor|\.venv|venv|bower_components|target|dist|build|\.next|\.git)(?:\/|$)/;

/** A line of an ignore file that names one folder or file, without the marks around it: `/log/*`, `**` before a slash. */
const plain = /^(?:\*\*\/|\.?\/)?((?:[\w.-]+\/){0,2})(\*\.\w+|[\w.-]+)(?:\/\*{0,2}|\/\*\.\w+)?$/;

/**
 * What a stage's program writes beside itself, as the ignore files of its context and the volumes of its builds tell. Only where sources of the
 * context are in the image, and the folder is known that the program starts in.
 * @param mounts where volumes are mounted into its container; absolute
 */
export function writtenBeside(stage: Stage, context: BuildContext | null, mounts: readonly string[]): WrittenBeside {
  const workdir = startFolder(stage);
  if (workdir === null) return { folders: [], doubt: null };
  const folders = new Set(mounts.filter(path => path !== workdir && isWithinPath(path, workdir) && !installed.test(path)).map(resolvePath));
  let doubt: string | null = null;
  for (const file of [context?.untracked, context?.ignore]) {
    if (!file) continue;
    const isCollected = collected.test(file.text);
    for (const line of file.text.split(/\r?\n/)) {
      const [, before = '', last = ''] = plain.exec(line.trim()) ?? [];
      if (last === '' || line.startsWith('#') || (isCollected && before === '' && usual.test(last))) continue;
      if (telling.test(last)) folders.add(resolvePath(`${workdir}/${before}${last}`));
      else if (kept.test(last) && before !== '') {
        if (telling.test(before.slice(0, -1))) folders.add(resolvePath(`${workdir}/${before}`));
      } else if (kept.test(last)) doubt ??= `it writes beside its sources what ${file.path} leaves out: ${last}`;
    }
  }
  return { folders: [...folders].slice(0, most), doubt };
}

/** More folders than these are nobody's. */
const most = 10;

/** The folder that a program with its sources starts in; `null` where the stage copies none there, or the folder is not known. */
function startFolder(stage: Stage): string | null {
  const workdir = stage.state.workdir?.value;
  if (workdir == null || workdir === '/') return null;
  const hasSources = chainInstructions(stage).some(instruction => {
    if (contextSources(instruction).length === 0) return false;
    const target = absolutePath(instruction.words.at(-1)!.text, workdirAt(instruction));
    return target !== null && (isWithinPath(target, workdir) || isWithinPath(workdir, target));
  });
  return hasSources ? resolvePath(workdir) : null;
}
