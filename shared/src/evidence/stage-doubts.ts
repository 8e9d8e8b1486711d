import { reason, type Reason } from '../base/terms/evidence';
import type { NamedValue } from '../knowledge/folders';
import { isWithinPath } from '../knowledge/host-paths';
import { besideDoubt } from '../workspace/left-out';
import { folderOf } from '../workspace/paths';
import { scriptDoubt } from '../workspace/script-facts';
import type { StageFact, WorkspaceIndex } from '../workspace/types';
import { stageWrites, type LaidOver } from './program/programs';
import { startedWords } from './program/started-command';
import type { Right } from './testimony';

/** What is built from a Dockerfile does, and what fewer rights may keep it from. */
interface StageDoubts {
  /** The folders that it writes to, as its Dockerfile and its program tell. */
  readonly folders: StageFact['folders'];
  /** The likeliest first. */
  readonly doubts: readonly { readonly reason: Reason; readonly against: readonly Right[] }[];
}

/** What the reading of programs says in its own words. */
export const observed = (seen: string | null): Reason | null => (seen === null ? null : reason('observed', { seen }));

/** Why a program that keeps files at home does not do with a read-only root file system; `null`: there is none. */
export const keptAtHome = (program: string | null): Reason | null =>
  program === null ? null : reason(/^(?:npx|bunx)$/.test(program) ? 'fetches-home' : 'keeps-home', { program });

/** What folders are called whose files are moved on once they are whole. */
const passing = /\/(?:te?mp|new|incoming|staging|partial|pending|queue|wip)$/;

/** Why volumes may not do for folders: a program moves files from one to the next to it, which would be a file system of its own. */
function nestedDoubt(folders: StageFact['folders']): Reason | null {
  const empty = folders.filter(({ filled }) => !filled);
  for (const { path } of empty) {
    const inner = empty.filter(each => each.path !== path && isWithinPath(each.path, path));
    const one = inner.find(each => passing.test(each.path));
    const other = inner.find(each => each !== one);
    if (one && other) return reason('moves-between', { from: one.path, to: other.path });
  }
  return null;
}

/** The same of folders beside each other, for a program that moves files by a call that no other file system answers. */
function siblingDoubt(folders: StageFact['folders']): Reason | null {
  const empty = folders.filter(({ filled }) => !filled);
  const one = empty.find(({ path }) => passing.test(path));
  const other = one && empty.find(({ path }) => path !== one.path && folderOf(path) === folderOf(one.path));
  return other ? reason('moves-beside', { from: one.path, to: other.path }) : null;
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
  const leftOut = run?.besideSources ? workspace.leftOutBeside(path) : null;
  const started = command && startedWords(command, environment);
  const written = stageWrites(stage, workspace, environment, laid, started);
  const { folders } = written;
  const kept = (started ? started.keeper : run?.keeper) ?? written.keeper;
  const seen: readonly (readonly [why: Reason | null, ...against: readonly Right[]])[] = [
    [started?.does == null ? null : reason('command-does', { does: started.does }), 'user', 'files'],
    [does && scriptDoubt(does), 'user', 'files', 'capabilities'],
    [leftOut && besideDoubt(leftOut.path, leftOut.file), 'user', 'files'],
    [observed(written.doubt), 'user', 'files'],
    [observed(written.unread), ...(written.isPlaced ? [] : ['user' as const]), 'files'],
    [nestedDoubt(folders), 'user', 'files'],
    [keptAtHome(kept) ?? (written.renames ? siblingDoubt(folders) : null), 'files'],
    // it takes capabilities unless it starts as another user
    [observed(written.asRoot), 'root-capabilities'],
  ];
  return { folders, doubts: seen.flatMap(([why, ...against]) => (why === null ? [] : { reason: why, against })) };
}
