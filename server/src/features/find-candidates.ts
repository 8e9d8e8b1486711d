import { isTestData } from '../../../shared/src/index';
import type { FindCandidatesParams, FindCandidatesResult } from '../../../shared/src/output/protocol/workspace';
import { candidates } from '../decisions/candidates';
import { relativePath } from '../lsp/uri';
import type { ServerContext } from '../session/context';

/** The files of a folder that may be ours; which of them are, and are not excluded, is known when they are read. Test data is left out, as by the command line. */
export async function findCandidates(
  { files, scopes }: Pick<ServerContext, 'files' | 'scopes'>,
  { folder, limit }: FindCandidatesParams,
): Promise<FindCandidatesResult> {
  const { uris, complete } = await files.find(folder, limit, candidates);
  const taken: string[] = [];
  for (const uri of uris) {
    const below = relativePath(folder, uri) ?? '';
    if (isTestData(below, below, null)) {
      const { path, configFile } = await scopes.resolve(uri);
      if (isTestData(below, path, configFile?.config ?? null)) continue;
    }
    taken.push(uri);
  }
  return { uris: taken.sort(), complete };
}
