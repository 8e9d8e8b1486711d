import { isWithinPath } from '../../knowledge/host-paths';
import type { NamedValue } from '../../knowledge/folders';
import { besideDoubt } from '../../workspace/left-out';
import { folderOf } from '../../workspace/paths';
import { scriptDoubt } from '../../workspace/script-facts';
import type { StageFact, WorkspaceIndex } from '../../workspace/types';
import { stageWrites, type LaidOver } from './programs';
import { startedWords } from './started-command';

/** What what is built from a Dockerfile does that fewer rights may keep it from; reasons are sentences without a full stop, the likeliest first. */
export interface StageDoubts {
  /** The folders that it writes to, as its Dockerfile and its program tell. */
  readonly folders: StageFact['folders'];
  /** What its start script does as root; `null`: nothing is seen, or another command starts. */
  readonly script: string | null;
  /** What its configurations have it do as root alone: it takes capabilities unless it starts as another user; `null`: nothing is seen. */
  readonly asRoot: string | null;
  /** What it does that takes another user, or that a read-only root file system would not let it do: the script's doings among them. */
  readonly all: readonly string[];
  /** What only a read-only root file system would not let it do; `null`: nothing is seen. */
  readonly readOnly: string | null;
}

/** Why a program that keeps files at home does not do with a read-only root file system; `null`: there is none. */
export const keptAtHome = (keeper: string | null): string | null =>
  keeper === null
    ? null
    : /^(?:npx|bunx)$/.test(keeper)
      ? `${keeper} may fetch what it starts into the home directory of its user`
      : `${keeper} keeps files in the home directory of its user`;

/** What folders are called whose files are moved on once they are whole. */
const passing = /\/(?:te?mp|new|incoming|staging|partial|pending|queue|wip)$/;

/** Why volumes may not do for folders: a program moves files from one to the next to it, which would be a file system of its own. */
function nestedDoubt(folders: StageFact['folders']): string | null {
  const empty = folders.filter(({ filled }) => !filled);
  for (const { path } of empty) {
    const inner = empty.filter(each => each.path !== path && isWithinPath(each.path, path));
    const one = inner.find(each => passing.test(each.path));
    const other = inner.find(each => each !== one);
    if (one && other) return `it may move files between ${one.path} and ${other.path}, which would be volumes of their own`;
  }
  return null;
}

/** The same of folders beside each other, for a program that moves files by a call that no other file system answers. */
function siblingDoubt(folders: StageFact['folders']): string | null {
  const empty = folders.filter(({ filled }) => !filled);
  const one = empty.find(({ path }) => passing.test(path));
  const other = one && empty.find(({ path }) => path !== one.path && folderOf(path) === folderOf(one.path));
  return other ? `it may move files from ${one.path} to ${other.path}, which would be a volume of its own` : null;
}

/**
 * What the Dockerfile of an image, the files around it and its program tell against fewer rights than it has.
 * @param environment what is set from outside, over the image's own
 * @param command what is started from outside in place of the image's own command; `null`: nothing
 * @param laid what is laid over files of the image from outside
 */
export function stageDoubts(
  stage: StageFact,
  workspace: WorkspaceIndex,
  environment: readonly NamedValue[],
  command: readonly string[] | null,
  laid?: LaidOver,
): StageDoubts {
  const { run, path } = stage;
  const does = run?.script != null && command === null ? workspace.scriptIn(folderOf(path), run.script) : null;
  const script = does && scriptDoubt(does);
  const leftOut = run?.besideSources ? workspace.leftOutBeside(path) : null;
  const beside = leftOut && besideDoubt(leftOut.path, leftOut.file);
  const started = command && startedWords(command, environment);
  const { folders, doubt: program, asRoot, keeper, renames } = stageWrites(stage, workspace, environment, laid, started);
  const own = started?.does == null ? null : `its command ${started.does}`;
  const kept = (started ? started.keeper : run?.keeper) ?? keeper;
  return {
    folders,
    script,
    asRoot,
    all: [own, script, beside, program, nestedDoubt(folders)].filter(doubt => doubt !== null),
    readOnly: keptAtHome(kept) ?? (renames ? siblingDoubt(folders) : null),
  };
}
