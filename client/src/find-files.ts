import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { findCandidatesMethod, type FindCandidatesParams, type FindCandidatesResult } from '../../shared/src/output/protocol/workspace';

/** Files of the workspace that may be ours; `complete` is false where there are more, or some folder could not be searched to its end. */
export interface FoundCandidates {
  readonly uris: readonly vscode.Uri[];
  readonly complete: boolean;
}

/**
 * The files of all workspace folders that may be Dockerfiles or manifests, by their names, folder by folder. They are those that the command line finds: what
 * version control ignores and `node_modules` are left out. What settings and configurations exclude is still among them: only the server knows, by the file.
 * @param limit how many files are wanted
 * @param token ends the search between two folders; what was found is given
 */
export async function findCandidates(
  client: BaseLanguageClient,
  limit: number,
  token?: vscode.CancellationToken,
): Promise<FoundCandidates> {
  // folders of a workspace may lie in each other
  const found = new Map<string, vscode.Uri>();
  let complete = true;
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    if (token?.isCancellationRequested === true) return { uris: [...found.values()], complete: false };
    // one more, to know whether there is one more
    const params: FindCandidatesParams = { folder: client.code2ProtocolConverter.asUri(uri), limit: limit + 1 };
    const result = await client.sendRequest<FindCandidatesResult>(findCandidatesMethod, params);
    for (const address of result.uris) {
      const file = client.protocol2CodeConverter.asUri(address);
      if (!found.has(file.toString())) found.set(file.toString(), file);
    }
    complete &&= result.complete;
  }
  const uris = [...found.values()];
  return { uris: uris.slice(0, limit), complete: complete && uris.length <= limit };
}
