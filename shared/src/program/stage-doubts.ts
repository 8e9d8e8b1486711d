import type { NamedValue } from '../run-as/folders';
import { besideDoubt } from '../workspace/left-out';
import { folderOf } from '../workspace/paths';
import { scriptDoubt } from '../workspace/script-facts';
import type { StageFact, WorkspaceIndex } from '../workspace/types';
import { stageWrites } from './programs';

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
}

/**
 * What the Dockerfile of an image, the files around it and its program tell against fewer rights than it has.
 * @param environment what is set from outside, over the image's own
 * @param isReplaced whether a command from outside starts in place of the image's own
 */
export function stageDoubts(
  stage: StageFact,
  workspace: WorkspaceIndex,
  environment: readonly NamedValue[],
  isReplaced: boolean,
): StageDoubts {
  const { run, path } = stage;
  const does = run?.script != null && !isReplaced ? workspace.scriptIn(folderOf(path), run.script) : null;
  const script = does && scriptDoubt(does);
  const leftOut = run?.besideSources ? workspace.leftOutBeside(path) : null;
  const beside = leftOut && besideDoubt(leftOut.path, leftOut.file);
  const { folders, doubt: program, asRoot } = stageWrites(stage, workspace, environment);
  return { folders, script, asRoot, all: [...(run?.doubts ?? []), script, beside, program].filter(doubt => doubt !== null) };
}
