import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  findFilesMethod,
  readFileMethod,
  type FindFilesParams,
  type FindFilesResult,
  type ReadFileParams,
  type ReadFileResult,
} from '../../shared/src/output/protocol/messages';

/** Lets the server read files through the editor, so that it works in folders that are on no disk (github.dev, a remote repository). */
export function answerFileRequests(client: BaseLanguageClient): vscode.Disposable {
  return vscode.Disposable.from(
    client.onRequest(readFileMethod, (params: ReadFileParams) => readFile(params)),
    client.onRequest(findFilesMethod, (params: FindFilesParams, token: vscode.CancellationToken) => findFiles(params, token)),
  );
}

/** Only files, only so many bytes, and no links: where they lead is not known here, and it may be out of the folder. */
async function readFile({ uri, maxBytes }: ReadFileParams): Promise<ReadFileResult> {
  const target = vscode.Uri.parse(uri, true);
  try {
    const { type, size } = await vscode.workspace.fs.stat(target);
    if (type !== vscode.FileType.File) return { text: null, problem: type & vscode.FileType.SymbolicLink ? 'is a link' : 'is not a file' };
    if (size > maxBytes) return { text: null, problem: 'is too large to read' };
    const bytes = await vscode.workspace.fs.readFile(target);
    // what the file system says of the size is not always true
    if (bytes.byteLength > maxBytes) return { text: null, problem: 'is too large to read' };
    return decode(bytes);
  } catch {
    return { text: null };
  }
}

function decode(bytes: Uint8Array): ReadFileResult {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { text: null, problem: 'is not valid UTF-8' };
  }
}

async function findFiles({ folder, names, limit }: FindFilesParams, token: vscode.CancellationToken): Promise<FindFilesResult> {
  const [only, ...more] = names;
  if (only === undefined) return { uris: [] };
  const glob = more.length === 0 ? `**/${only}` : `**/{${names.join(',')}}`;
  const pattern = new vscode.RelativePattern(vscode.Uri.parse(folder, true), glob);
  const found = await vscode.workspace.findFiles(pattern, '**/{node_modules,.git}/**', limit, token);
  return { uris: found.map(uri => uri.toString()) };
}
