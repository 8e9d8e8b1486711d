import type { FindCandidatesParams, FindCandidatesResult } from '../../../shared/src/output/protocol/workspace';
import { candidates } from '../decisions/candidates';
import type { ServerContext } from '../session/context';

/** The files of a folder that may be ours; which of them are, and are not excluded, is known when they are read. */
export async function findCandidates(
  { files }: Pick<ServerContext, 'files'>,
  { folder, limit }: FindCandidatesParams,
): Promise<FindCandidatesResult> {
  const { uris, complete } = await files.find(folder, limit, candidates);
  return { uris: [...uris].sort(), complete };
}
